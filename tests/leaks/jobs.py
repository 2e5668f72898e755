"""The rows of what happens behind the pages: tasks, with the numbers they take, and mails, with what they print."""

TASKS: dict[str, frozenset[str]] = {
    "access.sweep_changes": frozenset(),
    "billing.gifts_due": frozenset(),
    "billing.process_event": frozenset({"event_id"}),
    "billing.reconcile": frozenset(),
    "billing.reconcile_objects": frozenset(),
    "billing.send_outbox": frozenset({"call_id"}),
    "billing.sweep_inbox": frozenset(),
    "billing.sweep_outbox": frozenset(),
    "billing.sync": frozenset({"account_id"}),
    "content.publish_due": frozenset(),
    "content.publish_scheduled": frozenset({"schedule_id"}),
    "core.send_mail": frozenset({"message_id"}),
    "core.sweep_mail": frozenset(),
    "licensing.delete_files": frozenset({"takedown_id"}),
    "licensing.erase_person": frozenset({"request_id"}),
    "licensing.move_in": frozenset({"batch_id"}),
    "licensing.sweep_erasure": frozenset(),
    "licensing.sweep_move_in": frozenset(),
    "licensing.activate_quote": frozenset({"quote_id"}),
    "licensing.contract_due": frozenset({"contract_id"}),
    "licensing.contracts_due": frozenset(),
    "licensing.sweep_trials": frozenset(),
    "licensing.trial_notice": frozenset({"trial_id"}),
    "licensing.trial_summary": frozenset({"trial_id"}),
    "sandbox.deliver": frozenset(),
    "sandbox.sweep": frozenset(),
    "wire.restamp": frozenset({"product_id"}),
    "wire.sweep_stamps": frozenset(),
}
EVERY_MAIL = {"base_url", "site_name"}
OF_A_SUBSCRIPTION = EVERY_MAIL | {"account_url", "date", "ends_at", "name", "plan"}
OF_A_CONTRACT = EVERY_MAIL | {"date", "days", "ends", "name", "notice_by", "number", "organisation", "renews", "url"}
OF_A_GIFT = EVERY_MAIL | {"code", "giver", "message", "months", "name", "plan", "redeem_url"}
MAILS: dict[str, set[str]] = {
    "account_account_already_exists": EVERY_MAIL | {"password_reset_url"},
    "account_email_confirmation": EVERY_MAIL | {"activate_url"},
    "account_email_confirmation_signup": EVERY_MAIL | {"activate_url"},
    "account_password_reset_key": EVERY_MAIL | {"password_reset_url"},
    "account_unknown_account": EVERY_MAIL | {"signup_url"},
    "organisation_invitation": EVERY_MAIL | {"accept_url", "date", "expires_at", "inviter", "organisation"},
    "organisation_request": EVERY_MAIL | {"email", "name", "note", "organisation", "requests_url", "who"},
    "organisation_request_decided": EVERY_MAIL | {"granted", "name", "organisation", "organisation_url"},
    "contract_deletion": EVERY_MAIL
    | {"again", "date", "due_on", "ended", "last", "name", "number", "organisation", "url"},
    "contract_ending": OF_A_CONTRACT | {"in_time"},
    "contract_ending_manager": OF_A_CONTRACT | {"last"},
    "personal_data": EVERY_MAIL | {"name", "url"},
    "person_merger": EVERY_MAIL | {"confirm_url", "email", "keep", "name", "other"},
    "enquiry_new": EVERY_MAIL | {"country", "email", "lead_url", "message", "name", "organisation"},
    "enquiry_received": EVERY_MAIL | {"name", "organisation"},
    "gift_bought": EVERY_MAIL | {"date", "day", "months", "name", "plan", "purchases_url", "recipient", "send_on"},
    "gift_received": OF_A_GIFT,
    "gift_reminder": OF_A_GIFT,
    "story_licensed": EVERY_MAIL | {"headline", "name", "purchase_url", "story_url"},
    "payment_failed": OF_A_SUBSCRIPTION,
    "quote_accepted": EVERY_MAIL
    | {"accepted_at", "date", "digest", "name", "number", "offer_url", "organisation_url", "password_url"},
    "quote_answered": EVERY_MAIL | {"accepted", "customer", "name", "number", "quote_url", "reason"},
    "quote_sent": EVERY_MAIL | {"customer", "date", "intro", "manager", "name", "number", "offer_url", "valid_until"},
    "quote_waiting": EVERY_MAIL | {"customer", "quote_url", "seller"},
    "receipt": EVERY_MAIL | {"amount", "date", "invoices_url", "lines", "name", "number", "paid_at", "total"},
    "subscription_cancelled": OF_A_SUBSCRIPTION,
    "subscription_ended": OF_A_SUBSCRIPTION - {"account_url"} | {"pricing_url"},
    "trial_ended": EVERY_MAIL | {"desks", "lead_url", "organisation", "people", "stories"},
    "trial_ending": EVERY_MAIL | {"contact_url", "date", "ends_at", "name", "organisation"},
    "trial_started": EVERY_MAIL | {"date", "ends_at", "name", "organisation", "password_url"},
    "subscription_started": OF_A_SUBSCRIPTION - {"date", "ends_at"}
    | {"amount", "interval", "price", "renews", "renews_at", "date"},
}
"""No mail tells of a story yet: each prints these words of its context and no other."""

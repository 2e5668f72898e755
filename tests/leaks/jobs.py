"""The rows of what happens behind the pages: tasks, with the numbers they take, and mails, with what they print."""

TASKS: dict[str, frozenset[str]] = {
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
    "sandbox.deliver": frozenset(),
    "sandbox.sweep": frozenset(),
    "wire.restamp": frozenset({"product_id"}),
}
EVERY_MAIL = {"base_url", "site_name"}
OF_A_SUBSCRIPTION = EVERY_MAIL | {"account_url", "date", "ends_at", "name", "plan"}
MAILS: dict[str, set[str]] = {
    "account_account_already_exists": EVERY_MAIL | {"password_reset_url"},
    "account_email_confirmation": EVERY_MAIL | {"activate_url"},
    "account_email_confirmation_signup": EVERY_MAIL | {"activate_url"},
    "account_password_reset_key": EVERY_MAIL | {"password_reset_url"},
    "account_unknown_account": EVERY_MAIL | {"signup_url"},
    "payment_failed": OF_A_SUBSCRIPTION,
    "receipt": EVERY_MAIL | {"amount", "date", "invoices_url", "lines", "name", "number", "paid_at", "total"},
    "subscription_cancelled": OF_A_SUBSCRIPTION,
    "subscription_ended": OF_A_SUBSCRIPTION - {"account_url"} | {"pricing_url"},
    "subscription_started": OF_A_SUBSCRIPTION - {"date", "ends_at"}
    | {"amount", "interval", "price", "renews", "renews_at", "date"},
}
"""No mail tells of a story yet: each prints these words of its context and no other."""

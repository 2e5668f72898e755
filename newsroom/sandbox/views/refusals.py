"""What Stripe says of a card, in the reader's language. The API says it in English, as Stripe's does."""

from django.utils.translation import gettext as _

from newsroom.sandbox.engine.errors import StripeError


def said(error: StripeError) -> str:
    """The words for a page; those of the API where none are known."""
    words = {
        "card_declined": _("Your card was declined."),
        "insufficient_funds": _("Your card has insufficient funds."),
        "expired_card": _("Your card has expired."),
        "incorrect_cvc": _("Your card's security code is incorrect."),
        "incorrect_number": _("Your card number is incorrect."),
        "processing_error": _("An error occurred while processing your card. Try again in a little bit."),
        "test_mode_live_card": _("Use one of the test cards, not a real one."),
        "payment_intent_authentication_failure": _(
            "Your bank did not confirm the payment. Choose another card and try again."
        ),
        "invoice_payment_intent_requires_action": _(
            "Your bank wants to confirm this payment. Open the invoice to pay it."
        ),
        "invoice_no_payment_method_types": _("No card is saved."),
        "resource_missing": _("This is not there."),
        "portal_session_expired": _("This link has expired"),
    }
    return words.get(error.error.get("decline_code", ""), words.get(error.error.get("code", ""), str(error)))

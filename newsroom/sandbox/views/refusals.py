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
        "promotion_code_invalid": _("This code is invalid."),
        "promotion_code_inactive": _("This code is no longer valid."),
        "promotion_code_expired": _("This code has expired."),
        "coupon_expired": _("This code has expired."),
        "coupon_currency_mismatch": _("This code cannot be used in this currency."),
        "promotion_code_used_up": _("This code has already been used."),
        "promotion_code_customer_mismatch": _("This code belongs to somebody else."),
        "promotion_code_customer_not_first_time": _("This code is for first purchases only."),
        "promotion_code_minimum_amount_not_met": _("This order is too small for this code."),
        "portal_session_expired": _("This link has expired"),
    }
    return words.get(error.error.get("decline_code", ""), words.get(error.error.get("code", ""), str(error)))

"""The test cards: https://docs.stripe.com/testing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    number: str
    brand: str = "visa"
    alias: str = ""
    decline: str = ""  # the decline code of every charge
    attaches: bool = True  # may be saved although charges fail
    challenge: str = ""  # "always" asks for 3-D Secure each time; "setup" only until it was set up for off-session use
    dispute: str = ""  # the reason for which each charge is disputed at once
    inquiry: bool = False  # the bank only asks, and takes nothing yet
    refund: str = ""  # "pending": settled later; "fails": taken back later

    @property
    def last4(self) -> str:
        return self.number[-4:]


_ALL = (
    Card("4242424242424242", alias="pm_card_visa"),
    Card("5555555555554444", "mastercard", "pm_card_mastercard"),
    Card("378282246310005", "amex", "pm_card_amex"),
    Card("4000000000000002", alias="pm_card_visa_chargeDeclined", decline="generic_decline", attaches=False),
    Card(
        "4000000000009995",
        alias="pm_card_visa_chargeDeclinedInsufficientFunds",
        decline="insufficient_funds",
        attaches=False,
    ),
    Card("4000000000009987", alias="pm_card_visa_chargeDeclinedLostCard", decline="lost_card", attaches=False),
    Card("4000000000009979", alias="pm_card_visa_chargeDeclinedStolenCard", decline="stolen_card", attaches=False),
    Card("4000000000000069", alias="pm_card_chargeDeclinedExpiredCard", decline="expired_card", attaches=False),
    Card("4000000000000127", alias="pm_card_chargeDeclinedIncorrectCvc", decline="incorrect_cvc", attaches=False),
    Card("4000000000000119", alias="pm_card_chargeDeclinedProcessingError", decline="processing_error", attaches=False),
    Card("4000000000000341", alias="pm_card_chargeCustomerFail", decline="generic_decline"),
    Card("4000002500003155", alias="pm_card_authenticationRequiredOnSetup", challenge="setup"),
    Card("4000002760003184", alias="pm_card_authenticationRequired", challenge="always"),
    Card(
        "4000008260003178",
        alias="pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
        challenge="setup",
        decline="insufficient_funds",
    ),
    Card("4000000000000259", alias="pm_card_createDispute", dispute="fraudulent"),
    Card("4000000000002685", alias="pm_card_createDisputeProductNotReceived", dispute="product_not_received"),
    Card("4000000000001976", alias="pm_card_createDisputeInquiry", dispute="fraudulent", inquiry=True),
    Card("4000000000007726", alias="pm_card_pendingRefund", refund="pending"),
    Card("4000000000005126", alias="pm_card_refundFail", refund="fails"),
)
BY_NUMBER = {card.number: card for card in _ALL}
BY_ALIAS = {card.alias: card for card in _ALL} | {
    "tok_visa": _ALL[0],
    "tok_mastercard": _ALL[1],
    "tok_chargeDeclined": _ALL[3],
    "tok_chargeCustomerFail": _ALL[10],
}

MESSAGES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "lost_card": "Your card was declined.",
    "stolen_card": "Your card was declined.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
}
OWN_CODE = {"expired_card", "incorrect_cvc", "processing_error"}


def error_code(decline_code: str) -> str:
    """The error's `code`: a few declines have their own, the others are card_declined."""
    return (
        decline_code
        if decline_code in OWN_CODE
        else "authentication_required"
        if decline_code == "authentication_required"
        else "card_declined"
    )


def luhn(number: str) -> bool:
    """The check digit agrees."""
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(digit * 2, 10)) for digit in digits[1::2])) % 10 == 0

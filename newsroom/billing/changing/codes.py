"""A promotion code on a running subscription. At the first purchase it is typed in at Checkout."""

from datetime import datetime

from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.billing.changing.held import CannotChange, check_steady, held, update
from newsroom.billing.gateway import Declined, gateway
from newsroom.core.audit import Actor

LONGEST = 60


def apply_code(*, user: User, code: str, by: Actor, at: datetime) -> None:
    """The code's discount counts from the next invoice on. Raises `CannotChange` with the reason why it does not."""
    subscription = held(user)
    check_steady(subscription)
    typed = code.strip()
    found = gateway().promotion_code(typed) if 0 < len(typed) <= LONGEST else None
    if found is None:
        raise CannotChange(_("There is no such code."))
    if subscription.discount:
        raise CannotChange(_("Your subscription has a discount already."))
    try:
        update(
            subscription,
            {"discounts": [{"promotion_code": found["id"]}]},
            action="billing.code_used",
            by=by,
            at=at,
        )
    except Declined as error:
        raise CannotChange(_why(error.code)) from error


def _why(code: str) -> str:
    """In the reader's words. Stripe's codes: https://docs.stripe.com/error-codes."""
    known = {
        "promotion_code_inactive": _("This code is no longer valid."),
        "promotion_code_expired": _("This code has expired."),
        "coupon_expired": _("This code has expired."),
        "promotion_code_used_up": _("This code has already been used."),
        "promotion_code_customer_mismatch": _("This code belongs to somebody else."),
        "promotion_code_customer_not_first_time": _("This code is for first purchases only."),
        "promotion_code_minimum_amount_not_met": _("Your plan costs too little for this code."),
    }
    return known.get(code, _("This code cannot be used here."))

"""Buying a subscription for somebody else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.billing import outbox
from newsroom.billing.catalogue import catalogue
from newsroom.billing.models import GiftPlan, Order
from newsroom.billing.purchases import buying
from newsroom.billing.purchases.errors import NotSold
from newsroom.billing.purchases.gifts import code_of, digest_of
from newsroom.billing.purchases.price_list import price_list
from newsroom.billing.purchases.terms import BadChoice
from newsroom.core.audit import Actor

LONGEST_WAIT = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to give. `send_at`: when the recipient hears of it."""

    plan: str
    months: int
    recipient_email: str
    send_at: datetime
    recipient_name: str = ""
    giver_name: str = ""
    message: str = ""
    locale: str = "en"


def buy(*, user: User, wish: Wish, currency: str, by: Actor, at: datetime) -> str:
    """The address of the Checkout for this gift. Raises `BadChoice`, `NotSold`, `Declined`, `Unanswered`."""
    price = price_list().gift(wish.plan, wish.months, currency)
    plan = catalogue().plan(wish.plan)
    if price is None or plan is None:
        raise NotSold(_("This plan is not given as a gift."))
    if not at - timedelta(days=1) <= wish.send_at <= at + LONGEST_WAIT:
        raise BadChoice("send_on", _("Choose a day from today to a year from now."))
    title = _("Gift: %(plan)s, %(months)s months") % {"plan": plan.name(wish.locale), "months": wish.months}
    wanted = buying.Wanted(Order.Kind.GIFT, price, title, terms={"plan": wish.plan, "months": wish.months})
    order, call = buying.prepared(user=user, wanted=wanted, next_path="", by=by, at=at)
    _noted(order, wish)
    return str(outbox.send(call=call, at=at)["url"])


def _noted(order: Order, wish: Wish) -> None:
    GiftPlan.objects.create(
        order=order,
        plan=wish.plan,
        months=wish.months,
        giver_name=wish.giver_name,
        recipient_name=wish.recipient_name,
        recipient_email=wish.recipient_email,
        message=wish.message,
        locale=wish.locale,
        send_at=wish.send_at,
        digest=digest_of(code_of(order)),
    )

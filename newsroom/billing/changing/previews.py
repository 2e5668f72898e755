"""What a change costs today and later, before it is made. The sums are Stripe's.

The second from which the change counts is remembered and signed, so that what is confirmed is what was shown.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.billing.actions import NotForSale
from newsroom.billing.catalogue import Price, catalogue
from newsroom.billing.changing.held import CannotChange, check_steady, held
from newsroom.billing.gateway import Body, gateway
from newsroom.billing.mirror.reading import instant, name_of, proration
from newsroom.billing.models import Subscription
from newsroom.core.errors import Refused
from newsroom.core.money import Money

SALT = "newsroom.billing.change"
HOLDS = timedelta(minutes=30)
MOST = 20  # how many one reader may have
LENGTHS = {"month": 1, "year": 12}


class PreviewExpired(Refused):
    """What was shown is not what would be charged now, or was never shown."""


@dataclass(frozen=True, slots=True)
class Target:
    """What the subscription could become."""

    price: Price
    now: bool  # at once, with what is due for it; else at the end of the period


@dataclass(frozen=True, slots=True)
class Line:
    """One sum of a preview. `what`: unused (given back), rest (of this period) or period (a whole new one)."""

    what: str
    plan: str
    money: Money
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change costs. `credit` stays on the account and pays the next invoices."""

    target: Target
    quantity: int
    lines: tuple[Line, ...]
    today: Money
    credit: Money
    discount: Money
    later: Money
    later_at: datetime
    takes_effect: datetime
    token: str


def targets(subscription: Subscription) -> list[Target]:
    """Every other price of the reader's currency."""
    return [
        Target(price, _is_now(subscription, price))
        for price in catalogue().prices()
        if price.money.currency == subscription.currency and price.lookup_key != subscription.lookup_key
    ]


def _is_now(subscription: Subscription, price: Price) -> bool:
    """More, or for longer: now. Less, or for shorter: once what is paid for is over."""
    if LENGTHS[price.interval] != LENGTHS.get(subscription.interval, 1):
        same = _rank(price.plan, price) >= _rank(subscription.plan, price)
        return same and LENGTHS[price.interval] > LENGTHS.get(subscription.interval, 1)
    return price.money.minor >= subscription.amount // max(subscription.quantity, 1)


def _rank(plan: str, price: Price) -> int:
    """What a plan costs for the same interval and currency; nothing for one that is no longer sold."""
    other = catalogue().price(f"{plan}_{price.interval}_{price.money.currency}")
    return other.money.minor if other else 0


def preview(*, user: User, lookup_key: str, quantity: int = 0, at: datetime) -> Preview:
    """What the change would cost. `quantity` 0 keeps it. Raises `NotForSale`, `CannotChange`, `Unanswered`."""
    subscription = held(user)
    check_steady(subscription)
    return _preview(subscription, _target(subscription, lookup_key), quantity or subscription.quantity, at)


def _target(subscription: Subscription, lookup_key: str) -> Target:
    price = catalogue().price(lookup_key)
    if price is None or price.money.currency != subscription.currency:
        raise NotForSale(_("There is no such plan."))
    return Target(price, _is_now(subscription, price))


def _preview(subscription: Subscription, target: Target, quantity: int, counts_from: datetime) -> Preview:
    if not 1 <= quantity <= MOST:
        raise CannotChange(_("Please choose a number between 1 and %(most)s.") % {"most": MOST})
    if target.price.lookup_key == subscription.lookup_key and quantity == subscription.quantity:
        raise CannotChange(_("You have this plan already."))
    sold = gateway().price(target.price.lookup_key)
    if sold is None:
        raise NotForSale(_("This plan cannot be bought yet. Please try again later."))
    at = _within(subscription, counts_from)
    today = gateway().preview(_asked(subscription, target, sold["id"], quantity, at)) if target.now else None
    later = gateway().preview(_asked(subscription, target, sold["id"], quantity, at) | {"preview_mode": "recurring"})
    return _shown(subscription, target, quantity, sold["id"], at, today, later)


def _within(subscription: Subscription, at: datetime) -> datetime:
    """A whole second of the present period."""
    return min(max(at.replace(microsecond=0), subscription.current_period_start), subscription.current_period_end)


def items(subscription: Subscription, price: str, quantity: int) -> list[Body]:
    return [{"id": subscription.items[0]["id"], "price": price, "quantity": quantity}]


def _asked(subscription: Subscription, target: Target, price: str, quantity: int, at: datetime) -> Body:
    details: Body = {"items": items(subscription, price, quantity), "proration_behavior": "none"}
    if target.now:
        details |= {"proration_behavior": "always_invoice", "proration_date": int(at.timestamp())}
    return {"subscription": subscription.stripe_id, "subscription_details": details}


def _shown(
    subscription: Subscription,
    target: Target,
    quantity: int,
    price: str,
    at: datetime,
    today: Body | None,
    later: Body,
) -> Preview:
    currency = subscription.currency
    trial = today is not None and subscription.status == "trialing"  # nothing is charged before its end
    charged = today if not trial else None
    lines = [_line(each, subscription, target) for each in charged["lines"]["data"]] if charged else []
    due = charged["amount_due"] if charged else 0
    ends = max((each.end for each in lines), default=subscription.current_period_end)
    facts = {
        "subscription": subscription.stripe_id,
        "from": [subscription.lookup_key, subscription.quantity, int(subscription.current_period_start.timestamp())],
        "to": [target.price.lookup_key, price, quantity, target.now],
        "at": int(at.timestamp()),
        "due": due,
    }
    return Preview(
        target=target,
        quantity=quantity,
        lines=tuple(lines),
        today=Money(due, currency),
        credit=Money(_credit(charged), currency),
        discount=Money(-_discount(charged), currency),
        later=Money(later["total"], currency),
        later_at=ends,
        takes_effect=at if target.now else subscription.current_period_end,
        token=signing.dumps(facts, salt=SALT, compress=True),
    )


def _credit(invoice: Body | None) -> int:
    """What would be left on the account."""
    return max(0, -(invoice["total"] + invoice["starting_balance"])) if invoice else 0


def _discount(invoice: Body | None) -> int:
    return sum(each["amount"] for each in invoice["total_discount_amounts"] or []) if invoice else 0


def _line(raw: Body, subscription: Subscription, target: Target) -> Line:
    old = name_of(raw["pricing"]["price_details"]["price"]) == subscription.items[0]["price"]
    what = "period" if not proration(raw) else "unused" if raw["amount"] < 0 else "rest"
    plan = subscription.plan if old and what == "unused" else target.price.plan
    period = raw["period"]
    return Line(what, plan, Money(raw["amount"], raw["currency"]), instant(period["start"]), instant(period["end"]))


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was shown and is now wanted."""

    subscription: Subscription
    target: Target
    price: str
    quantity: int
    at: datetime


def confirmed(*, user: User, token: str, at: datetime) -> Confirmed:
    """The change whose preview this was, still at the same sum. Raises `PreviewExpired`, `CannotChange`, `Unanswered`."""
    said = _read(token)
    subscription = held(user)
    check_steady(subscription)
    stands = [subscription.lookup_key, subscription.quantity, int(subscription.current_period_start.timestamp())]
    counts_from = instant(said["at"])
    if said["subscription"] != subscription.stripe_id or said["from"] != stands or at - counts_from > HOLDS:
        raise PreviewExpired(_("This preview is no longer true. Please look at the change again."))
    lookup_key, price, quantity, now = said["to"]
    target = _target(subscription, lookup_key)
    again = _preview(subscription, target, quantity, counts_from)
    if (again.today.minor, target.now) != (said["due"], now) or _read(again.token) != said:
        raise PreviewExpired(_("This preview is no longer true. Please look at the change again."))
    return Confirmed(subscription, target, price, quantity, counts_from)


def _read(token: str) -> Any:
    try:
        return signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise PreviewExpired(_("This preview is no longer true. Please look at the change again.")) from None

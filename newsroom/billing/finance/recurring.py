"""What recurs of a subscription, from when to when, read off its invoices' lines and Stripe's own moments. Pure.

The rate of a moment is what the youngest line that covers it says. A change within a period is two lines: one that
credits the old, one that asks for the new; the new one's rate is that of its price, not of the part of a period.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from newsroom.billing import revenue
from newsroom.billing.models import Invoice, Subscription
from newsroom.billing.states import GRACE

MONTH_DAYS = (30437, 1000)  # 30.437 days: a year's twelfth
OURS = "newsroom_"
FAILED = frozenset({"payment_failed", "payment_disputed"})


@dataclass(frozen=True, slots=True)
class Rate:
    """So much in a year, without tax, from one moment until another. `involuntary`: what ended it was a decline."""

    source: str
    product: str
    currency: str
    starts_at: datetime
    ends_at: datetime
    yearly: int
    involuntary: bool = False


def rates_of(subscription: Subscription, invoices: Iterable[Invoice]) -> list[Rate]:
    """Its rates, earliest first, without gaps of nothing; a trial, a pause and a contract's subscription have none."""
    if "contract" in subscription.metadata:
        return []
    own = [each for each in invoices if each.subscription_ref == subscription.stripe_id and _counts(each, subscription)]
    prices = _prices(subscription, own)
    charges = [charge for invoice in own for charge in _charges(invoice, subscription, prices)]
    items = sorted({each.item for each in charges})
    found = [
        rate for item in items for rate in _timeline(subscription, [each for each in charges if each.item == item])
    ]
    return _ended(sorted(found, key=lambda each: (each.starts_at, each.product)), subscription)


@dataclass(frozen=True, slots=True)
class _Charge:
    item: str
    product: str
    starts: int
    ends: int
    yearly: int
    age: tuple[datetime, str]
    cut: bool = False  # its invoice was not paid within the grace


def _counts(invoice: Invoice, subscription: Subscription) -> bool:
    """What is void never was. A draft counts as it will be final in an hour, unless collection rests."""
    if invoice.status == "draft":
        return subscription.status not in {"unpaid", "paused"} and subscription.paused_since is None
    return invoice.status != "void"


def _prices(subscription: Subscription, invoices: list[Invoice]) -> dict[str, int]:
    """What one of each price costs in a year: by whole periods that were billed, and by what it has now."""
    times = {"year": 1, "month": 12, "week": 52, "day": 365}.get(subscription.interval, 12)
    found = {
        each["price"]: each["amount"] * times // max(each["quantity"] or 1, 1)
        for each in subscription.items
        if each.get("price") and each.get("amount")
    }
    for line in (each for invoice in invoices for each in invoice.lines):
        if not line["proration"] and line["amount"] > 0 and line["price"]:
            found[line["price"]] = _yearly(line["amount"], line) // max(line["quantity"] or 1, 1)
    return found


def _yearly(amount: int, line: dict[str, Any]) -> int:
    """What an amount for the line's whole period is in a year: by whole months, halves of a minor unit up."""
    days = (line["period_end"] - line["period_start"]) // 86400
    months = max(1, (days * MONTH_DAYS[1] * 2 + MONTH_DAYS[0]) // (2 * MONTH_DAYS[0]))
    return rounded(amount * 12, months)


def rounded(whole: int, parts: int) -> int:
    """Divided, halves away from nothing."""
    half = (abs(whole) * 2 + parts) // (2 * parts)
    return half if whole >= 0 else -half


def _charges(invoice: Invoice, subscription: Subscription, prices: dict[str, int]) -> list[_Charge]:
    items = _items(invoice)
    lines = [each for each in invoice.lines if each["period_end"] > each["period_start"]]
    asked = [each for each in lines if each["amount"] > 0]
    renewed = {(items.get(each["id"], ""), each["period_start"]) for each in asked}
    given_back = [
        each
        for each in lines
        if each["proration"]
        and each["amount"] <= 0
        and (items.get(each["id"], ""), each["period_start"]) not in renewed
    ]
    found = []
    for line in asked + given_back:
        starts, ends = line["period_start"], line["period_end"]
        yearly = _rate(line, prices) if line["amount"] > 0 else 0
        charge = _Charge(
            items.get(line["id"], ""), _product(line, subscription), starts, ends, yearly, (invoice.created_at, invoice.stripe_id)
        )  # fmt: skip
        found += _within_grace(charge, invoice)
    return found


def _items(invoice: Invoice) -> dict[str, str]:
    """Which item of the subscription a line is of."""
    found = {}
    for each in ((invoice.raw.get("lines") or {}).get("data")) or []:
        details = (each.get("parent") or {}).get("subscription_item_details") or {}
        found[each["id"]] = str(details.get("subscription_item") or "")
    return found


def _product(line: dict[str, Any], subscription: Subscription) -> str:
    """The plan: our product's id carries it."""
    named = str(line.get("product") or "")
    return named.removeprefix(OURS) if named.startswith(OURS) else (named or subscription.plan)


def _rate(line: dict[str, Any], prices: dict[str, int]) -> int:
    """A year of it, without discount and tax."""
    net, amount = revenue.net(line), line["amount"]
    if not line["proration"]:
        return _yearly(net, line)
    whole = prices.get(line["price"], 0) * max(line["quantity"] or 1, 1)
    if not whole:
        return rounded(net * 365 * 86400, line["period_end"] - line["period_start"])
    return rounded(whole * net, amount)


def _within_grace(charge: _Charge, invoice: Invoice) -> list[_Charge]:
    """An invoice that was not paid counts until its grace is over, and again from the moment it is paid."""
    if invoice.finalised_at is None or invoice.total_minor <= 0 or not (invoice.attempted or invoice.due_at):
        return [charge]
    over = int(((invoice.due_at or invoice.finalised_at) + GRACE).timestamp())
    paid = int(invoice.paid_at.timestamp()) if invoice.paid_at else None
    if over >= charge.ends or (paid is not None and paid <= over):
        return [charge]
    parts = [replace(charge, ends=over, cut=True)] if over > charge.starts else []
    if paid is not None and paid < charge.ends:
        parts.append(replace(charge, starts=max(paid, charge.starts)))
    return parts


def _timeline(subscription: Subscription, charges: list[_Charge]) -> list[Rate]:
    """One rate for each stretch of time; neighbours that say the same are one."""
    last = int(subscription.ended_at.timestamp()) if subscription.ended_at else None
    edges = sorted({edge for each in charges for edge in (each.starts, each.ends)} | ({last} if last else set()))
    found: list[Rate] = []
    for starts, ends in itertools.pairwise(edges):
        if last is not None and starts >= last:
            break
        covering = [each for each in charges if each.starts <= starts and each.ends >= ends]
        if not covering:
            continue
        charge = max(covering, key=lambda each: (each.starts, each.age, each.yearly))
        _add(found, _rate_of(subscription, charge, starts, ends))
    return [each for each in found if each.yearly > 0]


def _rate_of(subscription: Subscription, charge: _Charge, starts: int, ends: int) -> Rate:
    begins, until = datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC)
    failed = charge.cut and ends == charge.ends
    return Rate(subscription.stripe_id, charge.product, subscription.currency, begins, until, charge.yearly, failed)


def _add(found: list[Rate], rate: Rate) -> None:
    before = found[-1] if found else None
    if before and before.ends_at == rate.starts_at and (before.product, before.yearly) == (rate.product, rate.yearly):
        found[-1] = replace(rate, starts_at=before.starts_at)
    else:
        found.append(rate)


def _ended(rates: list[Rate], subscription: Subscription) -> list[Rate]:
    """What ends with a subscription that Stripe gave up after declines ended involuntarily."""
    reason = (subscription.raw.get("cancellation_details") or {}).get("reason")
    if not (subscription.past_due_since or reason in FAILED) or subscription.ended_at is None:
        return rates
    last = max((each.ends_at for each in rates), default=None)
    return [replace(each, involuntary=True) if each.ends_at == last else each for each in rates]

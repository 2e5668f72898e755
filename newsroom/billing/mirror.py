"""Our thin copy of Stripe's objects: what Stripe says, in our columns. Only `sync` writes it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from newsroom.billing.gateway import Body, Present
from newsroom.billing.models import Account, Invoice, Subscription
from newsroom.billing.states import LIVE, UNPAID, grace_until


@dataclass(frozen=True, slots=True)
class SubscriptionChange:
    """What it was, or None when it is new, and what it is."""

    was: Subscription | None
    now: Subscription


@dataclass(frozen=True, slots=True)
class InvoiceChange:
    was: Invoice | None
    now: Invoice


VOLATILE = frozenset({"raw", "hosted_url", "pdf_url"})  # Stripe signs addresses anew each time it is asked
Changes = list[SubscriptionChange | InvoiceChange]


def write(account: Account, present: Present, at: datetime) -> Changes:
    """Make our rows say what Stripe says. Answers what differed; the same again answers nothing."""
    return _subscriptions(account, present) + _invoices(account, present)


def moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _must(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _subscriptions(account: Account, present: Present) -> Changes:
    """The first one that lives counts, every later one is a duplicate. Those that free the place are written first."""
    known = {each.stripe_id: each for each in account.subscriptions.all()}
    wanted = []
    taken = False
    for raw in sorted(present.subscriptions, key=lambda each: (each["created"], each["id"])):
        lives = raw["status"] in LIVE
        wanted.append((lives and not taken, subscription_facts(raw, present.invoices) | {"duplicate": lives and taken}))
        taken = taken or lives
    changes: Changes = []
    for _, facts in sorted(wanted, key=lambda each: each[0]):
        was = known.get(facts["stripe_id"])
        row = _save(Subscription, account, was, facts)
        if was is None or differs(was, facts):
            changes.append(SubscriptionChange(was, row))
    return changes


def _invoices(account: Account, present: Present) -> Changes:
    known = {each.stripe_id: each for each in account.invoices.all()}
    changes: Changes = []
    for raw in sorted(present.invoices, key=lambda each: (each["created"], each["id"])):
        facts = invoice_facts(raw)
        was = known.get(facts["stripe_id"])
        row = _save(Invoice, account, was, facts)
        if was is None or differs(was, facts):
            changes.append(InvoiceChange(was, row))
    return changes


def differs(row: Subscription | Invoice, facts: Body) -> bool:
    """Whether our row says something else than these columns, in what matters."""
    return any(getattr(row, name) != value for name, value in facts.items() if name not in VOLATILE)


def _save(model: type[Any], account: Account, was: Any, facts: Body) -> Any:
    if was is not None and all(getattr(was, name) == value for name, value in facts.items()):
        return was
    row = model(pk=was.pk if was else None, account=account, **facts)
    row.save()
    return row


def subscription_facts(raw: Body, invoices: list[Body]) -> Body:
    """Our columns, read from Stripe's object. Periods are on its items since API 2025-03-31."""
    item = raw["items"]["data"][0]
    price = item["price"]
    own = [each for each in invoices if subscription_of(each) == raw["id"]]
    facts: Body = {
        "stripe_id": raw["id"],
        "status": raw["status"],
        "plan": _plan(price),
        "lookup_key": price.get("lookup_key") or price["metadata"].get("lookup_key", ""),
        "amount": (price["unit_amount"] or 0) * item["quantity"],
        "currency": price["currency"],
        "interval": price["recurring"]["interval"],
        "started_at": _must(raw["start_date"]),
        "current_period_start": _must(item["current_period_start"]),
        "current_period_end": _must(item["current_period_end"]),
        "cancel_at": moment(raw["cancel_at"]),
        "cancel_at_period_end": raw["cancel_at_period_end"],
        "canceled_at": moment(raw["canceled_at"]),
        "ended_at": moment(raw["ended_at"]),
        "trial_end": moment(raw["trial_end"]),
        "past_due_since": unpaid_since(own) if raw["status"] in UNPAID else None,
        "paid_until": paid_until(own),
        "raw": raw,
    }
    return facts | {"grace_until": grace_until(Subscription(**facts).facts)}


def _plan(price: Body) -> str:
    """The plan a price sells. A price that lost its key to a newer one still carries the plan."""
    return str(price["metadata"].get("plan", ""))


def subscription_of(invoice: Body) -> str:
    """The subscription an invoice is for, or nothing."""
    details = (invoice.get("parent") or {}).get("subscription_details") or {}
    found = details.get("subscription") or ""
    return str(found["id"] if isinstance(found, dict) else found)


def unpaid_since(invoices: list[Body]) -> datetime | None:
    """When the oldest invoice that a payment failed for became final: retries do not move it."""
    final = [
        each["status_transitions"]["finalized_at"]
        for each in invoices
        if each["status"] in {"open", "uncollectible"} and each["attempted"] and each["total"] > 0
    ]
    return moment(min((each for each in final if each is not None), default=None))


def paid_until(invoices: list[Body]) -> datetime | None:
    """The end of the last period that was paid for; a change within a period is none."""
    ends = [
        line["period"]["end"]
        for invoice in invoices
        if invoice["status"] == "paid"
        for line in invoice["lines"]["data"]
        if not _proration(line)
    ]
    return moment(max(ends, default=None))


def _proration(line: Body) -> bool:
    details = (line.get("parent") or {}).get("subscription_item_details") or {}
    return bool(details.get("proration"))


def invoice_facts(raw: Body) -> Body:
    """Our columns, read from Stripe's object."""
    turns = raw["status_transitions"]
    return {
        "stripe_id": raw["id"],
        "subscription_ref": subscription_of(raw),
        "number": raw["number"] or "",
        "status": raw["status"] or "",
        "total_minor": raw["total"],
        "currency": raw["currency"],
        "lines": [_line(each) for each in raw["lines"]["data"]],
        "hosted_url": raw["hosted_invoice_url"] or "",
        "pdf_url": raw["invoice_pdf"] or "",
        "period_start": _must(raw["period_start"]),
        "period_end": _must(raw["period_end"]),
        "created_at": _must(raw["created"]),
        "finalised_at": moment(turns["finalized_at"]),
        "paid_at": moment(turns["paid_at"]),
        "attempted": raw["attempted"],
        "raw": raw,
    }


def _line(raw: Body) -> Body:
    return {
        "description": raw["description"] or "",
        "amount": raw["amount"],
        "currency": raw["currency"],
        "quantity": raw.get("quantity"),
        "period_start": raw["period"]["start"],
        "period_end": raw["period"]["end"],
    }

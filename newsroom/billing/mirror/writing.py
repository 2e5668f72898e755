"""Write what Stripe says, and say what differed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from newsroom.billing.gateway import Body, Present
from newsroom.billing.mirror import companies, invoices, payments, subscriptions
from newsroom.billing.models import (
    Account,
    CreditNote,
    Dispute,
    Invoice,
    Payment,
    Purchase,
    Refund,
    Subscription,
)

Row = Subscription | Invoice | CreditNote | Payment | Refund | Dispute | Purchase
VOLATILE = frozenset({"raw", "hosted_url", "pdf_url"})  # Stripe signs addresses anew each time it is asked


@dataclass(frozen=True, slots=True)
class Change:
    """What it was, or None when it is new, and what it is. Both are rows of one model."""

    was: Any
    now: Any


Changes = list[Change]


def write(account: Account, present: Present, at: datetime) -> Changes:
    """Make our rows say what Stripe says. Answers what differed; the same again answers nothing."""
    paid = present.invoices
    wanted: list[tuple[type[Row], Iterable[Body]]] = [
        (Payment, [payments.payment_facts(each, paid) for each in present.charges]),
        (Refund, [payments.refund_facts(each) for each in present.refunds]),
        (Dispute, [payments.dispute_facts(each) for each in present.disputes]),
        (Invoice, [invoices.invoice_facts(each) for each in _by_age(paid)]),
        (CreditNote, [invoices.credit_note_facts(each) for each in _by_age(present.credit_notes)]),
        (Subscription, subscriptions.wanted(present)),
        (Purchase, [payments.purchase_facts(each) for each in _by_age(present.purchases)]),
    ]
    found = [change for model, facts in wanted for change in _written(model, account, facts, at)]
    return found + [Change(was, now) for was, now in companies.written(account, present, at)]


def _by_age(found: list[Body]) -> list[Body]:
    return sorted(found, key=lambda each: (each["created"], each["id"]))


def _written(model: type[Row], account: Account, wanted: Iterable[Body], at: datetime) -> Changes:
    known: dict[str, Any] = {each.stripe_id: each for each in model._default_manager.filter(account=account)}
    changes: Changes = []
    for facts in wanted:
        was = known.get(facts["stripe_id"])
        if model is Subscription:
            facts |= _first_seen(was, facts, at)
        row = _save(model, account, was, facts)
        if was is None or differs(was, facts):
            changes.append(Change(was, row))
    return changes


def _first_seen(was: Subscription | None, facts: Body, at: datetime) -> Body:
    """Stripe does not say since when collection is paused: it is since we first saw it."""
    if not facts["raw"]["pause_collection"]:
        return {"paused_since": None}
    return {"paused_since": (was and was.paused_since) or at}


def differs(row: Any, facts: Body) -> bool:
    """Whether our row says something else than these columns, in what matters."""
    return any(getattr(row, name) != value for name, value in facts.items() if name not in VOLATILE)


def _save(model: type[models.Model], account: Account, was: Any, facts: Body) -> Any:
    if was is not None and all(getattr(was, name) == value for name, value in facts.items()):
        return was
    row = model(pk=was.pk if was else None, account=account, **facts)
    row.save()
    return row


def account_facts(account: Account, present: Present) -> Body:
    """Our columns of the customer itself."""
    customer = present.customer
    charged = next((each["currency"] for each in present.invoices), "")
    gone = bool(customer.get("deleted"))  # a deleted one cannot buy again
    return {
        "currency": account.currency or customer.get("currency") or charged,
        "country": ((customer.get("address") or {}).get("country") or account.country or "").upper(),
        "credit_minor": -(customer.get("balance") or 0),
        "stripe_customer_id": None if gone else account.stripe_customer_id,
        "raw": customer,
    }

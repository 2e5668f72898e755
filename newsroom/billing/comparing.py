"""What Stripe has otherwise than our copy: slice by slice, so that a comparison of everything needs little memory."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Model

from newsroom.billing import mirror
from newsroom.billing.gateway import PAGE, Body, gateway
from newsroom.billing.mirror.reading import name_of
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

BACK = timedelta(days=45)  # how far back invoices, charges, refunds, credit notes and Checkouts are compared
DISPUTES_BACK = timedelta(days=150)  # a bank decides within some months
# Columns that are read from other objects, or that only sync decides.
DERIVED = frozenset(
    {"past_due_since", "paid_until", "grace_until", "upcoming", "duplicate", "paused_since", "invoice_ref"}
)
Facts = Callable[[Body], Body]
Listing = Callable[[int], Iterable[Body]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One object that we have otherwise than Stripe, or not at all. `columns` is empty for one we never saw."""

    account: int
    customer: str
    kind: str
    name: str
    columns: tuple[str, ...]

    @property
    def facts(self) -> dict[str, Any]:
        """As JSON, for the row of the comparison."""
        columns = list(self.columns)
        return {
            "id": self.name,
            "kind": self.kind,
            "customer": self.customer,
            "account": self.account,
            "columns": columns,
        }


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of object: our model, what Stripe lists of it, and how its columns are read."""

    model: type[Model]
    listed: Callable[[datetime], Iterable[Body]]
    facts: Facts


def _since(name: str, back: timedelta = BACK) -> Callable[[datetime], Iterable[Body]]:
    """Those created within this time before the comparison."""

    def listed(at: datetime) -> Iterable[Body]:
        found: Iterable[Body] = getattr(gateway(), name)(int((at - back).timestamp()))
        return found

    return listed


KINDS = (
    Kind(Subscription, lambda at: gateway().subscriptions(), lambda raw: mirror.subscription_facts(raw, [])),
    Kind(Invoice, _since("invoices"), mirror.invoice_facts),
    Kind(Invoice, lambda at: gateway().open_invoices(), mirror.invoice_facts),
    Kind(Payment, _since("charges"), lambda raw: mirror.payment_facts(raw, [])),
    Kind(Refund, _since("refunds"), mirror.refund_facts),
    Kind(Dispute, _since("disputes", DISPUTES_BACK), mirror.dispute_facts),
    Kind(CreditNote, _since("credit_notes"), mirror.credit_note_facts),
    Kind(Purchase, _since("purchases"), mirror.purchase_facts),
)


def compared(at: datetime) -> Iterator[tuple[int, list[Difference]]]:
    """For each slice of what Stripe lists: how many objects were in it, and which of them differ from ours."""
    for kind in KINDS:
        for slice_of in _slices(kind.listed(at)):
            yield len(slice_of), list(_differences(kind, slice_of))


def _slices(listed: Iterable[Body]) -> Iterator[list[Body]]:
    rest = iter(listed)
    while found := list(islice(rest, PAGE)):
        yield found


def _differences(kind: Kind, listed: list[Body]) -> Iterator[Difference]:
    model: Any = kind.model
    ours = {each.stripe_id: each for each in model._default_manager.filter(stripe_id__in=[e["id"] for e in listed])}
    whose = _whose(listed)
    for raw in listed:
        account = whose.get(raw["id"])
        row = ours.get(raw["id"])
        if account is None:
            continue
        columns = () if row is None else tuple(sorted(_odd(row, kind.facts(raw))))
        if row is None or columns:
            yield Difference(account.pk, account.stripe_customer_id or "", model.__name__, raw["id"], columns)


def _odd(row: Any, facts: Body) -> Iterator[str]:
    """The columns that say something else. An address that Stripe signs anew each time is none."""
    for name, value in facts.items():
        if name not in mirror.VOLATILE and name not in DERIVED and getattr(row, name) != value:
            yield name


def _whose(listed: list[Body]) -> dict[str, Account]:
    """The account of ours each object belongs to, by its customer or that of its charge. Two queries."""
    customers = {each["id"]: _customer(each) for each in listed}
    charges = {each["id"]: name_of(each.get("charge")) for each in listed if not customers[each["id"]]}
    paid = Payment.objects.filter(stripe_id__in=charges.values()).values_list(
        "stripe_id", "account__stripe_customer_id"
    )
    known = dict(paid) if charges else {}
    customers |= {name: known.get(charge) or "" for name, charge in charges.items()}
    accounts = {
        each.stripe_customer_id: each
        for each in Account.objects.filter(stripe_customer_id__in=set(customers.values()) - {""}).defer("raw")
    }
    return {name: accounts[customer] for name, customer in customers.items() if customer in accounts}


def _customer(raw: Body) -> str:
    charge = raw.get("charge")
    return name_of(raw.get("customer")) or name_of(charge.get("customer") if isinstance(charge, dict) else "")

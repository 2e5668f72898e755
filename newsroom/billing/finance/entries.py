"""The entries of one paying account, read off its documents. Pure: the same documents give the same entries.

Nothing here knows when or in which order we heard of a document: each entry's day is Stripe's own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from newsroom.billing.finance.invoiced import entries_of_invoice
from newsroom.billing.finance.line import Line
from newsroom.billing.finance.months import day_of, day_of_seconds
from newsroom.billing.models import CreditNote, Dispute, Invoice, Payment, Purchase, Refund
from newsroom.billing.models.book import Happening, Role

NOTHING_TAKEN = ("warning", "prevented")  # Stripe asked us, and the bank took nothing back (yet)


@dataclass(slots=True)
class Documents:
    """All of one paying account."""

    invoices: list[Invoice] = field(default_factory=list)
    credit_notes: list[CreditNote] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)


def entries_of(papers: Documents) -> list[Line]:
    """Every entry, summed by document, happening, account, currency and day; those of nothing are left out."""
    sums: dict[tuple[Any, ...], int] = defaultdict(int)
    firsts: dict[str, Line] = {}
    for each in _all(papers):
        sums[each.key] += each.amount
        firsts.setdefault(each.paper, each)
    found = [
        Line(day, happening, role, currency, amount, paper, firsts[paper].number, firsts[paper].about)
        for (paper, happening, role, currency, day), amount in sums.items()
        if amount
    ]
    return sorted(found, key=lambda each: (each.day, each.paper, each.happening, each.role))


def _all(papers: Documents) -> Iterator[Line]:
    for invoice in papers.invoices:
        notes = [each for each in papers.credit_notes if each.invoice_ref == invoice.stripe_id]
        paid = [each for each in papers.payments if _paid(each) and each.invoice_ref == invoice.stripe_id]
        yield from entries_of_invoice(invoice, notes, paid)
    yield from _loose_payments(papers)
    for refund in papers.refunds:
        if refund.status == "succeeded":
            yield from _moved(refund, Happening.REFUND, Role.REFUNDS, refund.created_at)
    for dispute in papers.disputes:
        yield from _of_dispute(dispute)


def _paid(payment: Payment) -> bool:
    return payment.status == "succeeded" and payment.amount_minor > 0


def _loose_payments(papers: Documents) -> Iterator[Line]:
    """Payments of no invoice: what was bought once, or what we cannot place, which is the customer's."""
    known = {each.stripe_id for each in papers.invoices}
    bought = {each.intent_ref: each for each in papers.purchases if each.intent_ref}
    for payment in papers.payments:
        if not _paid(payment) or payment.invoice_ref in known:
            continue
        purchase = bought.get(payment.intent_ref)
        tax = _tax_of(purchase) if purchase else 0
        against = Role.REVENUE if purchase else Role.CREDIT
        happening = Happening.PURCHASE if purchase else Happening.PAYMENT
        line = _lines(payment, happening, day_of(payment.created_at))
        yield line(Role.STRIPE, payment.amount_minor)
        yield line(against, tax - payment.amount_minor)
        yield line(Role.TAX, -tax)


def _tax_of(purchase: Purchase) -> int:
    return int((purchase.raw.get("total_details") or {}).get("amount_tax") or 0)


def _moved(moved: Refund | Dispute, happening: str, role: str, at: datetime) -> Iterator[Line]:
    """Money left Stripe's balance, and this account bears it."""
    line = _lines(moved, happening, day_of(at))
    yield line(role, moved.amount_minor)
    yield line(Role.STRIPE, -moved.amount_minor)


def _of_dispute(dispute: Dispute) -> Iterator[Line]:
    if dispute.status.startswith(NOTHING_TAKEN):
        return
    yield from _moved(dispute, Happening.DISPUTE, Role.DISPUTES, dispute.created_at)
    if dispute.status == "won":
        line = _lines(dispute, Happening.DISPUTE_WON, _day_given_back(dispute))
        yield line(Role.STRIPE, dispute.amount_minor)
        yield line(Role.DISPUTES, -dispute.amount_minor)


def _day_given_back(dispute: Dispute) -> date:
    """When Stripe put the money back; it does not say when the bank decided."""
    back = [each["created"] for each in dispute.raw.get("balance_transactions") or [] if each.get("amount", 0) > 0]
    return day_of_seconds(max(back)) if back else day_of(dispute.created_at)


def _lines(of: Payment | Refund | Dispute, happening: str, day: date) -> Any:
    about = of.stripe_id if isinstance(of, Payment) else of.charge_ref

    def line(role: str, amount: int) -> Line:
        return Line(day, happening, role, of.currency, amount, of.stripe_id, "", about)

    return line


def balance(lines: Iterable[Line]) -> dict[tuple[str, str], int]:
    """The sum of each account in each currency."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for each in lines:
        sums[each.role, each.currency] += each.amount
    return dict(sums)

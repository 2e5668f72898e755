"""What follows when an invoice of a contract is not paid in time: reminders, a date on the licences, rest, release.

The date is set as soon as the day of payment is over, and holds without anybody at work; when it comes, the contract
is suspended as well, so that its timeline and its price know it. Paying lifts both.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from newsroom.billing.invoicing import mails
from newsroom.billing.models import ContractBilling, DunningStep, Invoice
from newsroom.core.audit import SYSTEM
from newsroom.licensing.contracts import actions as contracts
from newsroom.licensing.contracts.book import Book, today
from newsroom.licensing.contracts.dates import moment
from newsroom.licensing.contracts.rules import OVER, Happening, State

Kind = DunningStep.Kind
REMINDERS = (Kind.FIRST, Kind.SECOND, Kind.LAST)


@transaction.atomic
def settle(*, billing_id: int, at: datetime) -> None:
    """The contract's licences stand as its unpaid invoices ask for, and everybody who is to know was told, once."""
    locked = ContractBilling.objects.select_for_update(of=("self",)).select_related("contract__organisation")
    billing = locked.get(pk=billing_id)
    owed = overdue(billing, at)
    _date(billing, owed, at)
    for invoice in owed:
        _remind(billing, invoice, at)
    since = billing.contract.rests_from
    if owed and since is not None and since <= at:
        _rest(billing, owed[0], at)
    elif billing.suspended_at is not None:
        _release(billing, at)


def overdue(billing: ContractBilling, at: datetime) -> list[Invoice]:
    """What should be paid by now and is not, the oldest first. What we gave up hope for is still owed."""
    found = Invoice.objects.filter(contract_ref=billing.contract.number, status__in=["open", "uncollectible"])
    return list(found.filter(due_at__lt=at, remaining_minor__gt=0).order_by("due_at", "pk"))


def rest_at(billing: ContractBilling, invoice: Invoice) -> datetime | None:
    """From when on the licences give nothing unless this is paid, as the contract decides."""
    if billing.grace_days is None or invoice.due_at is None:
        return None
    return moment(today(invoice.due_at) + timedelta(days=billing.grace_days), timezone.get_default_timezone())


def _date(billing: ContractBilling, owed: list[Invoice], at: datetime) -> None:
    moments = [(each, rest_at(billing, each)) for each in owed]
    since = min((when for _each, when in moments if when is not None), default=None)
    why = _("Invoice %(number)s is not paid.") % {"number": owed[0]} if owed else _("Every invoice is paid.")
    contracts.rest_from(contract=billing.contract, since=since, by=SYSTEM, at=at, why=why)
    billing.contract.rests_from = since
    for invoice, when in moments:
        if when is not None:
            _note(billing, invoice, Kind.DATE, at, since=when.isoformat())


def _remind(billing: ContractBilling, invoice: Invoice, at: datetime) -> None:
    """The latest reminder whose day has come. Earlier ones that nobody sent are not caught up with."""
    assert invoice.due_at is not None  # it is overdue
    late = (today(at) - today(invoice.due_at)).days
    come = [kind for kind, days in zip(REMINDERS, billing.reminders, strict=True) if days is not None and days <= late]
    if come and _note(billing, invoice, come[-1], at):
        mails.remind(billing, invoice, come[-1], at)


def _rest(billing: ContractBilling, invoice: Invoice, at: datetime) -> None:
    state = Book.of(billing.contract).state
    if billing.suspended_at is not None or state in OVER or state in {State.SUSPENDED, State.TO_COME}:
        return
    with translation.override(billing.contract.locale):
        why = _("Invoice %(number)s is not paid.") % {"number": invoice}
    contracts.suspend(contract=billing.contract, by=SYSTEM, at=at, why=why)
    ContractBilling.objects.filter(pk=billing.pk).update(suspended_at=at)
    billing.suspended_at = at
    _note(billing, invoice, Kind.REST, at)
    mails.resting(billing, invoice, at)


def _release(billing: ContractBilling, at: datetime) -> None:
    """Paid, or forgiven: the contract goes on, unless somebody else lets it rest."""
    since = billing.suspended_at
    assert since is not None  # the caller looked
    book = Book.of(billing.contract)
    last = book.latest(Happening.SUSPENDED)
    if book.state == State.SUSPENDED and last is not None and last.at == since:
        contracts.resume(contract=billing.contract, by=SYSTEM, at=at, why=_("Every invoice is paid."))
    ContractBilling.objects.filter(pk=billing.pk).update(suspended_at=None)
    rested = DunningStep.objects.filter(contract=billing.contract, kind=Kind.REST).order_by("pk").last()
    invoice = Invoice.objects.filter(stripe_id=rested.invoice_ref).first() if rested else None
    if invoice is not None:
        _note(billing, invoice, Kind.RELEASE, at)
        mails.released(billing, invoice, since, at)


def _note(billing: ContractBilling, invoice: Invoice, kind: str, at: datetime, **facts: str) -> bool:
    """The step is noted; False when it was taken before."""
    key = {"invoice_ref": invoice.stripe_id, "contract": billing.contract, "kind": kind}
    return DunningStep.objects.get_or_create(**key, defaults={"at": at, "facts": facts})[1]

"""An invoice run: what is due is planned once, gathered into invoices and credit notes, and those are written."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.billing.invoicing import issuing, overage
from newsroom.billing.invoicing.accounts import account_of
from newsroom.billing.invoicing.planning import Days, Span, Wish, agreed, due, plan, standing
from newsroom.billing.models import BillingDetails, ContractBilling, InvoiceOrder, InvoicePlan, InvoiceRun
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused, TryAgain
from newsroom.core.money import Money
from newsroom.licensing.contracts.book import Book, today
from newsroom.licensing.contracts.prices import Share
from newsroom.licensing.contracts.rules import OVER, Happening, Pause, State
from newsroom.licensing.models import Contract

log = structlog.get_logger(__name__)
Kind = InvoicePlan.Kind
NEVER = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be billed of one contract: now, and what its versions say of later."""

    now: list[Wish]
    later: list[Wish]
    resting: bool


def outlook(billing: ContractBilling, through: date) -> Outlook:
    """What a run would plan, and what comes after. Writes nothing."""
    book = Book.of(billing.contract)
    wanted = agreed(book.versions, unpaid_days(book), billing.billed_from)
    wishes = plan(wanted, billed(billing.contract), arrears=billing.arrears)
    rests = resting_since(book)
    now = due(wishes, through, rests_since=rests)
    return Outlook(now, [each for each in wishes if each not in now], rests is not None)


def unpaid_days(book: Book) -> list[Days]:
    """The days of suspensions that are credited."""
    found: list[Days] = []
    since = None
    for event in book.events:
        if event.kind == Happening.SUSPENDED:
            since = today(event.at)
        elif event.kind == Happening.RESUMED and since is not None:
            if event.facts["pause"] == Pause.CREDIT:
                found.append((since, today(event.at)))
            since = None
    if since is not None and book.state in OVER and book.last.pause == Pause.CREDIT:
        found.append((since, NEVER))
    return found


def resting_since(book: Book) -> date | None:
    """The first day of a suspension that lasts."""
    last = book.latest(Happening.SUSPENDED)
    return today(last.at) if last is not None and book.state == State.SUSPENDED else None


def billed(contract: Contract) -> list[Span]:
    """The days that are billed and not credited."""
    rows = list(contract.plans.exclude(kind=Kind.OVERAGE).order_by("pk"))
    charges = [_span(each) for each in rows if each.kind == Kind.CHARGE]
    return standing(charges, [(each.credits_id or 0, (each.on, each.until)) for each in rows if each.credits_id])


def _span(row: InvoicePlan) -> Span:
    whole = Money(row.whole_minor, row.currency)
    share = Share(row.line, row.title, row.begins, row.ends, whole, row.on, row.until)
    return Span(share, row.version, row.pk)


@transaction.atomic
def plan_contract(*, billing_id: int, through: date, at: datetime) -> list[InvoicePlan]:
    """Every line that is due by this day stands in the plan, once. Under the lock of the contract's settings."""
    locked = ContractBilling.objects.select_for_update(of=("self",)).select_related("contract__organisation")
    billing = locked.get(pk=billing_id)
    if billing.held:
        return []
    found = outlook(billing, through)
    rows = [_write(billing.contract, each, at) for each in found.now]
    rows += overage.plan_uses(billing, before=through, at=at)
    gather(billing, at)
    return rows


def _write(contract: Contract, wish: Wish, at: datetime) -> InvoicePlan:
    share = wish.span.share
    facts = {
        "contract": contract,
        "kind": Kind.CREDIT if wish.credits else Kind.CHARGE,
        "line": share.key,
        "version": wish.span.version,
        "on": share.on,
        "until": share.until,
    }
    return InvoicePlan.objects.create(
        **facts,
        turn=InvoicePlan.objects.filter(**facts).count(),
        begins=share.begins,
        ends=share.ends,
        whole_minor=share.whole.minor,
        amount_minor=wish.minor,
        currency=share.whole.currency,
        title=share.title[:300],
        credits_id=wish.credits or None,
        created_at=at,
    )


def gather(billing: ContractBilling, at: datetime) -> None:
    """Every planned row belongs to an invoice. A credit stands on it where that leaves something to pay; else it
    becomes a credit note of the invoice that billed the days."""
    waiting = list(billing.contract.plans.filter(order=None).order_by("pk"))
    for currency in sorted({each.currency for each in waiting}):
        rows = [each for each in waiting if each.currency == currency]
        charges = [each for each in rows if each.amount_minor > 0]
        credits = [each for each in rows if each.amount_minor < 0]
        if sum(each.amount_minor for each in rows) >= 0 and charges:
            charges, credits = rows, []
        if charges:
            _order(billing, InvoiceOrder.Kind.INVOICE, charges, at)
        for former in sorted({each.credits.order_id or 0 for each in credits if each.credits}):
            own = [each for each in credits if each.credits and (each.credits.order_id or 0) == former]
            _order(billing, InvoiceOrder.Kind.CREDIT, own, at, former)


def _order(
    billing: ContractBilling, kind: str, rows: Iterable[InvoicePlan], at: datetime, former: int | None = None
) -> None:
    own = list(rows)
    order = InvoiceOrder.objects.create(
        contract=billing.contract,
        account=account_of(billing.contract.organisation, at),
        kind=kind,
        credits_id=former or None,
        currency=own[0].currency,
        payment_days=Book.of(billing.contract).last.payment_days,
        po_number=billing.po_number,
        created_at=at,
    )
    InvoicePlan.objects.filter(pk__in=[each.pk for each in own]).update(order=order)


def problems() -> list[tuple[Contract, str]]:
    """What keeps contracts from being invoiced, in words."""
    found = []
    for contract in Contract.objects.select_related("organisation").order_by("pk"):
        billing = ContractBilling.objects.filter(contract=contract).first()
        if billing is None:
            if any(each.line.price.minor for each in Book.of(contract).last.agreed):
                found.append((contract, _("Nobody has set up how it is invoiced.")))
        elif billing.held:
            found.append((contract, _("It is on hold.")))
        elif not BillingDetails.objects.filter(account__organisation=contract.organisation).exists():
            found.append((contract, _("Name and address for the invoice are missing.")))
    return found


def run(*, by: Actor, at: datetime, through: date | None = None, contract: Contract | None = None) -> InvoiceRun:
    """Everything due by this day (today) is planned and written. As often as one likes: nothing comes twice.

    A contract that fails is noted and does not stop the others.
    """
    day = min(through or today(at), today(at) + timedelta(days=31))
    result = InvoiceRun(at=at, through=day, by_label=by.label, problems=[])
    settings = ContractBilling.objects.order_by("pk")
    for billing in settings.filter(contract=contract) if contract is not None else settings:
        _contract(billing, day, at, result)
    result.save()
    return result


def _contract(billing: ContractBilling, day: date, at: datetime, result: InvoiceRun) -> None:
    """One that fails is noted, and neither stops other contracts nor the other documents of its own."""
    with _noting(billing, result):
        result.planned += len(plan_contract(billing_id=billing.pk, through=day, at=at))
    open_ones = InvoiceOrder.objects.filter(contract=billing.contract).exclude(state=InvoiceOrder.State.DONE)
    for order in open_ones.order_by("pk"):
        with _noting(billing, result):
            result.sent += issuing.issue(order_id=order.pk, at=at)


@contextmanager
def _noting(billing: ContractBilling, result: InvoiceRun) -> Iterator[None]:
    try:
        yield
    except (Refused, TryAgain) as error:
        log.warning("contract_not_invoiced", contract=billing.contract_id, error=str(error))
        result.problems.append({"contract": billing.contract_id, "why": str(error)[:300]})

"""Money that came to the agency's bank, matched with invoices by hand."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.billing import outbox
from newsroom.billing.gateway import Declined
from newsroom.billing.invoicing.refusals import BillingRefused
from newsroom.billing.models import Account, BankPayment, Invoice, OutboxCall
from newsroom.billing.sync import sync
from newsroom.core import audit
from newsroom.core.money import Money
from newsroom.licensing.contracts.book import today

State = BankPayment.State


def by_number(number: str) -> Invoice:
    """The invoice an organisation was sent under this number. Raises `BillingRefused`."""
    own = Invoice.objects.filter(account__organisation__isnull=False).exclude(status="draft")
    found = own.filter(number__iexact=number.strip()).first()
    if found is None:
        raise BillingRefused(_("There is no invoice of this number."), "number")
    return found


def received(invoice: Invoice) -> int:
    """What came of its sum so far, in minor units, while the rest is awaited."""
    parts = BankPayment.objects.filter(invoice_ref=invoice.stripe_id, state=State.PART)
    return int(parts.aggregate(sum=Sum("amount_minor"))["sum"] or 0)


def record(
    *, invoice: Invoice, amount: Money, received_on: date, reference: str, by: User, at: datetime
) -> BankPayment:
    """The transfer is booked. With what came before it pays the invoice, or it waits as a part of its sum.

    Raises `BillingRefused` on `number`, `amount`, `received_on` or `reference`; `Declined`, `Unanswered`.
    """
    payment, call = _book(invoice, amount, received_on, reference.strip(), by, at)
    if call is not None:
        try:
            outbox.send(call=call, at=at)
        except Declined:
            BankPayment.objects.filter(call=call).update(state=State.UNDONE, undone_at=at)
            raise
        sync(account_id=invoice.account_id, at=at)
    return payment


@transaction.atomic
def _book(
    invoice: Invoice, amount: Money, received_on: date, reference: str, by: User, at: datetime
) -> tuple[BankPayment, OutboxCall | None]:
    Account.objects.select_for_update(of=("self",)).get(pk=invoice.account_id)
    invoice = Invoice.objects.select_related("account").get(pk=invoice.pk)
    missing = invoice.remaining_minor - received(invoice)
    _check(invoice, amount, missing, received_on, reference, at)
    payment = BankPayment.objects.create(
        invoice_ref=invoice.stripe_id,
        account=invoice.account,
        amount_minor=amount.minor,
        currency=amount.currency,
        received_on=received_on,
        reference=reference,
        state=State.PART,
        by=by,
        by_label=by.actor.label,
        created_at=at,
    )
    facts = {"invoice": str(invoice), "amount": str(amount), "reference": reference}
    audit.record("billing.transfer", by=by.actor, of=payment, at=at, facts=facts)
    return payment, _pay(invoice, payment, at) if amount.minor == missing else None


def _pay(invoice: Invoice, payment: BankPayment, at: datetime) -> OutboxCall:
    params = {"subject": invoice.stripe_id, "paid_out_of_band": True}
    call = outbox.ask(operation="invoice.pay", params=params, account=invoice.account, at=at)
    parts = BankPayment.objects.filter(invoice_ref=invoice.stripe_id, state=State.PART)
    parts.update(state=State.PAID, call=call)
    payment.state, payment.call = State.PAID, call
    return call


def _check(invoice: Invoice, amount: Money, missing: int, received_on: date, reference: str, at: datetime) -> None:
    if invoice.status not in {"open", "uncollectible"}:
        raise BillingRefused(
            _("Invoice %(number)s is not open: nothing is to be paid on it.") % {"number": invoice}, "number"
        )
    if amount.currency != invoice.currency:
        raise BillingRefused(_("The invoice is in %(currency)s.") % {"currency": invoice.currency.upper()}, "amount")
    if amount.minor <= 0:
        raise BillingRefused(_("Something must have come."), "amount")
    if amount.minor > missing:
        still = Money(missing, invoice.currency)
        raise BillingRefused(
            _("Only %(amount)s is still to be paid. Book that, and send the rest back.") % {"amount": still}, "amount"
        )
    if received_on > today(at):
        raise BillingRefused(_("This day has not come."), "received_on")
    if not reference:
        raise BillingRefused(_("Give the bank's reference: it is how this transfer is found again."), "reference")
    known = BankPayment.objects.filter(account_id=invoice.account_id, reference=reference, received_on=received_on)
    if known.filter(amount_minor=amount.minor).exclude(state=State.UNDONE).exists():
        raise BillingRefused(_("This transfer is booked already."), "reference")


@transaction.atomic
def undo(*, payment: BankPayment, by: User, at: datetime, why: str) -> None:
    """The transfer counts for nothing any more. Undone already: nothing.

    Raises `BillingRefused` once the invoice is paid with it: what is paid stays paid, and is credited instead.
    """
    Account.objects.select_for_update(of=("self",)).get(pk=payment.account_id)
    held = BankPayment.objects.get(pk=payment.pk)
    if held.state == State.UNDONE:
        return
    if held.state == State.PAID:
        raise BillingRefused(
            _("The invoice is paid with it, and a paid invoice stays so. Write a credit note, and a new invoice.")
        )
    BankPayment.objects.filter(pk=held.pk).update(state=State.UNDONE, undone_at=at)
    audit.record("billing.transfer_undone", by=by.actor, of=held, at=at, why=why)

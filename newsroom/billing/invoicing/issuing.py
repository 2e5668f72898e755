"""An order becomes an invoice or a credit note at Stripe: one call after the other, each noted before it is made.

Whatever breaks off is taken up at the call that has no answer, with that call's key: Stripe does nothing twice.
"""

from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsroom.billing import outbox
from newsroom.billing.gateway import Body, Declined
from newsroom.billing.invoicing import mails
from newsroom.billing.invoicing.accounts import customer
from newsroom.billing.invoicing.refusals import BillingRefused
from newsroom.billing.models import BillingDetails, Invoice, InvoiceOrder, InvoicePlan, OrderStep, OutboxCall
from newsroom.billing.sync import sync
from newsroom.core import audit
from newsroom.core.audit import SYSTEM
from newsroom.licensing.contracts.dates import last_day, moment

State, Kind = InvoiceOrder.State, InvoiceOrder.Kind
Step = tuple[str, str, Body]
"""Its name, the operation, the parameters."""


def issue(*, order_id: int, at: datetime) -> bool:
    """The order is written at Stripe and sent; True when that is so now and was not before.

    Raises `BillingRefused`, `Declined`, `Unanswered`; what was done stays, and is not done again.
    """
    order = InvoiceOrder.objects.select_related("contract__organisation", "account", "credits").get(pk=order_id)
    if order.state == State.DONE:
        return False
    account = customer(order.account, at)
    for step in _steps(order, str(account.stripe_customer_id), at):
        _take(order, step, at)
    sync(account_id=order.account_id, at=at)
    return _finish(order, at)


def _steps(order: InvoiceOrder, customer_id: str, at: datetime) -> Iterator[Step]:
    """Each is worked out when the one before it has its answer."""
    if order.kind == Kind.CREDIT:
        yield from _credit_note(order)
        return
    yield "draft", "invoice.create", _draft(order, customer_id, at)
    for row in order.plans.order_by("pk"):
        yield f"item:{row.pk}", "invoice_item.create", _item(order, row, customer_id)
    yield "final", "invoice.finalize", {"subject": order.document_ref}
    yield "sent", "invoice.send", {"subject": order.document_ref}


def _draft(order: InvoiceOrder, customer_id: str, at: datetime) -> Body:
    details = BillingDetails.objects.get(account=order.account)
    with translation.override(order.contract.locale):
        fields = [(_("Contract"), order.contract.number), (_("Purchase order"), order.po_number)]
        fields.append((_("Your VAT id"), details.vat_id))
    return {
        "customer": customer_id,
        "currency": order.currency,
        "collection_method": "send_invoice",
        "days_until_due": order.payment_days,
        "auto_advance": False,
        "pending_invoice_items_behavior": "exclude",
        "custom_fields": [{"name": name, "value": value} for name, value in fields if value],
        "metadata": {"contract": order.contract.number, "order": str(order.pk)},
    } | ({"footer": settings.BANK_DETAILS} if settings.BANK_DETAILS else {})


def _item(order: InvoiceOrder, row: InvoicePlan, customer_id: str) -> Body:
    return {
        "customer": customer_id,
        "invoice": order.document_ref,
        "amount": row.amount_minor,
        "currency": row.currency,
        "description": described(order, row),
        "period": {"start": _seconds(row.on), "end": _seconds(row.until)},
        "metadata": {"contract": order.contract.number, "line": str(row.line), "plan": str(row.pk), "kind": row.kind},
    }


def described(order: InvoiceOrder, row: InvoicePlan) -> str:
    """The line in the contract's language."""
    with translation.override(order.contract.locale):
        days = {
            "title": row.title,
            "first": date_format(row.on, "j F Y"),
            "last": date_format(last_day(row.until), "j F Y"),
        }
        if row.kind == InvoicePlan.Kind.CREDIT:
            return _("Credit: %(title)s, %(first)s – %(last)s") % days
        return _("%(title)s, %(first)s – %(last)s") % days


def _zone() -> tzinfo:
    return timezone.get_default_timezone()


def _seconds(day: date) -> int:
    return int(moment(day, _zone()).timestamp())


def _credit_note(order: InvoiceOrder) -> Iterator[Step]:
    former = order.credits
    if former is None or former.state != State.DONE:
        raise BillingRefused(_("The invoice that is to be credited is not written yet."))
    invoice = Invoice.objects.get(stripe_id=former.document_ref)
    rows = list(order.plans.order_by("pk"))
    total = -sum(each.amount_minor for each in rows)
    over = max(0, total - (invoice.remaining_minor if invoice.status == "open" else 0))
    lines = [
        {
            "type": "custom_line_item",
            "description": described(order, each),
            "quantity": 1,
            "unit_amount": -each.amount_minor,
        }
        for each in rows
    ]
    yield (
        "credit",
        "credit_note.create",
        {
            "invoice": invoice.stripe_id,
            "lines": lines,
            "reason": "order_change",
            "metadata": {"contract": order.contract.number, "order": str(order.pk)},
        }
        | ({"credit_amount": over} if over else {})
        | ({"memo": order.why} if order.why else {}),
    )


def _take(order: InvoiceOrder, step: Step, at: datetime) -> None:
    """The step's call has its answer. One that was refused is asked anew; one nobody answered, with its key."""
    name, operation, params = step
    call = _noted(order, name, operation, params, at)
    if call.state == OutboxCall.State.DONE:
        _answered(order, name, call.answer_id)
        return
    try:
        answer = outbox.send(call=call, at=at)
    except Declined as error:
        _stick(order, str(error))
        raise
    _answered(order, name, answer["id"])


@transaction.atomic
def _noted(order: InvoiceOrder, name: str, operation: str, params: Body, at: datetime) -> OutboxCall:
    InvoiceOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    step = OrderStep.objects.select_related("call").filter(order=order, name=name).first()
    states = OutboxCall.State
    if step is not None and step.call.state in {states.QUEUED, states.DONE}:
        return step.call
    if step is not None and step.call.state == states.DEAD:
        raise BillingRefused(_("Nobody knows whether Stripe did this. Look at it there first."))
    call = outbox.ask(operation=operation, params=params, account=order.account, at=at)
    OrderStep.objects.update_or_create(order=order, name=name, defaults={"call": call})
    return call


def _answered(order: InvoiceOrder, name: str, answer_id: str) -> None:
    if name in {"draft", "credit"} and order.document_ref != answer_id:
        InvoiceOrder.objects.filter(pk=order.pk).update(document_ref=answer_id)
        order.document_ref = answer_id


def _stick(order: InvoiceOrder, problem: str) -> None:
    InvoiceOrder.objects.filter(pk=order.pk).update(state=State.STUCK, problem=problem[:300])


@transaction.atomic
def _finish(order: InvoiceOrder, at: datetime) -> bool:
    waiting = InvoiceOrder.objects.filter(pk=order.pk).exclude(state=State.DONE)
    if not waiting.update(state=State.DONE, done_at=at, problem=""):
        return False
    facts: dict[str, Any] = {"order": order.pk, "document": order.document_ref}
    audit.record("contract.invoiced", by=SYSTEM, of=order.contract, at=at, facts=facts)
    if order.kind == Kind.INVOICE:
        mails.announce(order, at)
    return True

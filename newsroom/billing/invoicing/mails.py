"""Mail about invoices of contracts. Each has a key, so that the same news reaches an address once."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from newsroom.billing.invoicing.accounts import recipients
from newsroom.billing.models import ContractBilling, Invoice, InvoiceOrder
from newsroom.core import mail
from newsroom.licensing.contracts.book import today
from newsroom.licensing.contracts.dates import last_day


def announce(order: InvoiceOrder, at: datetime) -> None:
    """The invoice is on its way to everybody who is to have it."""
    billing = ContractBilling.objects.select_related("contract__organisation").get(contract=order.contract)
    invoice = Invoice.objects.get(stripe_id=order.document_ref)
    if invoice.remaining_minor > 0:
        post(billing, invoice, "contract_invoice", f"invoice-sent:{invoice.stripe_id}", at)


def remind(billing: ContractBilling, invoice: Invoice, step: str, at: datetime) -> None:
    """It was not paid by its day. `step`: which reminder; the last one names the day on which licences end."""
    ends = billing.contract.rests_from
    context = {"step": step, "rests_on": today(ends) if ends else None}
    post(billing, invoice, "contract_reminder", f"dunning:{step}:{invoice.stripe_id}", at, **context)


def resting(billing: ContractBilling, invoice: Invoice, at: datetime) -> None:
    post(billing, invoice, "contract_resting", f"dunning:rest:{invoice.stripe_id}:{billing.suspended_at}", at)


def released(billing: ContractBilling, invoice: Invoice, since: datetime, at: datetime) -> None:
    post(billing, invoice, "contract_released", f"dunning:release:{since.isoformat()}:{billing.pk}", at)


def post(billing: ContractBilling, invoice: Invoice, kind: str, key: str, at: datetime, **more: Any) -> None:
    organisation = billing.contract.organisation
    context = {
        "number": str(invoice),
        "contract": billing.contract.number,
        "organisation": organisation.name,
        "po_number": billing.po_number,
        "total": invoice.total,
        "remaining": invoice.remaining,
        "due_on": today(invoice.due_at) if invoice.due_at else None,
        "lines": [line["description"] for line in invoice.lines],
        "pay_url": invoice.hosted_url,
        "invoices_url": settings.BASE_URL + reverse("organisation_invoices", args=[organisation.slug]),
        "last_day": last_day(today(billing.contract.rests_from)) if billing.contract.rests_from else None,
    }
    for address, locale in recipients(billing, at):
        mail.post(key=f"{key}:{address}", to=address, kind=kind, locale=locale, context=context | more, at=at)

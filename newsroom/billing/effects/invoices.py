"""What follows when an invoice changed: a receipt."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from newsroom.billing.effects.people import told
from newsroom.billing.mirror import Change
from newsroom.billing.models import Account, ContractBilling, Invoice
from newsroom.core import mail
from newsroom.core.jobs import enqueue


def follow(account: Account, change: Change, at: datetime) -> None:
    """One receipt for each invoice that was paid with money."""
    invoice: Invoice = change.now
    if invoice.contract_ref and (change.was is None or change.was.status != invoice.status):
        _settle_contract(invoice)
    if invoice.status != "paid" or invoice.total_minor <= 0:
        return
    for person in told(account, at):
        context = {
            "name": person.first_name,
            "number": str(invoice),
            "total": invoice.total,
            "paid_at": invoice.paid_at or at,
            "lines": [line["description"] for line in invoice.lines],
            "invoices_url": settings.BASE_URL + _invoices_of(account),
        }
        own = "" if account.user else f":{person.pk}"
        mail.post(
            key=f"receipt:{invoice.stripe_id}{own}",
            to=person.email,
            kind="receipt",
            locale=person.locale,
            context=context,
            at=at,
        )


def _invoices_of(account: Account) -> str:
    if account.organisation is None:
        return reverse("invoices")
    return reverse("organisation_invoices", args=[account.organisation.slug])


def _settle_contract(invoice: Invoice) -> None:
    """What a contract's licences may do hangs on what is paid of it: looked at as soon as this is true."""
    for billing in ContractBilling.objects.filter(contract__number=invoice.contract_ref):
        enqueue("billing.dun_contract", billing_id=billing.pk)

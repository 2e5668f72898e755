"""What follows when an invoice changed: a receipt."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from newsroom.billing.effects.people import told
from newsroom.billing.mirror import Change
from newsroom.billing.models import Account, Invoice
from newsroom.core import mail


def follow(account: Account, change: Change, at: datetime) -> None:
    """One receipt for each invoice that was paid with money."""
    invoice: Invoice = change.now
    if invoice.status != "paid" or invoice.total_minor <= 0:
        return
    for person in told(account, at):
        context = {
            "name": person.first_name,
            "number": str(invoice),
            "total": invoice.total,
            "paid_at": invoice.paid_at or at,
            "lines": [line["description"] for line in invoice.lines],
            "invoices_url": settings.BASE_URL + reverse("invoices"),
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

"""How an account's next purchase is taxed, and the rate of it at Stripe."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from newsroom.billing import outbox
from newsroom.billing.gateway import Body
from newsroom.billing.models import Account, Company, Order, OutboxCall
from newsroom.billing.vat import Buyer, Treatment, treated

REVERSE_CHARGE = "Reverse charge: VAT is owed by the recipient (Directive 2006/112/EC, Articles 44 and 196)."

__all__ = ["Treatment", "rate_at_stripe", "said_on_invoice", "treatment_of"]


def treatment_of(account: Account, *, business: bool) -> Treatment:
    """How a sale to this account is taxed now. Without any address we take our own country."""
    seller = settings.SELLER_COUNTRY
    company = Company.objects.filter(account=account).first()
    country = (company.country if company else account.country) or seller
    found = treated(Buyer(country, business=business, trusted=bool(company and company.trusted)), seller=seller)
    return replace(found, company=company.name, vat_id=company.vat_id) if company else found


def rate_at_stripe(treatment: Treatment, *, at: datetime) -> str:
    """The id of the tax rate at Stripe, made when there is none yet; empty where no tax is ours. Asks Stripe once."""
    if not treatment.percentage:
        return ""
    params: Body = {
        "display_name": "VAT",
        "percentage": treatment.percentage,
        "inclusive": treatment.inclusive,
        "country": treatment.country,
        "metadata": {"table": "taxes.toml"},
    }
    made = OutboxCall.objects.filter(operation="tax_rate.create", params=params, state=OutboxCall.State.DONE).first()
    if made is not None:
        return made.answer_id
    with transaction.atomic():
        call = outbox.ask(operation="tax_rate.create", params=params, account=None, at=at)
    return str(outbox.send(call=call, at=at)["id"])


def said_on_invoice(order: Order) -> Body:
    """What the invoice says besides: the buyer's order number, and that the recipient owes the tax."""
    company = Company.objects.filter(account_id=order.account_id).first()
    said: Body = {"footer": REVERSE_CHARGE} if order.tax.get("reverse_charge") else {}
    if company and company.po_number:
        said["custom_fields"] = [{"name": "PO number", "value": company.po_number}]
    return said

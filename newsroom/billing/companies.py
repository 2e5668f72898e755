"""Company data: written by the buyer, told to Stripe, verified by the register, and accepted by staff where that is needed."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.billing import actions, outbox
from newsroom.billing.gateway import Body, Declined
from newsroom.billing.models import Account, Company, OutboxCall
from newsroom.billing.sync import sync
from newsroom.billing.vat import BadVatId, VatId, vat_id
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused


class NoReason(Refused):
    """What staff overrides, it says why."""

    status = 400


@dataclass(frozen=True, slots=True)
class Given:
    """What the buyer wrote."""

    name: str
    line1: str
    city: str
    country: str
    line2: str = ""
    postal_code: str = ""
    vat_id: str = ""
    po_number: str = ""


def save(*, user: User, given: Given, by: Actor, at: datetime) -> Company:
    """The account's invoices are for this company from now on. Raises `BadVatId`, `Declined`, `Unanswered`."""
    number = vat_id(given.country, given.vat_id) if given.vat_id.strip() else VatId("", "")
    account = actions.account_of(user=user, at=at)
    actions._give_customer(account, at)
    company, calls = _noted(account, given, number, by, at)
    for call in calls:
        _sent(call, company, at)
    sync(account_id=account.pk, at=at)
    company.refresh_from_db()
    return company


@transaction.atomic
def _noted(account: Account, given: Given, number: VatId, by: Actor, at: datetime) -> tuple[Company, list[OutboxCall]]:
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    former = Company.objects.filter(account=account).first()
    facts = asdict(given) | {"vat_id": number.value, "vat_kind": number.kind, "changed_at": at}
    same = former is not None and (former.vat_kind, former.vat_id) == (number.kind, number.value)
    if not same:
        facts |= {"standing": "pending" if number.value else "", "stripe_tax_id": "", "verified_name": ""}
        facts |= {"accepted_why": "", "accepted_by": "", "flagged_at": None}
    company, _made = Company.objects.update_or_create(account=account, defaults=facts)
    audit.record("billing.company_saved", by=by, of=company, at=at, facts={"country": given.country})
    wishes = [("customer.update", _customer(account, company))]
    if former is not None and former.stripe_tax_id and not same:
        wishes.append(("tax_id.delete", {"subject": [account.stripe_customer_id, former.stripe_tax_id]}))
    if number.value and not same:
        told = {"subject": account.stripe_customer_id, "type": number.kind, "value": number.value}
        wishes.append(("tax_id.create", told))
    return company, [outbox.ask(operation=name, params=params, account=account, at=at) for name, params in wishes]


def _customer(account: Account, company: Company) -> Body:
    fields = [{"name": "PO number", "value": company.po_number}] if company.po_number else ""
    parts = {name: getattr(company, name) for name in ("line1", "line2", "city", "postal_code", "country")}
    address = {name: part for name, part in parts.items() if part}  # Stripe takes no empty part
    params: dict[str, Any] = {"subject": account.stripe_customer_id, "name": company.name, "address": address}
    return params | {"invoice_settings": {"custom_fields": fields}}


def _sent(call: OutboxCall, company: Company, at: datetime) -> None:
    """A VAT id that Stripe does not take is none of ours either; the rest of what was written stays."""
    try:
        outbox.send(call=call, at=at)
    except Declined as error:
        if call.operation == "tax_id.delete":  # gone already
            return
        if call.operation != "tax_id.create":
            raise
        Company.objects.filter(pk=company.pk).update(vat_id="", vat_kind="", standing="")
        raise BadVatId(_("The register does not know such a VAT ID: %(why)s") % {"why": error}) from error


@transaction.atomic
def accept(*, company: Company, why: str, by: Actor, at: datetime) -> None:
    """Staff takes the VAT id as good although no register has confirmed it. Raises `NoReason`."""
    if not why.strip():
        raise NoReason(_("Say why the VAT ID is accepted."))
    Company.objects.filter(pk=company.pk).update(accepted_why=why.strip(), accepted_by=by.label, flagged_at=None)
    audit.record("billing.vat_id_accepted", by=by, of=company, at=at, why=why.strip())

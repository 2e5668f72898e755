"""The organisation as a customer: one account, one customer at Stripe, with the name and address of its invoices."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import Organisation
from newsroom.billing import outbox
from newsroom.billing.gateway import Body
from newsroom.billing.invoicing.refusals import BillingRefused
from newsroom.billing.models import Account, BillingDetails, ContractBilling
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.countries import countries
from newsroom.licensing.contracts.mails import customers
from newsroom.licensing.models import Contract

FIELDS = ("name", "line1", "line2", "city", "postal_code", "country", "vat_id", "locale")


def account_of(organisation: Organisation, at: datetime) -> Account:
    """The organisation's paying account, made when there is none."""
    return Account.objects.get_or_create(organisation=organisation, defaults={"created_at": at})[0]


@transaction.atomic
def describe(*, account: Account, by: Actor, at: datetime, **facts: str) -> BillingDetails:
    """The organisation stands so on its invoices from now on; Stripe is told. The same again changes nothing.

    Raises `BillingRefused` on `name` or `country`.
    """
    known = {name: facts.get(name, "").strip() for name in FIELDS} | {"locale": facts.get("locale") or "en"}
    if not known["name"]:
        raise BillingRefused(_("An invoice is made out to a name."), "name")
    if known["country"] not in countries("en"):
        raise BillingRefused(_("Choose a country."), "country")
    held = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    was = BillingDetails.objects.filter(account=held).first()
    if was is not None and all(getattr(was, name) == value for name, value in known.items()):
        return was
    details, _made = BillingDetails.objects.update_or_create(account=held, defaults=known)
    audit.record("billing.details", by=by, of=held, at=at)
    if held.stripe_customer_id is not None:
        params = {"subject": held.stripe_customer_id} | customer_of(held, details, at)
        outbox.ask(operation="customer.update", params=params, account=held, at=at)
    return details


def customer_of(account: Account, details: BillingDetails, at: datetime) -> Body:
    """The customer as Stripe is told."""
    lines = {name: getattr(details, name) for name in ("line1", "line2", "city", "postal_code", "country")}
    facts: Body = {
        "name": details.name,
        "address": {name: each for name, each in lines.items() if each},
        "preferred_locales": [details.locale],
        "metadata": {"account": str(account.pk)},
    }
    assert account.organisation is not None  # only organisations have details
    first = next((each.email for each in customers(account.organisation, at)), "")
    return facts | ({"email": first} if first else {})


def customer(account: Account, at: datetime) -> Account:
    """The account with its one customer at Stripe, made under the account's lock. Raises `Declined`, `Unanswered`,
    `BillingRefused` without details."""
    with transaction.atomic():
        held = Account.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=account.pk)
        if held.stripe_customer_id is not None:
            return held
        details = BillingDetails.objects.filter(account=held).first()
        if details is None:
            raise BillingRefused(_("Name and address for the invoice are missing."), "name")
        call = outbox.ask(operation="customer.create", params=customer_of(held, details, at), account=held, at=at)
    outbox.send(call=call, at=at)
    return Account.objects.get(pk=account.pk)


def recipients(billing: ContractBilling, at: datetime) -> list[tuple[str, str]]:
    """Who gets the invoices: (address, language). The named ones, else the organisation's owners and billing people."""
    if billing.recipients:
        return [(each, billing.contract.locale) for each in billing.recipients]
    return [(each.email, each.locale) for each in customers(billing.contract.organisation, at)]


@transaction.atomic
def set_up(*, contract: Contract, by: Actor, at: datetime, **facts: Any) -> ContractBilling:
    """The contract is invoiced like this from now on. The same again changes nothing. Raises `BillingRefused`."""
    was = ContractBilling.objects.select_for_update(of=("self",)).filter(contract=contract).first()
    check(facts)
    if was is not None and all(getattr(was, name) == value for name, value in facts.items()):
        return was
    if was is not None and "arrears" in facts and facts["arrears"] != was.arrears and contract.plans.exists():
        raise BillingRefused(_("Something is invoiced already: this stays as it is."), "arrears")
    billing, _made = ContractBilling.objects.update_or_create(
        contract=contract, defaults=facts, create_defaults={"created_at": at, **facts}
    )
    said = {name: str(value) for name, value in facts.items()}
    audit.record("contract.billing", by=by, of=contract, at=at, facts=said)
    account_of(contract.organisation, at)
    return billing


def check(facts: dict[str, Any]) -> None:
    """Raises `BillingRefused` on its field."""
    steps = [facts.get(name) for name in ("reminder_1", "reminder_2", "reminder_3", "grace_days")]
    given = [each for each in steps if each is not None]
    if given != sorted(given):
        raise BillingRefused(_("Each step comes after the one before it."), "grace_days")
    if any(each < 0 or each > 730 for each in given):
        raise BillingRefused(_("A step is at most two years after the day of payment."), "grace_days")

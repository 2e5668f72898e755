"""An accepted quote becomes a contract."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from newsroom.accounts.models import Organisation
from newsroom.core.audit import SYSTEM
from newsroom.licensing.contracts.actions.activating import activate
from newsroom.licensing.contracts.terms import MONTHS_OF, Terms
from newsroom.licensing.models import Contract, Indexation, Lead, Quote
from newsroom.licensing.models.quote import Terms as Offered
from newsroom.licensing.selling import trials


@transaction.atomic
def activate_quote(*, quote_id: int, at: datetime) -> Contract | None:
    """The contract of this quote, made once. None while it is not accepted. Raises as `activate` does.

    A customer who is no organisation yet becomes one, and whoever the offer was sent to its owner.
    """
    quote = (
        Quote.objects.select_for_update(of=("self",)).select_related("organisation", "manager", "lead").get(pk=quote_id)
    )
    if quote.state != Quote.State.ACCEPTED:
        return None
    return activate(
        organisation=_customer(quote, at),
        lines=quote.lines,
        terms=terms_of(quote.terms),
        starts_on=quote.starts_on,
        currency=quote.currency,
        manager=quote.manager,
        source_ref=f"quote/{quote.pk}",
        locale=quote.locale,
        by=SYSTEM,
        at=at,
        why=str(quote),
    )


def _customer(quote: Quote, at: datetime) -> Organisation:
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=quote.lead_id) if quote.lead_id else None
    known = quote.organisation or (lead.organisation if lead else None)
    made = Contract.objects.select_related("organisation").filter(source_ref=f"quote/{quote.pk}").first()
    if known is not None or made is not None:
        return known or made.organisation  # type: ignore[union-attr]  # one of them
    base = slugify(quote.customer)[:60] or "customer"
    slug = f"{base}-{quote.pk}" if Organisation.objects.filter(slug=base).exists() else base
    customer = Organisation.objects.create(name=quote.customer, slug=slug, country=quote.country, created_at=at)
    if lead is not None:
        Lead.objects.filter(pk=lead.pk).update(organisation=customer)
    facts = {"email": quote.contact_email, "name": quote.contact_name, "locale": quote.locale}
    trials.admit(organisation=customer, by=SYSTEM, at=at, **facts)
    return customer


def terms_of(offered: Offered) -> Terms:
    """What was offered, as a contract says it. A consumer price index is told at each renewal; the rate is its cap."""
    rates: dict[str, tuple[int | None, int | None]] = {
        Indexation.NONE: (None, None),
        Indexation.FIXED: (offered.indexation_rate, None),
        Indexation.CPI: (0, offered.indexation_rate),
    }
    indexation, cap = rates[offered.indexation]
    return Terms(
        term_months=offered.term_months,
        notice_days=offered.notice_days,
        auto_renew=offered.auto_renew,
        indexation=indexation,
        cap=cap,
        interval=offered.billing_interval if offered.billing_interval in MONTHS_OF else "year",
        payment_days=offered.payment_days,
    )

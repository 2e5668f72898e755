"""Writing a quote: its terms and its lines. Whatever changes it sends it back to draft; what was sent is frozen."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import Organisation, User
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.money import Money
from newsroom.licensing.lines import Line
from newsroom.licensing.models import Interval, Lead, Quote, QuoteLine
from newsroom.licensing.selling import checks, pricing
from newsroom.licensing.selling.errors import BadOffer, NotNow, QuoteFrozen
from newsroom.licensing.selling.pricing import Priced

OPEN = (Quote.State.DRAFT, Quote.State.WAITING, Quote.State.APPROVED)
"""The states in which a quote may still be written."""
CARRIED = ["lead_id", "organisation_id", "manager_id", *(name for name in checks.TERMS if name != "valid_until")]
"""What a new revision takes over."""


@transaction.atomic
def draft(
    *,
    lead: Lead | None,
    organisation: Organisation | None,
    manager: User,
    content: Mapping[str, Any],
    by: Actor,
    at: datetime,
) -> Quote:
    """A new quote, without lines. `content`: the fields of `checks.TERMS`. Raises `BadOffer`."""
    if lead is None and organisation is None:
        raise BadOffer("organisation", _("A quote is for a lead or an organisation."))
    checks.terms(content, at)
    quote = Quote.objects.create(
        lead=lead,
        organisation=organisation,
        manager=manager,
        created_at=at,
        **{name: content[name] for name in checks.TERMS},
    )
    audit.record("quote.drafted", by=by, of=quote, at=at)
    return quote


@transaction.atomic
def revise(*, quote: Quote, valid_until: datetime, by: Actor, at: datetime) -> Quote:
    """A draft that will take the place of a quote that was sent, with its terms and lines. Raises `NotNow`."""
    quote = Quote.objects.select_for_update(of=("self",)).get(pk=quote.pk)
    if not quote.frozen or quote.state in {Quote.State.ACCEPTED, Quote.State.SUPERSEDED}:
        raise NotNow(_("Only a quote that was sent, and not accepted, gets a new revision."))
    if Quote.objects.filter(revises=quote).exists():
        raise NotNow(_("There is a newer revision already."))
    facts = {name: getattr(quote, name) for name in CARRIED}
    revision = Quote.objects.create(
        revises=quote, revision=quote.revision + 1, valid_until=valid_until, created_at=at, **facts
    )
    rows = quote.rows.order_by("position", "pk")
    QuoteLine.objects.bulk_create(
        QuoteLine(
            quote=revision,
            position=row.position,
            content=row.content,
            list_minor=row.list_minor,
            from_card=row.from_card,
        )
        for row in rows
    )
    audit.record("quote.revised", by=by, of=revision, at=at, facts={"revises": quote.pk})
    return revision


@transaction.atomic
def set_terms(*, quote: Quote, content: Mapping[str, Any], by: Actor, at: datetime) -> None:
    """Change the terms. Raises `QuoteFrozen`, `NotNow` and `BadOffer`."""
    quote = _opened(quote)
    checks.terms(content, at)
    if content["currency"] != quote.currency and quote.rows.exists():
        raise BadOffer("currency", _("Remove the lines before you change the currency."))
    Quote.objects.filter(pk=quote.pk).update(**{name: content[name] for name in checks.TERMS})
    _reopened(quote, by=by, at=at, action="quote.changed")


@transaction.atomic
def add_line(*, quote: Quote, line: Line, priced: Priced | None, listed: Money, by: Actor, at: datetime) -> QuoteLine:
    """A line more. `priced`: by the rate card; None: `listed` was set by hand. Raises as `set_terms` and `BadTerms`."""
    quote = _opened(quote)
    line = _with_discount(line, listed, priced)
    checks.line(line, quote)
    last = quote.rows.order_by("-position").values_list("position", flat=True).first()
    row = QuoteLine.objects.create(
        quote=quote,
        position=(last or 0) + 1,
        content=line.as_json(),
        list_minor=_basis(listed, priced).minor,
        from_card=list(priced.rows) if priced else [],
    )
    _reopened(quote, by=by, at=at, action="quote.line_added")
    return row


@transaction.atomic
def change_line(*, row: QuoteLine, line: Line, priced: Priced | None, listed: Money, by: Actor, at: datetime) -> None:
    """The line says this now. Raises as `add_line`."""
    quote = _opened(row.quote)
    line = _with_discount(line, listed, priced)
    checks.line(line, quote)
    facts = {"list_minor": _basis(listed, priced).minor, "from_card": list(priced.rows) if priced else []}
    QuoteLine.objects.filter(pk=row.pk).update(content=line.as_json(), **facts)
    _reopened(quote, by=by, at=at, action="quote.line_changed")


@transaction.atomic
def remove_line(*, row: QuoteLine, by: Actor, at: datetime) -> None:
    """Take a line away. Raises `QuoteFrozen` and `NotNow`."""
    quote = _opened(row.quote)
    QuoteLine.objects.filter(pk=row.pk).delete()
    _reopened(quote, by=by, at=at, action="quote.line_removed")


def _basis(listed: Money, priced: Priced | None) -> Money:
    """What a discount is counted from: the card, where it has a price; a list price set by hand hides none."""
    return priced.price if priced else listed


def _with_discount(line: Line, listed: Money, priced: Priced | None) -> Line:
    """The line with the discount that its price truly is."""
    return replace(line, discount=pricing.discount_of(_basis(listed, priced), line.price))


def _opened(quote: Quote) -> Quote:
    quote = Quote.objects.select_for_update(of=("self",)).get(pk=quote.pk)
    if quote.frozen:
        raise QuoteFrozen(_("This quote was sent, so it is not changed any more. Make a new revision."))
    if quote.state not in OPEN:
        raise NotNow(_("This quote was withdrawn."))
    return quote


def _reopened(quote: Quote, *, by: Actor, at: datetime, action: str) -> None:
    """What was approved is not what it says now."""
    facts = {"state": Quote.State.DRAFT, "submitted_by": None, "approved_by": None, "approved_at": None}
    Quote.objects.filter(pk=quote.pk).update(**facts)
    audit.record(action, by=by, of=quote, at=at)


def interval_label(interval: str) -> str:
    """`a year`, in the active language."""
    return str(Interval(interval).label)

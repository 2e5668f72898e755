"""Sending a quote: its document is issued, its link is mailed, and from then on it is frozen."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.core import audit, mail
from newsroom.core.audit import Actor
from newsroom.licensing.documents import actions as documents
from newsroom.licensing.models import Document, Kind, Lead, Quote
from newsroom.licensing.selling import leads, papers
from newsroom.licensing.selling.errors import BadOffer, NotNow

TOKEN_BYTES = 16
"""128 random bits."""


def digest_of(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def send(*, quote: Quote, by: Actor, at: datetime) -> Quote:
    """Issue the document and mail the link to it. Supersedes the revision before. Raises `NotNow` and `BadOffer`."""
    quote = Quote.objects.select_for_update(of=("self",)).get(pk=quote.pk)
    if quote.state != Quote.State.APPROVED:
        raise NotNow(_("Only an approved quote is sent."))
    if quote.valid_until <= at:
        raise BadOffer("valid_until", _("The offer would have expired already."))
    replaced = _supersede(quote)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    quote.document = documents.issue(
        kind=Kind.QUOTE,
        subject=quote,
        data=papers.of_quote(quote),
        locale=quote.locale,
        valid_until=quote.valid_until,
        replaces=replaced,
        by=by,
        at=at,
    )
    quote.state, quote.sent_at, quote.token_digest = Quote.State.SENT, at, digest_of(token)
    quote.save(update_fields=["state", "sent_at", "token_digest", "document"])
    audit.record("quote.sent", by=by, of=quote, at=at, facts={"document": quote.document.number})
    if quote.lead is not None and quote.lead.state != Lead.State.WON:
        leads.move(lead=quote.lead, to=Lead.State.QUOTED, by=by, at=at)
    _post(quote, token, at)
    return quote


def _supersede(quote: Quote) -> Document | None:
    """The revision before holds no longer; answers its document."""
    if quote.revises_id is None:
        return None
    before = Quote.objects.select_for_update(of=("self",)).get(pk=quote.revises_id)
    if before.state == Quote.State.ACCEPTED:
        raise NotNow(_("The customer has accepted the revision before this one."))
    if before.state == Quote.State.SENT:
        Quote.objects.filter(pk=before.pk).update(state=Quote.State.SUPERSEDED)
    return before.document


@transaction.atomic
def renew_link(*, quote: Quote, by: Actor, at: datetime) -> None:
    """A new link for the same document; the one sent before opens nothing any more. Raises `NotNow`."""
    quote = Quote.objects.select_for_update(of=("self",)).get(pk=quote.pk)
    if quote.state_at(at) != Quote.State.SENT:
        raise NotNow(_("Only a quote that waits for an answer gets a new link."))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Quote.objects.filter(pk=quote.pk).update(token_digest=digest_of(token))
    audit.record("quote.link_renewed", by=by, of=quote, at=at)
    _post(quote, token, at)


@transaction.atomic
def withdraw(*, quote: Quote, why: str, by: Actor, at: datetime) -> None:
    """We offer this no longer. Raises `NotNow` and `BadOffer`."""
    if not why.strip():
        raise BadOffer("why", _("Say why."))
    quote = Quote.objects.select_for_update(of=("self",)).get(pk=quote.pk)
    if quote.state_at(at) not in {Quote.State.DRAFT, Quote.State.WAITING, Quote.State.APPROVED, Quote.State.SENT}:
        raise NotNow(_("This quote is answered or over; it cannot be withdrawn."))
    Quote.objects.filter(pk=quote.pk).update(state=Quote.State.WITHDRAWN)
    audit.record("quote.withdrawn", by=by, of=quote, at=at, why=why.strip())
    if quote.document is not None:
        documents.revoke(document=quote.document, why=why.strip(), by=by, at=at)


def _post(quote: Quote, token: str, at: datetime) -> None:
    mail.post(
        key=f"quote-sent-{quote.pk}-{digest_of(token)[:16]}",
        to=quote.contact_email,
        kind="quote_sent",
        locale=quote.locale,
        context={
            "name": quote.contact_name,
            "customer": quote.customer,
            "number": quote.document.number if quote.document else "",
            "valid_until": quote.valid_until,
            "manager": str(quote.manager),
            "intro": quote.intro,
            "offer_url": f"{settings.BASE_URL}/offers/{token}/",
        },
        at=at,
    )

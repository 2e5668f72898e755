"""The customer's answer: once, by the link, to the very document that was shown."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.core import audit, mail
from newsroom.core.audit import Actor
from newsroom.core.jobs import announce
from newsroom.licensing.models import Lead, Quote, QuoteAnswer
from newsroom.licensing.selling import leads
from newsroom.licensing.selling.errors import BadOffer, LinkGone
from newsroom.licensing.selling.sending import digest_of
from newsroom.licensing.signals import quote_accepted
from newsroom.wire.sanitise import clean_line, clean_text


@dataclass(frozen=True, slots=True)
class Signed:
    """Who answers, and from where."""

    name: str
    role: str
    address: str | None
    user_agent: str


def by_token(token: str) -> Quote | None:
    """The quote this link opens; None for a link we never sent, or one that was replaced."""
    found = Quote.objects.select_related("document", "manager", "lead", "answer")
    return found.filter(token_digest=digest_of(token)).exclude(token_digest="").first()


@transaction.atomic
def accept(*, token: str, signed: Signed, agreed: bool, digest: str, at: datetime) -> QuoteAnswer:
    """The customer accepts the document with this hash. Answered before: that answer, and nothing changes.

    Raises `LinkGone` for an offer that holds no longer, and `BadOffer`.
    """
    quote = _locked(token)
    if (before := QuoteAnswer.objects.filter(quote=quote).first()) is not None:
        return before
    _check_open(quote, at)
    if not clean_line(signed.name):
        raise BadOffer("name", _("Write your name."))
    if not clean_line(signed.role):
        raise BadOffer("role", _("Write in which role you sign."))
    if not agreed:
        raise BadOffer("agreed", _("You accept the offer only if you agree to it."))
    answer = _answered(quote, signed, accepted=True, reason="", digest=digest, at=at)
    if quote.lead is not None:
        leads.move(lead=quote.lead, to=Lead.State.WON, by=_actor(answer), at=at)
    announce(quote_accepted, quote_id=quote.pk)
    _confirm(quote, answer, token, at)
    return answer


@transaction.atomic
def decline(*, token: str, signed: Signed, reason: str, digest: str, at: datetime) -> QuoteAnswer:
    """The customer declines, with a reason. Answered before: that answer, and nothing changes. Raises as `accept`."""
    quote = _locked(token)
    if (before := QuoteAnswer.objects.filter(quote=quote).first()) is not None:
        return before
    _check_open(quote, at)
    if not clean_text(reason):
        raise BadOffer("reason", _("Tell us why, in a few words."))
    return _answered(quote, signed, accepted=False, reason=clean_text(reason), digest=digest, at=at)


def _locked(token: str) -> Quote:
    found = by_token(token)
    if found is None:
        raise LinkGone(_("This link opens no offer. It may have been replaced by a newer one."))
    return Quote.objects.select_for_update(of=("self",)).select_related("document", "manager", "lead").get(pk=found.pk)


def _check_open(quote: Quote, at: datetime) -> None:
    said = {
        Quote.State.EXPIRED: _("This offer has expired."),
        Quote.State.SUPERSEDED: _("A newer revision took the place of this offer."),
        Quote.State.WITHDRAWN: _("This offer was withdrawn."),
    }
    state = quote.state_at(at)
    if state != Quote.State.SENT:
        raise LinkGone(said.get(state, _("This offer is not open.")))


def _answered(quote: Quote, signed: Signed, *, accepted: bool, reason: str, digest: str, at: datetime) -> QuoteAnswer:
    if quote.document is None or digest != quote.document.digest:
        raise BadOffer("digest", _("The document has changed since you opened this page. Please read it again."))
    answer = QuoteAnswer.objects.create(
        quote=quote,
        accepted=accepted,
        name=clean_line(signed.name)[:150],
        role=clean_line(signed.role)[:150],
        reason=reason,
        at=at,
        address=signed.address,
        user_agent=signed.user_agent[:300],
        document_digest=quote.document.digest,
        revision=quote.revision,
    )
    state = Quote.State.ACCEPTED if accepted else Quote.State.DECLINED
    Quote.objects.filter(pk=quote.pk).update(state=state)
    audit.record(f"quote.{state}", by=_actor(answer), of=quote, at=at, facts={"digest": digest}, why=reason)
    _tell_manager(quote, answer, at)
    return answer


def _actor(answer: QuoteAnswer) -> Actor:
    return Actor(None, answer.name or answer.quote.contact_name)


def _tell_manager(quote: Quote, answer: QuoteAnswer, at: datetime) -> None:
    mail.post(
        key=f"quote-answered-{quote.pk}",
        to=quote.manager.email,
        kind="quote_answered",
        locale=quote.manager.locale,
        context={
            "customer": quote.customer,
            "number": str(quote),
            "accepted": answer.accepted,
            "name": answer.name,
            "reason": answer.reason,
            "quote_url": f"{settings.BASE_URL}/desk/quotes/{quote.pk}/",
        },
        at=at,
    )


def _confirm(quote: Quote, answer: QuoteAnswer, token: str, at: datetime) -> None:
    mail.post(
        key=f"quote-accepted-{quote.pk}",
        to=quote.contact_email,
        kind="quote_accepted",
        locale=quote.locale,
        context={
            "name": answer.name,
            "number": str(quote),
            "digest": answer.document_digest,
            "accepted_at": at,
            "offer_url": f"{settings.BASE_URL}/offers/{token}/",
            "organisation_url": f"{settings.BASE_URL}/organisation/",
            "password_url": f"{settings.BASE_URL}/account/password/reset/",
        },
        at=at,
    )

"""Which quotes another person must look at before they are sent, and that they did."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.core import audit, mail
from newsroom.licensing.models import Quote, QuoteLine
from newsroom.licensing.selling.errors import BadOffer, FourEyes, NotNow

RIGHT = "licensing.approve_quote"


@dataclass(frozen=True, slots=True)
class Need:
    """Why a line must be approved: so many basis points of discount, or a price that stands on no card."""

    title: str
    discount: int
    by_hand: bool


def needs(rows: "list[QuoteLine]") -> tuple[Need, ...]:
    """What another person must approve: discounts above the limit, and prices that no rate card gives."""
    limit = settings.DISCOUNT_LIMIT * 100
    found = [Need(row.content["title"], row.content["discount"], not row.from_card) for row in rows]
    return tuple(need for need in found if need.discount > limit or need.by_hand)


@transaction.atomic
def submit(*, quote: Quote, seller: User, at: datetime) -> Quote:
    """Ask for approval; a quote that needs none is approved at once. Raises `BadOffer` and `NotNow`."""
    quote = Quote.objects.select_for_update(of=("self",)).get(pk=quote.pk)
    if quote.state != Quote.State.DRAFT:
        raise NotNow(_("Only a draft is submitted."))
    rows = list(quote.rows.all())
    if not rows:
        raise BadOffer("lines", _("A quote needs at least one line."))
    waits = needs(rows)
    quote.state = Quote.State.WAITING if waits else Quote.State.APPROVED
    quote.submitted_by = seller
    quote.save(update_fields=["state", "submitted_by"])
    audit.record("quote.submitted", by=seller.actor, of=quote, at=at, facts={"needs": len(waits)})
    if waits:
        _ask(quote, seller, at)
    return quote


def approvers() -> "QuerySet[User]":
    """Who may approve discounts."""
    right = {"content_type__app_label": "licensing", "codename": "approve_quote"}
    by_group = Q(**{f"groups__permissions__{name}": value for name, value in right.items()})
    by_hand = Q(**{f"user_permissions__{name}": value for name, value in right.items()})
    return User.objects.filter(by_group | by_hand, is_active=True).distinct()


def _ask(quote: Quote, seller: User, at: datetime) -> None:
    for each in approvers().exclude(pk=seller.pk):
        mail.post(
            key=f"quote-waiting-{quote.pk}-{at:%Y%m%d%H%M%S%f}-{each.pk}",
            to=each.email,
            kind="quote_waiting",
            locale=each.locale,
            context={
                "customer": quote.customer,
                "seller": str(seller),
                "quote_url": f"{settings.BASE_URL}/desk/quotes/{quote.pk}/",
            },
            at=at,
        )


@transaction.atomic
def approve(*, quote: Quote, approver: User, at: datetime) -> None:
    """Another person agrees to the discount. Raises `FourEyes` and `NotNow`."""
    quote = _waiting(quote, approver)
    facts = {"state": Quote.State.APPROVED, "approved_by": approver, "approved_at": at}
    Quote.objects.filter(pk=quote.pk).update(**facts)
    audit.record("quote.approved", by=approver.actor, of=quote, at=at)


@transaction.atomic
def send_back(*, quote: Quote, approver: User, why: str, at: datetime) -> None:
    """The quote is a draft again, with the reason. Raises `BadOffer`, `FourEyes` and `NotNow`."""
    if not why.strip():
        raise BadOffer("why", _("Say what should change."))
    quote = _waiting(quote, approver)
    Quote.objects.filter(pk=quote.pk).update(state=Quote.State.DRAFT, submitted_by=None)
    audit.record("quote.sent_back", by=approver.actor, of=quote, at=at, why=why.strip())


def _waiting(quote: Quote, approver: User) -> Quote:
    quote = Quote.objects.select_for_update(of=("self",)).get(pk=quote.pk)
    if quote.state != Quote.State.WAITING:
        raise NotNow(_("This quote does not wait for an approval."))
    if not approver.has_perm(RIGHT) or quote.submitted_by_id == approver.pk:
        raise FourEyes(_("Another person with the right to approve must look at this quote."))
    return quote

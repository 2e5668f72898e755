"""What follows when a purchase, or the payment for it, changed: the licence, its certificate, the gift.

Read off our copy each time, so that news of it may come twice, late, or in any order.
"""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from newsroom.accounts.readers import present
from newsroom.billing.effects.people import payer
from newsroom.billing.effects.taken import of_purchase
from newsroom.billing.mirror import Change
from newsroom.billing.models import Account, Order, Payment, Purchase
from newsroom.billing.purchases import gifts
from newsroom.billing.purchases.terms import Choice
from newsroom.billing.states import PurchaseFacts, PurchaseRight, Taken, purchase_right
from newsroom.core import audit, mail
from newsroom.core.audit import SYSTEM
from newsroom.licensing import actions as licensing
from newsroom.licensing import passes
from newsroom.licensing.documents import actions as documents
from newsroom.licensing.models import Document, Licence
from newsroom.licensing.rules import Source, Use
from newsroom.licensing.selling import certificates
from newsroom.licensing.selling.errors import BadOffer
from newsroom.licensing.terms import BadTerms

log = structlog.get_logger(__name__)
AT_LEAST = timedelta(seconds=1)  # a licence lasts longer than nothing


def follow(account: Account, change: Change, at: datetime) -> None:
    """A Checkout changed."""
    review(account, change.now, at)


def review(account: Account, purchase: Purchase, at: datetime) -> None:
    """The right that this purchase gives stands as the table of states says."""
    order = _order_of(account, purchase)
    if order is None:
        return
    paid = paid_by([purchase.intent_ref]).get(purchase.intent_ref)
    right = purchase_right(facts_of(order, purchase, paid, of_purchase(purchase)))
    if right is None:
        return
    if not _agree(order, purchase):
        audit.record(
            "billing.purchase_differs", by=SYSTEM, of=purchase, at=at, why="Stripe sold other than was ordered"
        )
        log.error("purchase_differs", purchase=purchase.stripe_id, order=str(order.ref))
        return
    try:
        _DEEDS[Order.Kind(order.kind)](order, right, at)
    except BadTerms as error:
        audit.record("billing.purchase_unfulfilled", by=SYSTEM, of=purchase, at=at, why=str(error))
        log.error("purchase_unfulfilled", purchase=purchase.stripe_id, field=error.field)


def _order_of(account: Account, purchase: Purchase) -> Order | None:
    """The order this Checkout was opened for: of the same account only."""
    try:
        ref = UUID(purchase.metadata.get("order", ""))
    except ValueError:
        return None
    wanted = Order.objects.filter(account=account, kind=purchase.kind, ref=ref)
    return wanted.select_related("item__head", "account__user").first()


def _agree(order: Order, purchase: Purchase) -> bool:
    sold = (purchase.raw.get("amount_subtotal"), purchase.currency)
    return sold == (order.price_minor, order.currency)


def facts_of(order: Order, purchase: Purchase, paid: Payment | None, taken: Taken) -> PurchaseFacts:
    """What the table of states must know of it. `paid`: the payment that succeeded; `taken`: what went back of it."""
    free = purchase.created_at if purchase.payment_status == "no_payment_required" else None
    gone = [moment for moment in (taken.refunded_at, taken.lost_at) if moment is not None]
    return PurchaseFacts(
        status=purchase.status,
        payment_status=purchase.payment_status,
        paid_at=paid.created_at if paid else free,
        lasts=_lasts(order),
        taken_back_at=min(gone, default=None),
        held=taken.held,
    )


def paid_by(intents: list[str]) -> dict[str, Payment]:
    """The payments that succeeded, by intent."""
    found = Payment.objects.filter(intent_ref__in=[each for each in intents if each], status="succeeded")
    return {each.intent_ref: each for each in found.defer("raw")}


def _lasts(order: Order) -> timedelta | None:
    if order.kind == Order.Kind.DAY_PASS:
        return passes.DAY
    return Choice.from_json(order.terms).lasts if order.kind == Order.Kind.STORY else None


def _day_pass(order: Order, right: PurchaseRight, at: datetime) -> None:
    licensing.start(
        source=Source.DAY_PASS,
        source_ref=str(order.ref),
        holder=payer(order.account),
        uses=[Use.READ],
        products=None,
        starts_at=right.starts_at,
        ends_at=right.ends_at,
        suspended=right.suspended,
        clause=passes.OF_A_DAY,
        by=SYSTEM,
        at=at,
        why="day pass paid",
    )


def _story(order: Order, right: PurchaseRight, at: datetime) -> None:
    choice, item = Choice.from_json(order.terms), order.item
    assert item is not None  # the database's own constraint
    length = None if right.ends_at is None else max(right.ends_at - right.starts_at, AT_LEAST)
    licence = passes.license_story(
        holder=payer(order.account),
        item=item,
        source_ref=str(order.ref),
        uses=choice.uses,
        starts_at=right.starts_at,
        duration=length,
        clause=choice.clause,
        territories=choice.territories,
        channels=choice.channels,
        circulation="" if choice.personal else choice.printed_circulation,
        suspended=right.suspended,
        by=SYSTEM,
        at=at,
        why="story paid",
    )
    if length != choice.lasts:
        _revoked(licence, at)
    elif not documents_of(licence).exists():
        _certified(order, licence, at)


def documents_of(licence: Licence) -> QuerySet[Document]:
    return Document.objects.filter(subject_kind=licence._meta.label_lower, subject_id=str(licence.pk))


def _certified(order: Order, licence: Licence, at: datetime) -> None:
    """The certificate is issued, once, and its holder is told."""
    item, choice = order.item, Choice.from_json(order.terms)
    assert item is not None  # as above
    assert item.head is not None  # a story that was sold has been released
    person = present(payer(order.account))
    try:
        certificates.issue(
            licence=licence,
            release=item.head,
            circulation=choice.printed_circulation,
            locale=order.locale,
            by=SYSTEM,
            at=at,
            holder=order.tax.get("company") or str(person),
        )
    except BadOffer as error:
        log.warning("certificate_not_issued", order=str(order.ref), why=str(error))
        return
    context = {
        "name": person.first_name,
        "headline": item.head.headline,
        "story_url": settings.BASE_URL + item.get_absolute_url(),
        "purchase_url": settings.BASE_URL + reverse("purchases"),
    }
    key = f"story_licensed:{order.ref}"
    mail.post(key=key, to=person.email, kind="story_licensed", locale=person.locale, context=context, at=at)


def _revoked(licence: Licence, at: datetime) -> None:
    for each in documents_of(licence).filter(standings=None):
        documents.revoke(document=each, why="the price was paid back", by=SYSTEM, at=at)


def _gift(order: Order, right: PurchaseRight, at: datetime) -> None:
    gifts.paid(order=order, right=right, at=at)


_DEEDS = {Order.Kind.DAY_PASS: _day_pass, Order.Kind.STORY: _story, Order.Kind.GIFT: _gift}

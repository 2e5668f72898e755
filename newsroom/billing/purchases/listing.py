"""What a person has bought once, given and received, from our own copy. Nothing here asks Stripe."""

from dataclasses import dataclass
from datetime import datetime

from newsroom.accounts.models import User
from newsroom.billing.effects.taken import of_purchases
from newsroom.billing.models import Account, GiftPlan, Order, Payment, Purchase
from newsroom.billing.purchases.fulfilling import facts_of, paid_by
from newsroom.billing.states import PurchaseFacts, PurchaseRight, purchase_right
from newsroom.licensing.models import Document, Kind, Licence
from newsroom.licensing.rules import Source

MOST = 120


@dataclass(frozen=True, slots=True)
class Bought:
    """One paid order, what it gives, and its certificate."""

    order: Order
    right: PurchaseRight
    state: str  # running, ended, refunded
    certificate: Document | None


def bought(*, user: User, at: datetime) -> list[Bought]:
    """Paid orders that are not gifts, newest first."""
    orders = Order.objects.filter(account__in=Account.objects.of_user(user.pk)).exclude(kind=Order.Kind.GIFT)
    found = {str(each.ref): each for each in orders.select_related("item__head").order_by("-created_at", "-pk")[:MOST]}
    purchases = Purchase.objects.filter(account__in=Account.objects.of_user(user.pk), status="complete").defer("raw")
    rows = [(found[ref], each) for each in purchases if (ref := each.metadata.get("order", "")) in found]
    papers = _certificates(list(found))
    intents = [purchase.intent_ref for _order, purchase in rows]
    paid, taken = paid_by(intents), of_purchases([purchase for _order, purchase in rows])
    made = [
        _row(order, facts_of(order, each, paid.get(each.intent_ref), taken[each.pk]), papers, at)
        for order, each in rows
    ]
    return sorted((each for each in made if each), key=lambda each: each.order.created_at, reverse=True)


def _row(order: Order, facts: PurchaseFacts, papers: dict[str, Document], at: datetime) -> Bought | None:
    right = purchase_right(facts)
    if right is None:
        return None
    over = right.ends_at is not None and right.ends_at <= at
    state = "refunded" if facts.taken_back_at else "ended" if over else "running"
    return Bought(order, right, state, papers.get(str(order.ref)))


def _certificates(refs: list[str]) -> dict[str, Document]:
    """The certificate in force by the order's reference."""
    licences = dict(Licence.objects.filter(source=Source.STORY, source_ref__in=refs).values_list("pk", "source_ref"))
    label = Licence._meta.label_lower
    ids = [str(pk) for pk in licences]
    papers = Document.objects.filter(kind=Kind.CERTIFICATE, subject_kind=label, subject_id__in=ids, standings=None)
    return {licences[int(each.subject_id)]: each for each in papers}


def certificate_of(*, user: User, ref: str) -> Document | None:
    """The certificate in force of one's own order."""
    mine = Order.objects.filter(ref=ref, account__in=Account.objects.of_user(user.pk)).first()
    return _certificates([str(mine.ref)]).get(str(mine.ref)) if mine else None


def given(*, user: User, at: datetime) -> list[GiftPlan]:
    """Gifts this person has paid for, newest first."""
    mine = GiftPlan.objects.filter(order__account__in=Account.objects.of_user(user.pk), paid_at__isnull=False)
    return list(mine.select_related("order").order_by("-paid_at", "-pk")[:MOST])


def received(*, user: User, at: datetime) -> list[GiftPlan]:
    """Gifts this person has redeemed, newest first."""
    return list(
        GiftPlan.objects.filter(redeemed_by=user).select_related("order").order_by("-redeemed_at", "-pk")[:MOST]
    )


def payments(*, user: User) -> list[Payment]:
    """What was charged, declined and paid back, newest first."""
    mine = Payment.objects.filter(account__in=Account.objects.of_user(user.pk)).defer("raw")
    return list(mine.order_by("-created_at", "-pk")[:MOST])

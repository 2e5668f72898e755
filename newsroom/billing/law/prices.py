"""A price changes for those who pay it only after they were told, and from a renewal of theirs.

The catalogue holds the new price. Announcing it tells each subscriber who pays another amount under the same key; who
is told later pays it later. Until then, and without a notice, everybody keeps the price they have.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from newsroom.accounts.readers import present
from newsroom.billing import outbox
from newsroom.billing.catalogue import Price, catalogue
from newsroom.billing.effects.people import payer
from newsroom.billing.gateway import gateway
from newsroom.billing.law.countries import longest_price_notice, row_of
from newsroom.billing.models import PriceChange, PriceNotice, Subscription
from newsroom.billing.states import ending
from newsroom.core import audit, mail
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused

RENEWS_WITHIN = timedelta(hours=36)  # asked of Stripe this long before the renewal that is the first to cost it


class TooSoon(Refused):
    """They must be told earlier."""


class NoChange(Refused):
    """Nobody pays another amount under this key."""


@transaction.atomic
def announce(*, lookup_key: str, holds_from: datetime, by: Actor, at: datetime) -> PriceChange:
    """The catalogue's price becomes that of those who pay another one, from this day; each is told now.

    Raises `TooSoon` for a day before the longest notice is over, `NoChange` where nothing changes.
    """
    earliest = at + timedelta(days=longest_price_notice())
    if holds_from < earliest:
        raise TooSoon(f"A new price can hold from {earliest:%Y-%m-%d %H:%M} UTC on: subscribers are told before.")
    price = catalogue().price(lookup_key)
    payers = list(_payers(price)) if price else []
    if price is None or not payers:
        raise NoChange(f"Nobody pays another amount for {lookup_key}.")
    change, made = PriceChange.objects.get_or_create(
        lookup_key=lookup_key,
        holds_from=holds_from,
        defaults={
            "old_minor": payers[0].amount // max(payers[0].quantity, 1),
            "new_minor": price.money.minor,
            "currency": price.money.currency,
            "announced_at": at,
        },
    )
    for held in payers:
        tell(change, held, at)
    if made:
        facts = {"old": change.old_minor, "new": change.new_minor, "from": holds_from.isoformat()}
        audit.record("billing.price_announced", by=by, of=change, at=at, facts=facts)
    return change


def _payers(price: Price) -> Iterator[Subscription]:
    """Subscribers under this key, or what was under it before, whose amount is another one."""
    live = Subscription.objects.live().filter(lookup_key=price.lookup_key, account__user__isnull=False)
    for held in live.select_related("account__user").order_by("pk"):
        if held.amount != price.money.minor * held.quantity and held.currency == price.money.currency:
            yield held


def tell(change: PriceChange, held: Subscription, at: datetime) -> None:
    """One subscriber is told, once; they pay it from their first renewal after the day and after their notice."""
    days = row_of(held.account.country).price_notice
    from_at = max(change.holds_from, at + timedelta(days=days))
    notice, _made = PriceNotice.objects.get_or_create(
        change=change,
        subscription_ref=held.stripe_id,
        defaults={"account": held.account, "told_at": at, "from_at": from_at},
    )
    person, plan = present(payer(held.account)), catalogue().plan(held.plan)
    context = {
        "name": person.first_name,
        "plan": plan.name(person.locale) if plan else held.plan,
        "old": held.price,
        "new": type(change.new)(change.new_minor * held.quantity, change.currency),
        "interval": held.interval,
        "from_at": notice.from_at,
        "cancel_url": settings.BASE_URL + reverse("cancel_contract"),
        "account_url": settings.BASE_URL + reverse("subscription"),
    }
    key = f"price-change:{change.pk}:{held.stripe_id}"
    mail.post(key=key, to=person.email, kind="price_changing", locale=person.locale, context=context, at=at)


def carry_out(*, at: datetime) -> int:
    """Subscriptions whose coming renewal is the first to cost the new price are moved to it. How many were asked for.

    Who was not told pays what they paid; who cancelled is left alone. Raises `Unanswered`.
    """
    for change in PriceChange.objects.filter(holds_from__lte=at + RENEWS_WITHIN):
        _tell_the_rest(change, at)
    waiting = PriceNotice.objects.filter(asked_at=None, from_at__lte=at + RENEWS_WITHIN)
    return sum(_move(each, at) for each in waiting.select_related("change", "account").order_by("pk"))


def _tell_the_rest(change: PriceChange, at: datetime) -> None:
    """Who began between the announcement and the day is told too, and has the whole notice."""
    price = catalogue().price(change.lookup_key)
    if price is None or price.money != change.new:
        return
    known = set(change.notices.values_list("subscription_ref", flat=True))
    for held in _payers(price):
        if held.stripe_id not in known:
            tell(change, held, at)


def _move(notice: PriceNotice, at: datetime) -> int:
    held = Subscription.objects.live().filter(stripe_id=notice.subscription_ref).first()
    renewal = held.current_period_end if held else None
    if held is None or renewal is None or renewal < notice.from_at or renewal > at + RENEWS_WITHIN:
        return 0
    if ending(held.facts) is not None or held.amount == notice.change.new_minor * held.quantity:
        return 0
    found = gateway().price(notice.change.lookup_key)
    if found is None or found["unit_amount"] != notice.change.new_minor:
        return 0
    with transaction.atomic():
        item = {"id": held.items[0]["id"], "price": found["id"], "quantity": held.quantity}
        params = {"subject": held.stripe_id, "items": [item], "proration_behavior": "none"}
        call = outbox.ask(operation="subscription.update", params=params, account=notice.account, at=at)
        PriceNotice.objects.filter(pk=notice.pk).update(asked_at=at)
    outbox.retry(call_id=call.pk, at=at)
    return 1

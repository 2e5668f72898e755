"""A subscription as a gift: paid, sent on its day, reminded of, redeemed once, after what runs already."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.billing import actions
from newsroom.billing.models import GiftPlan, Order
from newsroom.billing.purchases import gifts, giving
from newsroom.billing.purchases.errors import GiftRefused, NotSold
from newsroom.billing.purchases.terms import BadChoice
from newsroom.billing.states import Facts, PurchaseRight
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.licensing.models import Licence
from newsroom.licensing.rules import Source
from tests.billing.shop import Shop, decision, the_subscription
from tests.factories import a_user, an_item

DAY = timedelta(days=1)
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def mails() -> list[tuple[str, str]]:
    found = Message.objects.exclude(kind="receipt").order_by("pk")
    return [(each.kind, each.to) for each in found if each.kind.startswith("gift")]


def redeemed(gift: GiftPlan, user: Any) -> GiftPlan:
    return gifts.redeem(code=gifts.code_of(gift.order), user=user, by=user.actor, at=now())


def test_a_gift_is_sent_when_it_is_paid_and_redeemed_without_a_card(shop: Shop):
    giver, lucky, item = a_user(), a_user(), an_item()
    gift = shop.buy_gift(giver, recipient_email="lucky@example.com")
    assert mails() == [("gift_bought", giver.email), ("gift_received", "lucky@example.com")]
    assert Licence.objects.count() == 0

    before = now()
    redeemed(gift, lucky)

    licence = Licence.objects.get(user=lucky)
    version = licence.versions.get()
    assert (licence.source, version.uses, version.all_products) == (Source.PLAN, ["read"], True)
    assert before <= version.starts_at <= now()
    assert version.ends_at == gifts.months_after(version.starts_at, 3)
    assert decision(lucky, item).allowed
    assert not decision(giver, item).allowed


def test_a_gift_for_a_later_day_waits_for_it_and_is_sent_once(shop: Shop):
    gift = shop.buy_gift(a_user(), recipient_email="r@example.com", send_at=now() + 10 * DAY)
    gifts.sweep(at=now() + 9 * DAY)
    assert [kind for kind, _to in mails()] == ["gift_bought"]
    for _ in range(2):
        gifts.sweep(at=now() + 11 * DAY)
    assert [kind for kind, _to in mails()] == ["gift_bought", "gift_received"]
    gift.refresh_from_db()
    assert gift.sent_at is not None


def test_who_does_not_redeem_is_reminded_once(shop: Shop):
    shop.buy_gift(a_user())
    for days in (13, 15, 30):
        gifts.sweep(at=now() + days * DAY)
    assert [kind for kind, _to in mails()] == ["gift_bought", "gift_received", "gift_reminder"]


def test_a_gift_is_redeemed_once_and_a_wrong_code_redeems_nothing(shop: Shop):
    gift, lucky, late = shop.buy_gift(a_user()), a_user(), a_user()
    redeemed(gift, lucky)
    for user, said in ((lucky, "You have redeemed"), (late, "was redeemed already")):
        with pytest.raises(GiftRefused, match=said):
            redeemed(gift, user)
    with pytest.raises(GiftRefused, match="no such code"):
        gifts.redeem(code="AAAA-BBBB-CCCC-DDDD", user=late, by=late.actor, at=now())


def test_a_gift_that_is_not_paid_redeems_nothing(shop: Shop):
    giver, lucky = a_user(), a_user()
    wish = giving.Wish(plan="reader", months=3, recipient_email="r@example.com", send_at=now())
    giving.buy(user=giver, wish=wish, currency="eur", by=giver.actor, at=now())
    with pytest.raises(GiftRefused):
        redeemed(GiftPlan.objects.select_related("order").get(), lucky)


def test_a_second_gift_follows_the_first(shop: Shop):
    giver, lucky = a_user(), a_user()
    first, second = (redeemed(shop.buy_gift(giver), lucky) for _ in range(2))
    assert first.begins_at is not None
    assert second.begins_at == gifts.months_after(first.begins_at, 3)


def test_a_gift_waits_for_a_subscription_that_renews_and_follows_one_that_ends(shop: Shop):
    lucky = shop.subscriber()
    gift = redeemed(shop.buy_gift(a_user()), lucky)
    assert gift.begins_at is None
    assert not Licence.objects.filter(source_ref=gifts.ref_of(gift)).exists()

    actions.cancel_at_period_end(user=lucky, by=lucky.actor, at=now())
    gifts.sweep(at=now())

    gift.refresh_from_db()
    assert gift.begins_at == the_subscription(lucky).current_period_end


def test_a_gift_paid_back_opens_nothing_any_more(shop: Shop):
    gift, lucky, item = shop.buy_gift(a_user()), a_user(), an_item()
    redeemed(gift, lucky)
    order = Order.objects.get(pk=gift.order_id)
    gifts.paid(order=order, right=PurchaseRight(now(), now()), at=now())

    assert not decision(lucky, item, now() + timedelta(seconds=2)).allowed
    other = shop.buy_gift(a_user())
    gifts.paid(order=Order.objects.get(pk=other.order_id), right=PurchaseRight(now(), now()), at=now())
    with pytest.raises(GiftRefused, match="taken back"):
        redeemed(other, a_user())


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"plan": "nothing"}, NotSold),
        ({"months": 5}, NotSold),
        ({"send_at": datetime(2020, 1, 1, tzinfo=UTC)}, BadChoice),
        ({"send_at": datetime(2999, 1, 1, tzinfo=UTC)}, BadChoice),
    ],
)
def test_what_is_not_given_as_a_gift_is_refused(shop: Shop, facts, error):
    with pytest.raises(error):
        shop.buy_gift(a_user(), **facts)
    assert (Order.objects.count(), GiftPlan.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("months", "end"), [(1, (2026, 2, 28)), (3, (2026, 4, 30)), (12, (2027, 1, 31)), (13, (2027, 2, 28))]
)
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(months, end):
    assert gifts.months_after(NOON, months) == datetime(*end, 12, tzinfo=UTC)


@given(st.booleans(), st.booleans(), st.integers(0, 90), st.integers(0, 90))
def test_a_gift_never_begins_before_what_runs_already_ends(held: bool, renews: bool, ends_in: int, reads_for: int):
    period_end = NOON + ends_in * DAY
    facts = Facts("active", NOON - DAY, NOON - DAY, period_end, cancel_at_period_end=not renews) if held else None
    start = gifts.begins(NOON, facts, NOON + reads_for * DAY)
    assert (start is None) == (held and renews)
    if start is not None:
        assert start >= max(NOON + reads_for * DAY, period_end if held else NOON)

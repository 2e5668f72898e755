"""A pause leaves payments out, and what is not paid for is not read."""

from datetime import timedelta

import pytest

from newsroom.billing import actions, changing
from newsroom.billing.gateway import Declined
from newsroom.billing.models import Invoice
from newsroom.billing.states import Standing, standing
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.wire.rules import Tier
from tests.billing.shop import decision, the_subscription
from tests.factories import a_user, an_item

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def paid(user) -> list[int]:
    return list(Invoice.objects.filter(account__user=user, status="paid").values_list("total_minor", flat=True))


def told(user) -> list[str]:
    return [each.kind for each in Message.objects.filter(to=user.email, kind__contains="subscription_").order_by("pk")]


def test_what_is_paid_for_is_read_then_it_rests_then_it_goes_on_by_itself(shop):
    user, item = shop.subscriber(), an_item(at=now())
    ends = the_subscription(user).current_period_end

    shop.pause(user)

    held = the_subscription(user)
    assert (held.status, standing(held.facts, now())) == ("active", Standing.ACTIVE)
    assert decision(user, item, ends - timedelta(seconds=1)).tier is Tier.FULL
    assert decision(user, item, ends).tier is Tier.SUMMARY
    shop.wait(days=32)
    assert standing(the_subscription(user).facts, now()) is Standing.PAUSED
    assert (decision(user, item).tier, paid(user)) == (Tier.SUMMARY, [990])
    shop.wait(days=31)
    held = the_subscription(user)
    assert (held.paused_since, standing(held.facts, now())) == (None, Standing.ACTIVE)
    assert (decision(user, item).tier, paid(user)) == (Tier.FULL, [990, 990])
    assert told(user) == ["subscription_started", "subscription_paused", "subscription_resumed"]


def test_who_resumes_within_the_paid_time_is_not_charged(shop):
    user = shop.subscriber()
    ends = the_subscription(user).current_period_end
    shop.pause(user)

    shop.resume(user)

    held = the_subscription(user)
    assert (held.paused_since, held.current_period_end, paid(user)) == (None, ends, [990])


def test_who_resumes_later_pays_a_new_period_now(shop):
    user, item = shop.subscriber(), an_item(at=now())
    shop.pause(user, months=3)
    shop.wait(days=45)

    shop.resume(user)

    held = the_subscription(user)
    assert (held.paused_since, paid(user)) == (None, [990, 990])
    assert now() - held.current_period_start < timedelta(minutes=5)
    assert decision(user, item).tier is Tier.FULL


def test_a_declined_card_leaves_the_pause(shop):
    user = shop.subscriber()
    shop.pause(user, months=3)
    shop.wait(days=45)
    shop.change_card(user, "pm_card_chargeCustomerFail")

    with pytest.raises(Declined, match="declined"):
        shop.resume(user)

    held = the_subscription(user)
    assert (held.paused_since is None, held.status, paid(user)) == (False, "active", [990])


def test_a_pause_ends_on_one_of_the_days_shown(shop):
    user = shop.subscriber()
    days = changing.choices(the_subscription(user))

    assert len(days) == 3
    for until in (now(), days[0] + timedelta(days=1)):
        with pytest.raises(changing.CannotChange, match="one of the days"):
            changing.pause(user=user, until=until, by=user.actor, at=now())
    with pytest.raises(changing.CannotChange, match="not paused"):
        shop.resume(user)


def test_a_paused_subscription_changes_nothing_else_and_can_be_left(shop):
    user = shop.subscriber()
    shop.pause(user)
    with pytest.raises(changing.CannotChange, match="resume it first"):
        shop.upgrade(user)

    changing.cancel(user=user, reason="unused", comment=" Too little time. ", by=user.actor, at=now())

    held = the_subscription(user)
    assert (held.cancel_reason, held.cancel_comment) == ("unused", "Too little time.")
    shop.wait(days=32)
    assert (the_subscription(user).status, paid(user)) == ("canceled", [990])


def test_a_year_is_paid_and_not_paused(shop):
    shop.sell("reader_year_eur")
    user = a_user()
    shop.pay(shop.open(user, "reader_year_eur"), user)
    actions.finish(user=user, at=now())

    assert changing.choices(the_subscription(user)) == []

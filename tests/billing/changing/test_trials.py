"""A trial: once for each reader and each card; converted, cancelled, or ended for want of a card."""

import pytest

from newsroom.billing import actions
from newsroom.billing.models import Invoice, Payment, Subscription, Trial
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry, Message
from newsroom.wire.rules import Tier
from tests.billing.shop import decision, the_subscription
from tests.factories import a_user, an_item

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def sums(user) -> list[int]:
    return list(
        Invoice.objects.filter(account__user=user).order_by("created_at", "pk").values_list("total_minor", flat=True)
    )


def test_a_trial_opens_everything_charges_nothing_and_then_goes_on(shop):
    user, item = a_user(), an_item(at=now())

    held = shop.begin_trial(user)

    assert held is not None
    assert (held.status, sums(user), (held.trial_end - held.trial_start).days) == ("trialing", [0], 14)
    assert decision(user, item).tier is Tier.FULL
    shop.wait(days=14, hours=2)
    assert (the_subscription(user).status, sums(user)) == ("active", [0, 990])
    assert list(Payment.objects.filter(account__user=user).values_list("status", flat=True)) == ["succeeded"]


def test_a_trial_that_is_cancelled_costs_nothing(shop):
    user, item = a_user(), an_item(at=now())
    shop.begin_trial(user)

    actions.cancel_at_period_end(user=user, by=user.actor, at=now())
    assert decision(user, item).tier is Tier.FULL
    shop.wait(days=15)

    assert (the_subscription(user).status, sums(user)) == ("canceled", [0])
    assert decision(user, item).tier is Tier.SUMMARY


def test_a_trial_without_a_card_on_its_last_day_ends(shop):
    user = a_user()
    held = shop.begin_trial(user)
    assert held is not None
    shop.sdk.v1.payment_methods.detach(held.raw["default_payment_method"]["id"])

    shop.wait(days=15)

    assert (the_subscription(user).status, sums(user)) == ("canceled", [0])


def test_a_reader_has_one_trial(shop):
    user = a_user()
    shop.begin_trial(user)
    shop.sdk.v1.subscriptions.cancel(the_subscription(user).stripe_id)
    shop.hear()

    with pytest.raises(actions.TrialUsed, match="had your trial"):
        shop.begin_trial(user)


def test_a_card_has_one_trial_whoever_pays_with_it(shop):
    first, second, item = a_user(), a_user(), an_item(at=now())
    shop.begin_trial(first)

    shop.begin_trial(second)
    shop.hear()
    shop.hear()  # of the end that the first made

    assert (the_subscription(first).status, the_subscription(second).status) == ("trialing", "canceled")
    assert decision(second, item).tier is Tier.SUMMARY
    assert sums(second) == [0]
    assert Trial.objects.count() == 1
    assert [each.kind for each in Message.objects.filter(to=second.email)] == ["trial_refused"]
    assert AuditEntry.objects.filter(action="billing.second_trial").count() == 1


def test_who_was_refused_a_trial_may_subscribe_without_one(shop):
    first, second = a_user(), a_user()
    shop.begin_trial(first)
    shop.begin_trial(second)
    shop.hear()

    shop.pay(shop.open(second), second)
    held = actions.finish(user=second, at=now())

    assert held is not None
    assert (held.status, held.trial_start) == ("active", None)
    assert Subscription.objects.filter(account__user=second, status="active").count() == 1


def test_another_card_has_its_own_trial(shop):
    shop.begin_trial(a_user())

    held = shop.begin_trial(a_user(), "5555555555554444")

    assert held is not None
    assert (held.status, Trial.objects.count()) == ("trialing", 2)


def test_a_change_of_plan_in_a_trial_costs_nothing_today(shop):
    user = a_user()
    shop.begin_trial(user)

    seen = shop.upgrade(user)

    held = the_subscription(user)
    assert (seen.today.minor, seen.later.minor, held.plan, held.status) == (0, 1690, "reader_plus", "trialing")
    assert seen.later_at == held.trial_end
    shop.wait(days=15)
    assert sums(user) == [0, 1690]

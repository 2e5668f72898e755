"""We are compared with Stripe; what differs is put right and counted."""

from datetime import timedelta

import pytest

from newsroom.billing import reconcile, tasks
from newsroom.billing.models import Invoice, Reconcile, StripeEvent, Subscription
from newsroom.core.clock import now
from newsroom.wire.rules import Tier
from tests.billing.shop import decision, the_subscription
from tests.factories import a_user, an_item

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def test_what_no_webhook_brought_is_fetched_looked_at_and_counted(shop):
    user, item = a_user(), an_item(at=now())
    shop.pay(shop.open(user), user)
    shop.lose()
    shop.pass_time(minutes=5)

    found = reconcile.events(at=now())
    shop.work()

    about_customer = StripeEvent.objects.filter(via="reconcile").exclude(customer="")
    assert set(about_customer.values_list("state", flat=True)) == {"done"}
    assert found.repaired == found.examined == len(shop.objects("event"))
    assert decision(user, item).tier is Tier.FULL


def test_a_second_look_finds_nothing_and_begins_where_the_first_ended(shop):
    user = a_user()
    shop.pay(shop.open(user), user)
    shop.lose()
    shop.pass_time(hours=2)
    first = reconcile.events(at=now())
    shop.pass_time(minutes=10)

    second = reconcile.events(at=now())

    assert (second.examined, second.repaired) == (0, 0)
    assert second.seen_until - first.seen_until >= timedelta(minutes=10)


def test_an_event_still_on_its_way_is_not_missed(shop):
    user = a_user()
    shop.pay(shop.open(user), user)

    assert reconcile.events(at=now()).repaired == 0
    assert StripeEvent.objects.count() == 0
    shop.lose()
    shop.pass_time(minutes=3)
    assert reconcile.events(at=now()).repaired > 0


def test_events_that_came_by_webhook_are_not_counted(shop):
    user = a_user()
    shop.pay(shop.open(user), user)
    shop.hear()
    shop.pass_time(minutes=3)

    found = reconcile.events(at=now())

    assert found.examined >= found.repaired
    assert not StripeEvent.objects.filter(via="reconcile").exclude(customer="").exists()


def test_nightly_a_row_that_says_something_else_is_put_right(shop):
    user = shop.subscriber()
    other = shop.subscriber()
    Subscription.objects.filter(account__user=user).update(status="past_due", raw={})
    Invoice.objects.filter(account__user=other).update(status="open")

    first, second = reconcile.objects(at=now()), reconcile.objects(at=now())

    assert (first.examined, first.repaired, second.repaired) == (6, 2, 0)
    sub, invoice = the_subscription(user), Invoice.objects.get(account__user=other)
    assert first.facts == [
        {
            "id": each.stripe_id,
            "kind": type(each).__name__,
            "customer": each.account.stripe_customer_id,
            "account": each.account_id,
            "columns": ["status"],
        }
        for each in (sub, invoice)
    ]
    assert set(Subscription.objects.values_list("status", flat=True)) == {"active"}
    assert set(Invoice.objects.values_list("status", flat=True)) == {"paid"}


def test_what_belongs_to_no_account_of_ours_is_examined_and_left(shop):
    customer = shop.sdk.v1.customers.create({"email": "other@example.com"})
    method = shop.sdk.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    price = shop.sdk.v1.prices.list({"limit": 1}).data[0]
    shop.sdk.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": price.id}], "default_payment_method": method.id}
    )

    found = reconcile.objects(at=now())

    assert (found.examined, found.repaired, Subscription.objects.count()) == (3, 0, 0)


def test_the_tasks_make_the_rows(shop):
    tasks.reconcile_events()
    tasks.reconcile_objects()

    assert sorted(Reconcile.objects.values_list("kind", flat=True)) == ["events", "objects"]


def test_the_sync_task_brings_an_account_up_to_date(shop):
    user = shop.subscriber()
    Subscription.objects.update(status="past_due")

    tasks.sync(account_id=the_subscription(user).account_id)

    assert the_subscription(user).status == "active"

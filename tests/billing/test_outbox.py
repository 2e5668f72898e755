"""What we ask Stripe to change is asked until it is answered, and done once."""

from datetime import timedelta

import pytest

from newsroom.billing import actions, outbox, tasks
from newsroom.billing.gateway import Declined, Unanswered
from newsroom.billing.models import Account, OutboxCall
from newsroom.core.clock import now
from newsroom.core.errors import TryAgain
from tests.billing.lines import Deaf, Failing
from tests.billing.shop import MONTHLY, the_subscription
from tests.factories import HOUR, NOON, a_user

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
BROKEN = {"email": "not an address"}


def an_account() -> Account:
    return Account.objects.create(user=a_user(), created_at=NOON)


def a_call(account: Account | None = None, at=NOON, **params) -> OutboxCall:
    params = params or {"email": "a@example.com"}
    return outbox.ask(operation="customer.create", params=params, account=account, at=at)


def states() -> list[tuple[str, str]]:
    own = OutboxCall.objects.exclude(account=None)  # not the push of the catalogue
    return list(own.order_by("pk").values_list("operation", "state"))


def test_the_same_wish_is_one_row_while_it_waits_and_a_new_one_afterwards(shop):
    account = an_account()
    first, second = a_call(account), a_call(account)
    assert (first.pk, first.key) == (second.pk, second.key)

    outbox.send(call=first, at=NOON)

    assert a_call(account).pk != first.pk


@pytest.mark.parametrize("lost", ["/v1/customers", "/v1/checkout/sessions"])
def test_an_answer_lost_after_stripe_did_the_work_leaves_one_object(shop, line, monkeypatch, lost):
    user = a_user()
    monkeypatch.setattr(Deaf, "LOST", {lost})
    line(Deaf)
    with pytest.raises(Unanswered, match="APIConnectionError"):
        shop.open(user)

    shop.open(user)

    assert len(shop.objects("customer")) == 1
    assert [each["status"] for each in shop.objects("checkout.session")] == ["open"]
    assert [state for _, state in states()] == ["done", "done"]
    assert Account.objects.get(user=user).open_checkout == shop.objects("checkout.session")[0]["id"]


def test_a_lost_answer_to_a_cancellation_is_asked_again_by_the_sweep(shop, line, monkeypatch):
    user = shop.subscriber()
    name = the_subscription(user).stripe_id
    monkeypatch.setattr(Deaf, "LOST", {f"/v1/subscriptions/{name}"})
    line(Deaf)
    with pytest.raises(Unanswered):
        actions.cancel_at_period_end(user=user, by=user.actor, at=now())
    assert OutboxCall.objects.due(now()).count() == 0
    OutboxCall.objects.filter(state="queued").update(next_attempt_at=now())
    monkeypatch.setattr(tasks, "enqueue", lambda name, call_id: tasks.send_outbox(call_id=call_id))

    tasks.sweep_outbox()
    shop.hear()

    call = OutboxCall.objects.get(operation="subscription.update")
    assert (call.state, call.answer_id, call.attempts) == ("done", name, 2)
    assert the_subscription(user).cancel_at_period_end or the_subscription(user).cancel_at


def test_the_pauses_grow_and_end_before_stripe_forgets_the_key(line, monkeypatch):
    monkeypatch.setattr(Failing, "STATUS", 500)
    line(Failing)
    call, at, waits = a_call(), NOON, []

    while call.state == "queued":
        outbox.retry(call_id=call.pk, at=at)
        call.refresh_from_db()
        if call.state == "queued":
            waits.append(int((call.next_attempt_at - at).total_seconds() // 60))
            at = call.next_attempt_at

    assert waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (call.state, call.error) == ("dead", "Stripe: APIError 500")
    assert timedelta(hours=20) <= at - NOON < timedelta(hours=22)


def test_what_stripe_refuses_is_over_and_a_new_try_is_a_new_row(shop):
    call = a_call(**BROKEN)

    with pytest.raises(Declined, match="Invalid email"):
        outbox.send(call=call, at=NOON)

    call.refresh_from_db()
    assert (call.state, call.attempts, "Invalid email" in call.error) == ("declined", 1, True)
    assert a_call(**BROKEN).key != call.key


def test_a_refusal_that_nobody_waits_for_is_noted_and_does_not_break_the_worker(shop):
    call = a_call(**BROKEN)

    outbox.retry(call_id=call.pk, at=NOON)
    outbox.retry(call_id=call.pk, at=NOON)

    call.refresh_from_db()
    assert (call.state, call.attempts) == ("declined", 1)


def test_a_page_for_one_who_waits_is_not_asked_for_by_the_sweep_and_ends_with_its_key(shop):
    call = outbox.ask(operation="portal.create", params={"customer": "cus_1"}, account=an_account(), at=NOON)

    assert not OutboxCall.objects.due(NOON + 19 * HOUR).exists()
    outbox.retry(call_id=call.pk, at=NOON + 20 * HOUR)

    call.refresh_from_db()
    assert (call.state, call.error) == ("dead", "never answered")


def test_the_waiting_of_such_a_page_is_not_shortened_by_a_failure(line):
    line(Failing)
    call = outbox.ask(operation="portal.create", params={"customer": "cus_1"}, account=an_account(), at=NOON)

    with pytest.raises(TryAgain):
        outbox.send(call=call, at=NOON)

    call.refresh_from_db()
    assert (call.attempts, call.next_attempt_at) == (1, NOON + outbox.KEYS_REMEMBERED)


def test_a_later_wish_about_the_same_subscription_takes_the_place_of_an_unanswered_one():
    account = an_account()
    ask = {"operation": "subscription.update", "account": account, "at": NOON}
    outbox.ask(params={"subject": "sub_1", "cancel_at_period_end": True}, **ask)
    outbox.ask(params={"subject": "sub_2", "cancel_at_period_end": True}, **ask)

    outbox.ask(params={"subject": "sub_1", "cancel_at_period_end": False}, **ask)

    found = [(each.params["subject"], each.state) for each in OutboxCall.objects.order_by("pk")]
    assert found == [("sub_1", "dead"), ("sub_2", "queued"), ("sub_1", "queued")]


def test_an_answer_that_comes_twice_is_noted_once(shop):
    account = an_account()
    call = a_call(account)

    first, second = outbox.send(call=call, at=NOON), outbox.send(call=call, at=NOON)

    account.refresh_from_db()
    call.refresh_from_db()
    assert (first["id"], account.stripe_customer_id) == (second["id"], first["id"])
    assert (call.attempts, len(shop.objects("customer"))) == (1, 1)


def test_an_account_keeps_its_first_customer(shop):
    account = an_account()
    first, other = a_call(account, email="a@example.com"), a_call(account, email="b@example.com")

    outbox.send(call=first, at=NOON)
    outbox.send(call=other, at=NOON)

    account.refresh_from_db()
    first.refresh_from_db()
    assert account.stripe_customer_id == first.answer_id


def test_of_two_checkouts_opened_at_once_the_later_one_counts(shop):
    user = a_user()
    shop.open(user)
    account = Account.objects.get(user=user)
    price = shop.sdk.v1.prices.list({"lookup_keys": [MONTHLY]}).data[0].id
    calls = [
        outbox.ask(
            operation="checkout.create",
            params={
                "mode": "subscription",
                "customer": account.stripe_customer_id,
                "line_items": [{"price": price, "quantity": 1}],
                "success_url": f"https://example.com/{tab}",
            },
            account=account,
            at=now(),
        )
        for tab in "ab"
    ]
    for call in calls:
        outbox.send(call=call, at=now())

    shop.work()

    assert [each["status"] for each in shop.objects("checkout.session")] == ["expired", "expired", "open"]

"""A stored event is looked at once, by one worker, until it is done."""

from datetime import timedelta

import pytest

from newsroom.billing import inbox, sync, tasks
from newsroom.billing.gateway import Declined, Unanswered
from newsroom.billing.models import Account, StripeEvent
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.core.errors import TryAgain
from tests.factories import HOUR, NOON, a_user

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def an_account(customer: str | None = "cus_1") -> Account:
    return Account.objects.create(user=a_user(), stripe_customer_id=customer, created_at=NOON)


def an_event(name: str = "evt_1", customer: str = "cus_1", at=NOON) -> StripeEvent:
    event = {"id": name, "type": "invoice.paid", "data": {"object": {"object": "invoice", "customer": customer}}}
    return inbox.store_missed(event, at=at)


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The accounts looked at, instead of asking Stripe."""
    seen: list[int] = []

    def note(*, account_id: int, at) -> bool:
        seen.append(account_id)
        return True

    monkeypatch.setattr(inbox, "sync", note)
    return seen


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*, account_id: int, at) -> bool:
        raise error

    monkeypatch.setattr(inbox, "sync", fail)


@pytest.mark.parametrize(
    ("event", "customer"),
    [
        ({"data": {"object": {"object": "customer", "id": "cus_1"}}}, "cus_1"),
        ({"data": {"object": {"object": "invoice", "id": "in_1", "customer": "cus_1"}}}, "cus_1"),
        ({"data": {"object": {"object": "invoice", "customer": {"id": "cus_1"}}}}, "cus_1"),
        ({"data": {"object": {"object": "invoice", "customer": None}}}, ""),
        ({"data": {"object": {"object": "product", "id": "prod_1"}}}, ""),
        ({"data": {"object": {"object": "customer", "id": 7}}}, ""),
        ({"data": {"object": {"object": "customer", "id": "cus\u0000"}}}, ""),
        ({"data": {"object": "customer"}}, ""),
        ({"data": None}, ""),
        ({"data": []}, ""),
        ({"related_object": {"type": "customer", "id": "cus_1"}}, "cus_1"),
        ({"related_object": {"type": "v2.core.account", "id": "acct_1"}}, ""),
        ({}, ""),
    ],
)
def test_whose_matters_an_event_is_about(event: dict, customer: str):
    assert inbox.customer_of(event) == customer


def test_an_event_of_one_of_ours_has_the_account_looked_at(syncs):
    account, event = an_account(), an_event()

    inbox.process(event_id=event.pk, at=NOON)

    event.refresh_from_db()
    assert (event.state, event.attempts, event.error, syncs) == ("done", 1, "", [account.pk])


@pytest.mark.parametrize("customer", ["cus_of_somebody_else", ""])
def test_an_event_of_nobody_we_know_is_kept_and_left_alone(syncs, customer):
    an_account(None)
    event = an_event(customer=customer)

    inbox.process(event_id=event.pk, at=NOON)

    event.refresh_from_db()
    assert (event.state, event.error, syncs) == ("ignored", "no account of ours", [])


def test_a_task_that_runs_again_does_nothing(syncs):
    an_account()
    event = an_event()

    for _ in range(3):
        inbox.process(event_id=event.pk, at=NOON)

    assert len(syncs) == 1


def test_a_worker_that_died_is_followed_when_its_lease_is_over(syncs):
    an_account()
    event = an_event()
    StripeEvent.objects.update(state="processing", attempts=1, next_attempt_at=NOON + inbox.LEASE)

    inbox.process(event_id=event.pk, at=NOON + inbox.LEASE - timedelta(seconds=1))
    assert syncs == []
    inbox.process(event_id=event.pk, at=NOON + inbox.LEASE)

    event.refresh_from_db()
    assert (event.state, event.attempts, len(syncs)) == ("done", 2, 1)


@pytest.mark.parametrize("error", [Unanswered("Stripe is away"), TryAgain("later"), Declined("gone", "")])
def test_a_failure_is_tried_again_with_growing_pauses_and_then_given_up(monkeypatch, error):
    an_account()
    event = an_event()
    failing(monkeypatch, error)
    at, waits = NOON, []

    for _ in range(inbox.MOST_ATTEMPTS - 1):
        inbox.process(event_id=event.pk, at=at)
        event.refresh_from_db()
        waits.append(int((event.next_attempt_at - at).total_seconds() // 60))
        assert (event.state, event.error) == ("failed", str(error))
        at = event.next_attempt_at
    inbox.process(event_id=event.pk, at=at)

    event.refresh_from_db()
    assert (waits, event.state) == ([2, 4, 8, 16, 32, 64, 128, 256, 256], "dead")
    assert list(StripeEvent.objects.due(at + 100 * HOUR)) == []


def test_an_error_nobody_foresaw_is_a_bug_that_shows_and_is_not_tried_for_ever(monkeypatch):
    an_account()
    event = an_event()
    failing(monkeypatch, ZeroDivisionError("a bug"))
    at = NOON
    for _ in range(inbox.MOST_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            inbox.process(event_id=event.pk, at=at)
        at += inbox.LEASE

    inbox.process(event_id=event.pk, at=at)

    event.refresh_from_db()
    assert (event.state, event.error) == ("dead", "each attempt broke off")


def test_staff_may_have_a_dead_event_looked_at_again(syncs):
    an_account()
    event = an_event()
    StripeEvent.objects.update(state="dead", attempts=10, error="gone")

    inbox.replay(event=event, by=SYSTEM, at=NOON + HOUR, why="Stripe is back")
    inbox.process(event_id=event.pk, at=NOON + HOUR)

    event.refresh_from_db()
    assert (event.state, event.attempts, len(syncs)) == ("done", 1, 1)


def test_with_the_broker_gone_the_sweep_alone_drains(syncs, monkeypatch):
    account = an_account()
    for number in range(3):
        an_event(f"evt_{number}", at=now() - HOUR)
    done = an_event("evt_done", at=now() - HOUR)
    StripeEvent.objects.filter(pk=done.pk).update(state="done")
    monkeypatch.setattr(tasks, "enqueue", lambda name, event_id: tasks.process_event(event_id=event_id))

    tasks.sweep_inbox()

    assert set(StripeEvent.objects.values_list("state", flat=True)) == {"done"}
    assert syncs == [account.pk] * 3


def test_an_account_without_a_customer_has_nothing_to_compare():
    assert sync.sync(account_id=an_account(None).pk, at=NOON) is False

"""Events come twice, late, in any order or never: in the end all is as if each had come once, at once."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.accounts.models import User
from newsroom.billing import inbox, reconcile, sync
from newsroom.billing.gateway import Present, gateway
from newsroom.billing.models import Account, Invoice, Subscription
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.licensing.models import LicenceVersion
from newsroom.sandbox.engine.world import public
from tests.billing.shop import Shop
from tests.factories import a_user

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
IGNORED = {"id", "raw", "account", "hosted_url", "pdf_url"}
QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)


def lifecycle(shop: Shop, user: User) -> Iterator[str]:
    """A year in a reader's life. After each step what happened is at Stripe, and its events are on their way."""
    session = shop.open(user)
    yield "opened"
    shop.pay(session, user)
    yield "paid"
    shop.pass_time(days=31, hours=2)
    yield "renewed"
    shop.change_card(user, "pm_card_chargeCustomerFail")
    shop.pass_time(days=31)
    yield "declined"
    shop.pass_time(days=4)
    yield "declined again"
    shop.change_card(user)
    yield "card changed"
    name = shop.objects("subscription")[0]["id"]
    for cancels in (True, False, True):
        shop.sdk.v1.subscriptions.update(name, {"cancel_at_period_end": cancels})
        yield "cancelled" if cancels else "resumed"
    shop.pass_time(days=33)
    yield "ended"


def end_state() -> dict[str, Any]:
    """Everything the money of the one account has come to."""
    return {
        "subscriptions": [columns(each) for each in Subscription.objects.order_by("stripe_id")],
        "invoices": [columns(each) for each in Invoice.objects.order_by("stripe_id")],
        "licences": list(
            LicenceVersion.objects.filter(recorded_to=None)
            .order_by("licence__source_ref")
            .values_list("licence__source_ref", "starts_at", "ends_at", "suspended", "uses", "all_products", "clause")
        ),
    }


def columns(row: Subscription | Invoice) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in row._meta.fields if field.name not in IGNORED}


def mails() -> list[str]:
    return sorted(Message.objects.values_list("key", flat=True))


class Frozen:
    """Stripe as it was when the lifecycle was over."""

    def __init__(self, present: Present, events: list[dict[str, Any]]) -> None:
        self._present, self._events = present, events

    def present(self, customer: str) -> Present:
        return self._present

    def events(self, since: int) -> list[dict[str, Any]]:
        return [each for each in reversed(self._events) if each["created"] >= since]

    def subscriptions(self) -> list[dict[str, Any]]:
        return self._present.subscriptions

    def invoices(self, since: int) -> list[dict[str, Any]]:
        return [each for each in self._present.invoices if each["created"] >= since]


class Log:
    """One recorded lifecycle, played back as often as wanted."""

    def __init__(self, shop: Shop) -> None:
        self.user = a_user()
        self.steps = list(lifecycle(shop, self.user))
        self.events = [public(each) for each in shop.objects("event")]
        self.account = Account.objects.get(user=self.user)
        self.stripe = Frozen(gateway().present(self.account.stripe_customer_id or ""), self.events)
        self.at = now()

    def play(self, order: list[int]) -> None:
        for number in order:
            row = inbox.store(self.events[number], "{}", via="webhook", at=self.at)
            inbox.process(event_id=row.pk, at=self.at)

    def work(self) -> None:
        for row in list(inbox.StripeEvent.objects.due(self.at)):
            inbox.process(event_id=row.pk, at=self.at)


@pytest.fixture
def log(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Log:
    made = Log(shop)
    monkeypatch.setattr(sync, "gateway", lambda: made.stripe)
    monkeypatch.setattr(reconcile, "gateway", lambda: made.stripe)
    return made


def canonical(log: Log) -> tuple[dict[str, Any], list[str]]:
    mark = transaction.savepoint()
    log.play(list(range(len(log.events))))
    found = end_state(), mails()
    transaction.savepoint_rollback(mark)
    return found


def test_the_recorded_life_has_everything_that_goes_wrong_elsewhere(log):
    kinds = {each["type"] for each in log.events}

    assert {
        "checkout.session.completed",
        "customer.subscription.created",
        "customer.subscription.updated",
        "customer.subscription.deleted",
        "invoice.paid",
        "invoice.payment_failed",
    } <= kinds
    assert len(log.events) > 30
    assert log.steps[-1] == "ended"
    state, told = canonical(log)
    assert [each["status"] for each in state["subscriptions"]] == ["canceled"]
    assert [each["status"] for each in state["invoices"]] == ["paid"] * 3
    assert len(told) == 3  # the receipts; when first heard of, all else was over


def test_permuted_and_repeated_events_end_the_same(log):
    expected = canonical(log)
    numbers = st.sampled_from(range(len(log.events)))

    @settings(QUICK, max_examples=12)
    @given(st.permutations(range(len(log.events))), st.lists(numbers, max_size=10))
    def replay(order: list[int], again: list[int]) -> None:
        mark = transaction.savepoint()
        log.play([*order, *again])
        assert (end_state(), mails()) == expected
        transaction.savepoint_rollback(mark)

    replay()


def test_with_events_lost_the_reconcile_of_events_ends_the_same(log):
    expected = canonical(log)

    @settings(QUICK, max_examples=8)
    @given(st.sets(st.sampled_from(range(len(log.events)))))
    def replay(lost: set[int]) -> None:
        mark = transaction.savepoint()
        log.play([number for number in range(len(log.events)) if number not in lost])
        found = reconcile.events(at=log.at + reconcile.YOUNGEST)
        log.work()
        since = (log.at - reconcile.FIRST_LOOK).timestamp()
        listed = {number for number, each in enumerate(log.events) if each["created"] >= since}
        assert found.repaired == len(listed & lost)
        reconcile.objects(at=log.at)
        assert (end_state(), mails()) == expected
        assert reconcile.objects(at=log.at).repaired == 0
        transaction.savepoint_rollback(mark)

    replay()


def test_with_every_event_lost_the_nightly_comparison_ends_the_same_and_counts_it(log):
    expected = canonical(log)

    first, second = reconcile.objects(at=log.at), reconcile.objects(at=log.at)

    assert (end_state(), mails()) == expected
    assert (first.repaired, second.repaired, first.examined) == (1, 0, 2)  # the subscription and the youngest invoice


@pytest.mark.parametrize("seed", range(4))
def test_a_life_heard_of_in_pieces_ends_as_one_heard_of_at_once(shop, seed):
    chance, user = Random(seed), a_user()
    for _ in lifecycle(shop, user):
        events = [public(each) for each in shop.objects("event")]
        for event in chance.choices(events, k=chance.choice([0, 0, 1, 3])):
            row = inbox.store(event, "{}", via="webhook", at=now())
            inbox.process(event_id=row.pk, at=now())

    reconcile.objects(at=now())

    pieces = end_state()
    sync.sync(account_id=Account.objects.get(user=user).pk, at=now())
    assert end_state() == pieces
    assert [each["status"] for each in pieces["subscriptions"]] == ["canceled"]
    assert [each[2] for each in pieces["licences"]] == [pieces["subscriptions"][0]["ended_at"]]
    assert len([key for key in mails() if key.startswith("receipt:")]) == 3

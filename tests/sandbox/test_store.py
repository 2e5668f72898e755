"""The database keeps objects as memory does, and its own connection keeps them apart from our transactions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import stripe
from django.db import connections, transaction

from newsroom.sandbox import actions, clock
from newsroom.sandbox.engine.errors import StripeError
from newsroom.sandbox.engine.store import Kept, MemoryStore, Search, Store
from newsroom.sandbox.models import SandboxControls, SandboxObject
from newsroom.sandbox.store import DatabaseStore
from newsroom.sandbox.transport import SandboxClient
from tests.sandbox.shop import Shop

BOTH = pytest.mark.django_db(databases=["default", "sandbox"])


def body(name: str, created: int = 1, **facts: Any) -> dict[str, Any]:
    return {"id": name, "object": "thing", "created": created, "_": {}} | facts


@pytest.fixture(params=[MemoryStore, DatabaseStore])
def store(request: pytest.FixtureRequest, db: None) -> Store:
    make: Callable[[], Store] = request.param
    return make()


@BOTH
class TestBothStores:
    def test_an_object_is_found_changed_and_removed(self, store: Store) -> None:
        store.save(body("a"), due=None, clock=None)
        store.save(body("a", color="red"), due=None, clock=None)

        assert store.find("a") == body("a", color="red")
        store.remove("a")
        assert store.find("a") is None

    def test_a_search_is_newest_first_and_by_any_depth(self, store: Store) -> None:
        for number in range(4):
            store.save(
                body(f"t{number}", number, n={"parity": number % 2, "list": [{"id": number}]}), due=None, clock=None
            )
        store.save(body("other") | {"object": "other"}, due=None, clock=None)

        def names(**given: Any) -> list[str]:
            return [each["id"] for each in store.select(Search("thing", **given))]

        assert names() == ["t3", "t2", "t1", "t0"]
        assert names(where={"n": {"parity": 1}}) == ["t3", "t1"]
        assert names(where={"n": {"list": [{"id": 2}]}}) == ["t2"]
        assert names(one_of={"id": ["t0", "t2", "t9"]}) == ["t2", "t0"]
        assert names(none_of={"id": ["t0", "t2"]}) == ["t3", "t1"]
        assert names(none_of={"deleted": [True]}) == ["t3", "t2", "t1", "t0"]
        assert names(created={"gt": 0, "lte": 2}) == ["t2", "t1"]
        assert names(created={"gte": 3}) == names(created={"gt": 2}) == ["t3"]
        assert names(created={"lt": 1}) == ["t0"]
        assert names(after="t2", limit=1) == ["t1"]
        assert names(before="t0", limit=2) == ["t2", "t1"]

    def test_the_earliest_due_object_comes_first_and_by_its_clock(self, store: Store) -> None:
        store.save(body("late"), due=20, clock=None)
        store.save(body("soon"), due=10, clock=None)
        store.save(body("theirs"), due=5, clock="clock_1")
        store.save(body("never"), due=None, clock=None)

        def earliest(until: int, name: str | None = None) -> str | None:
            found = store.earliest(until=until, clock=name)
            return found["id"] if found else None

        assert [earliest(30), earliest(15), earliest(9), earliest(9, "clock_1")] == ["soon", "soon", None, "theirs"]

    def test_an_error_undoes_what_was_written(self, store: Store) -> None:
        def fail() -> None:
            with store.undoable():
                store.save(body("a"), due=None, clock=None)
                raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            fail()

        assert store.find("a") is None

    def test_a_key_is_recalled(self, store: Store) -> None:
        store.remember("one", Kept("digest", 200, {"id": "a"}, 5))

        assert store.recall("one") == Kept("digest", 200, {"id": "a"}, 5)
        assert store.recall("two") is None

    def test_a_life_is_the_same_on_either(self, store: Store) -> None:
        shop = Shop(store)
        subscription = shop.subscription()
        shop.advance(days=100)

        assert shop.again(subscription).status == "active"
        assert len(shop.sdk.v1.invoices.list({"subscription": subscription.id}).data) == 4


@BOTH
class TestTheDatabase:
    def test_what_stripe_did_stays_when_our_transaction_is_undone(self, sdk: stripe.StripeClient) -> None:
        with transaction.atomic(using="default"):
            made = sdk.v1.customers.create({"email": "reader@example.org"})
            transaction.set_rollback(True, using="default")

        assert sdk.v1.customers.retrieve(made.id).email == "reader@example.org"

    def test_advancing_time_moves_the_clock_that_the_product_reads(self, sdk: stripe.StripeClient) -> None:
        before = clock.now()

        actions.advance(by=timedelta(days=40))

        assert clock.offset() == timedelta(days=40)
        assert timedelta(days=40) <= clock.now() - before < timedelta(days=40, minutes=1)
        with pytest.raises(ValueError, match="forward"):
            actions.advance(by=timedelta(days=-1))

    def test_time_passes_by_itself(self, sdk: stripe.StripeClient) -> None:
        session = _session(sdk)
        SandboxControls.objects.update_or_create(pk=1, defaults={"offset": 86_401})

        actions.settle()

        assert SandboxObject.objects.get(name=session).body["status"] == "expired"

    def test_the_next_renewal_is_advanced_to_with_the_hour_of_its_draft(self, sdk: stripe.StripeClient) -> None:
        assert actions.advance_to_renewal() is False
        actions.complete_checkout(_session(sdk), email="reader@example.org", number="4242424242424242")

        assert actions.advance_to_renewal() is True

        assert [invoice.status for invoice in sdk.v1.invoices.list().data] == ["paid", "paid"]

    def test_a_declined_card_on_the_page_changes_nothing(self, sdk: stripe.StripeClient) -> None:
        session = _session(sdk)

        with pytest.raises(StripeError, match="declined"):
            actions.complete_checkout(session, email="reader@example.org", number="4000000000000002")

        assert sdk.v1.checkout.sessions.retrieve(session).status == "open"


def _session(sdk: stripe.StripeClient) -> str:
    price = sdk.v1.prices.create(
        {
            "currency": "eur",
            "unit_amount": 900,
            "recurring": {"interval": "month"},
            "product_data": {"name": "Full access"},
        }
    )
    return sdk.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "success_url": "https://news.example/",
            "line_items": [{"price": price.id, "quantity": 1}],
        }
    ).id


@pytest.mark.django_db(databases=["default", "sandbox"], transaction=True)
def test_calls_at_once_with_one_key_make_one_object() -> None:
    def create(_number: int) -> str:
        sdk = stripe.StripeClient("sk_test_sandbox", http_client=SandboxClient())
        try:
            return sdk.v1.customers.create({"email": "reader@example.org"}, {"idempotency_key": "one"}).id
        finally:
            connections.close_all()

    clock.remember(0)
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(create, range(8)))

    assert len(names) == 1
    assert SandboxObject.objects.filter(kind="customer").count() == 1

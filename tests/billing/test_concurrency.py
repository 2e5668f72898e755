"""Many at once: one row, one effect, one customer."""

import json
import threading
from collections.abc import Callable

import pytest
from django.db import connections
from django.test import Client

from newsroom.billing import actions, inbox, sync
from newsroom.billing.models import Account, OutboxCall, StripeEvent
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.licensing.models import LicenceVersion
from newsroom.sandbox.delivering import sign
from newsroom.sandbox.engine.world import public
from tests.billing.shop import Shop
from tests.factories import a_user

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sandbox"]),
    pytest.mark.xdist_group("transactions"),
]


@pytest.fixture
def real_shop(transactional_db: None) -> Shop:
    return Shop(Client())


def at_once(number: int, deed: Callable[[], object]) -> list[object]:
    """What each of so many threads got, all let go at the same moment."""
    gate, found = threading.Barrier(number), []

    def run() -> None:
        gate.wait()
        try:
            found.append(deed())
        except Exception as error:  # handed to the test, which says which it expects
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_twenty_threads_post_one_event_one_row_one_effect(real_shop, settings):
    user = a_user()
    real_shop.pay(real_shop.open(user), user)
    event = next(each for each in real_shop.objects("event") if each["type"] == "invoice.paid")
    body = json.dumps(public(event)).encode()
    signature = sign(body, settings.STRIPE_WEBHOOK_SECRETS[0], now())

    def post() -> int:
        return (
            Client()
            .post(
                "/stripe/webhook/", data=body, content_type="application/json", headers={"Stripe-Signature": signature}
            )
            .status_code
        )

    answers = at_once(20, post)
    row = StripeEvent.objects.get()
    looks = at_once(8, lambda: inbox.process(event_id=row.pk, at=now()))

    assert (answers, looks) == ([200] * 20, [None] * 8)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("done", 1)
    assert Account.objects.get().version == 1
    assert LicenceVersion.objects.count() == 1
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["receipt", "subscription_started"]


def test_many_looks_at_once_write_one_truth(real_shop):
    user = a_user()
    real_shop.pay(real_shop.open(user), user)
    account = Account.objects.get()

    found = at_once(6, lambda: sync.sync(account_id=account.pk, at=now()))

    assert sorted(each for each in found if isinstance(each, bool)) == [False] * 5 + [True]
    assert (LicenceVersion.objects.count(), Message.objects.count()) == (1, 2)


def test_two_tabs_open_checkout_at_once_one_customer_one_open_checkout(real_shop):
    user = a_user()

    found = at_once(
        4,
        lambda: actions.open_checkout(user=user, lookup_key="reader_month_eur", next_path="", by=user.actor, at=now()),
    )
    real_shop.work()

    assert [each for each in found if isinstance(each, Exception)] == []
    assert len(real_shop.objects("customer")) == 1
    states = [each["status"] for each in real_shop.objects("checkout.session")]
    assert states.count("open") == 1
    assert not OutboxCall.objects.unanswered().exists()

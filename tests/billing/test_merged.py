"""Somebody paid under another address, and both accounts became one: the subscription goes on, for the one that goes on."""

import pytest

from newsroom.access.decide import decide
from newsroom.access.rules import Reason
from newsroom.accounts.readers import reader_of
from newsroom.billing import actions
from newsroom.billing.models import Account, Invoice, Subscription
from newsroom.billing.sync import sync
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.licensing.organisations.merging import merge_people
from newsroom.licensing.rules import Use
from tests.billing.shop import MONTHLY
from tests.factories import DAY, a_release, a_user

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def pair(shop):
    """Who goes on, and who paid and is gone."""
    gone, keep = shop.subscriber(email="old@home.example"), a_user("new@paper.example")
    merge_people(keep=keep, gone=gone, by=SYSTEM, at=now(), why="the old address is dead")
    return keep, gone


def reason(user, item) -> Reason:
    return decide(reader=reader_of(user, now()), item=item, use=Use.READ, at=now()).reason


def test_the_one_that_goes_on_reads_pays_and_cancels(pair):
    keep, gone = pair
    item = a_release(now() - DAY).item

    assert (reason(keep, item), reason(gone, item)) == (Reason.LICENSED, Reason.NO_LICENCE)
    assert Subscription.objects.of_user(keep.pk).live().count() == Invoice.objects.of_user(keep.pk).count() == 1
    with pytest.raises(actions.AlreadySubscribed):
        actions.open_checkout(user=keep, lookup_key=MONTHLY, next_path="", by=keep.actor, at=now())
    actions.cancel_at_period_end(user=keep, by=keep.actor, at=now())

    assert Message.objects.get(kind="subscription_cancelled").to == "new@paper.example"
    assert Account.objects.get().user == gone


def test_a_renewal_gives_the_one_that_is_gone_nothing(shop, pair):
    keep, gone = pair
    item = a_release(now() - DAY).item
    shop.wait(days=31, hours=2)
    sync(account_id=Account.objects.get().pk, at=now())

    assert (reason(keep, item), reason(gone, item)) == (Reason.LICENSED, Reason.NO_LICENCE)
    assert set(Message.objects.filter(kind="receipt").values_list("to", flat=True)) == {gone.email, keep.email}

"""The whole road: from a plan to the full text and back, through the real SDK."""

from datetime import timedelta

import pytest

from newsroom.access.rules import Reason
from newsroom.billing import actions
from newsroom.billing.models import Invoice
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.wire.rules import Tier
from tests.billing.shop import decision, the_subscription
from tests.factories import a_user, an_item

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def test_who_pays_reads_everything_until_the_end_of_what_was_paid(shop):
    user, item = a_user(), an_item(at=now())
    assert decision(user, item).tier is Tier.SUMMARY

    shop.pay(shop.open(user), user)
    shop.hear()

    opened = decision(user, item)
    assert (opened.tier, opened.reason, opened.clause) == (Tier.FULL, Reason.LICENSED, "Plan Reader: read")
    invoice = Invoice.objects.get(account__user=user)
    assert (invoice.status, str(invoice.total), len(invoice.lines)) == ("paid", "€9.90", 1)

    actions.cancel_at_period_end(user=user, by=user.actor, at=now())
    ends = the_subscription(user).current_period_end
    assert decision(user, item).until == ends
    assert decision(user, item, ends - timedelta(seconds=1)).tier is Tier.FULL
    assert decision(user, item, ends).reason is Reason.ENDED

    shop.wait(days=32)

    assert the_subscription(user).status == "canceled"
    closed = decision(user, item)
    assert (closed.tier, closed.reason, closed.until) == (Tier.SUMMARY, Reason.ENDED, ends)
    kinds = list(Message.objects.filter(to=user.email).order_by("pk").values_list("kind", flat=True))
    assert sorted(kinds) == ["receipt", "subscription_cancelled", "subscription_ended", "subscription_started"]

"""A declined renewal: what goes on, until when, and what ends it."""

from datetime import timedelta

import pytest

from newsroom.access.rules import Reason
from newsroom.billing.models import Invoice
from newsroom.billing.states import GRACE, Standing, standing
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.licensing.models import LicenceVersion
from newsroom.sandbox.models import SandboxControls
from newsroom.wire.rules import Tier
from tests.billing.shop import decision, the_subscription
from tests.factories import an_item

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
SECOND = timedelta(seconds=1)


def declined(shop):
    """A subscriber whose card is declined at the first renewal."""
    user = shop.subscriber()
    shop.change_card(user, "pm_card_chargeCustomerFail")
    shop.wait(days=31, hours=2)
    return user


def mails(user) -> list[str]:
    return sorted(Message.objects.filter(to=user.email).values_list("kind", flat=True))


def test_declined_then_grace_then_card_fixed_then_active(shop):
    item = an_item(at=now())
    user = declined(shop)

    held = the_subscription(user)
    assert (held.status, standing(held.facts, now())) == ("past_due", Standing.GRACE)
    final = Invoice.objects.get(status="open").finalised_at
    assert final is not None
    assert (held.past_due_since, held.grace_until) == (final, final + GRACE)
    during = decision(user, item)
    assert (during.tier, during.until) == (Tier.FULL, final + GRACE)
    assert decision(user, item, final + GRACE - SECOND).tier is Tier.FULL
    assert decision(user, item, final + GRACE).tier is Tier.SUMMARY
    assert mails(user) == ["payment_failed", "receipt", "subscription_started"]

    shop.change_card(user)
    shop.hear()

    held = the_subscription(user)
    assert (held.status, held.past_due_since, held.grace_until) == ("active", None, None)
    after = decision(user, item)
    assert (after.tier, after.reason) == (Tier.FULL, Reason.LICENSED)
    assert after.until is not None
    assert after.until > held.current_period_end
    assert mails(user) == ["payment_failed", "receipt", "receipt", "subscription_started"]


def test_retries_do_not_move_the_end_of_grace_and_no_job_flips_it(shop):
    item = an_item(at=now())
    user = declined(shop)
    first = the_subscription(user).grace_until
    versions = LicenceVersion.objects.count()

    shop.wait(days=4)

    held = the_subscription(user)
    assert (held.status, held.grace_until) == ("past_due", first)
    assert LicenceVersion.objects.count() == versions
    assert decision(user, item).tier is Tier.FULL

    shop.pass_time(days=3, hours=20)  # nobody hears of anything
    assert decision(user, item).tier is Tier.SUMMARY
    assert standing(the_subscription(user).facts, now()) is Standing.SUSPENDED
    assert mails(user).count("payment_failed") == 1


def test_when_stripe_gives_up_it_has_ended_with_the_grace(shop):
    user = declined(shop)
    ended = the_subscription(user).grace_until

    for _ in range(3):
        shop.wait(days=8)

    held = the_subscription(user)
    version = LicenceVersion.objects.get(recorded_to=None)
    assert (held.status, version.ends_at) == ("canceled", ended)
    assert mails(user) == ["payment_failed", "receipt", "subscription_ended", "subscription_started"]


def test_what_is_left_unpaid_is_suspended_and_paying_brings_it_back(shop):
    item = an_item(at=now())
    SandboxControls.objects.update_or_create(pk=1, defaults={"after_retries": "unpaid"})
    user = declined(shop)
    for _ in range(2):
        shop.wait(days=8)

    held = the_subscription(user)
    assert (held.status, standing(held.facts, now())) == ("unpaid", Standing.SUSPENDED)
    refused = decision(user, item)
    assert (refused.tier, refused.reason) == (Tier.SUMMARY, Reason.SUSPENDED)

    shop.change_card(user)
    shop.hear()

    assert the_subscription(user).status == "active"
    assert decision(user, item).tier is Tier.FULL


def test_a_renewal_is_one_receipt_and_one_longer_licence(shop):
    item = an_item(at=now())
    user = shop.subscriber()
    first = decision(user, item).until

    shop.wait(days=31, hours=2)

    later = decision(user, item).until
    assert first is not None
    assert later is not None
    assert timedelta(days=27) < later - first < timedelta(days=32)
    assert mails(user) == ["receipt", "receipt", "subscription_started"]


def test_a_late_webhook_about_a_renewal_locks_nobody_out(shop):
    item = an_item(at=now())
    user = shop.subscriber()

    shop.pass_time(days=32)  # renewed at Stripe; nobody has told us

    assert the_subscription(user).current_period_end < now()
    assert decision(user, item).tier is Tier.FULL

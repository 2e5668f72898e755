"""What a customer's money goes through, told to Stripe's API and read back through our own mirror."""

import pytest

from newsroom.billing.models import Invoice, Refund
from newsroom.licensing.models import LicenceVersion
from tests.stripe_live.conftest import refuse_live

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def statuses(user) -> list[str]:
    return list(
        Invoice.objects.filter(account__user=user).order_by("created_at", "pk").values_list("status", flat=True)
    )


def licence(user) -> LicenceVersion:
    return LicenceVersion.objects.get(recorded_to=None, licence__user=user)


def test_a_subscription_renews_and_the_licence_with_it(shop):
    user = shop.subscriber()
    first = licence(user).ends_at

    shop.pass_time(user, days=32)

    assert (shop.held(user).status, statuses(user)) == ("active", ["paid", "paid"])
    assert licence(user).ends_at > first


def test_a_trial_becomes_a_paid_subscription(shop):
    user = shop.subscriber(trial_period_days=14)
    assert shop.held(user).status == "trialing"

    shop.pass_time(user, days=16)

    assert shop.held(user).status == "active"
    assert "paid" in statuses(user)


def test_a_declined_renewal_is_grace_until_another_card_pays(shop):
    user = shop.subscriber()
    shop.card(user, "pm_card_chargeCustomerFail")
    shop.pass_time(user, days=32)
    assert (shop.held(user).status, licence(user).suspended) == ("past_due", False)

    shop.card(user, "pm_card_visa")
    owed = Invoice.objects.get(account__user=user, status="open")
    shop.v1.invoices.pay(owed.stripe_id)
    shop.look(user)

    assert (shop.held(user).status, statuses(user)) == ("active", ["paid", "paid"])


def test_a_cancelled_subscription_is_kept_to_the_end_of_what_was_paid(shop):
    user = shop.subscriber()
    shop.v1.subscriptions.update(shop.held(user).stripe_id, {"cancel_at_period_end": True})
    shop.look(user)
    ends = shop.held(user).current_period_end
    assert licence(user).ends_at == ends

    shop.pass_time(user, days=32)

    assert (shop.held(user).status, licence(user).ends_at) == ("canceled", ends)


def test_what_is_refunded_at_stripe_is_refunded_in_our_books(shop):
    user = shop.subscriber()
    charge = shop.v1.charges.list({"customer": shop.customer(user)}).data[0]

    shop.v1.refunds.create({"charge": charge.id, "amount": 300})
    shop.look(user)

    refund = Refund.objects.get(account__user=user)
    assert (refund.amount_minor, refund.currency, refund.status) == (300, "eur", "succeeded")


@pytest.mark.parametrize("key", ["sk_live_1", "rk_live_1", "pk_test_1", "x"])
def test_a_key_that_is_not_for_tests_is_refused(key):
    with pytest.raises(pytest.UsageError, match="no test key"):
        refuse_live(key)

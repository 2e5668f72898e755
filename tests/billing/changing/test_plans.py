"""More at once, less once what is paid for is over; what was shown is what is charged."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.billing import actions, changing
from newsroom.billing.models import Account, Invoice, Payment, Subscription
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.core.money import Money
from newsroom.sandbox import actions as at_stripe
from newsroom.sandbox.engine import collecting
from tests.billing.shop import MONTHLY, the_subscription
from tests.factories import a_user

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
PLUS = "reader_plus_month_eur"
YEARLY = "reader_year_eur"
ASKS_BANK = "4000002760003184"


def newest(user) -> Invoice:
    return Invoice.objects.filter(account__user=user).order_by("-created_at", "-pk")[0]


def test_an_upgrade_is_charged_for_the_rest_of_the_period_and_counts_at_once(shop):
    user = shop.subscriber()
    shop.pass_time(days=10)

    seen = shop.upgrade(user)

    held, invoice = the_subscription(user), newest(user)
    assert (held.plan, held.amount, held.status, held.upcoming, held.pending) == ("reader_plus", 1690, "active", {}, {})
    assert (invoice.status, invoice.reason, invoice.total) == ("paid", "subscription_update", seen.today)
    assert [each["amount"] for each in invoice.lines] == [each.money.minor for each in seen.lines]
    assert [each.what for each in seen.lines] == ["unused", "rest"]
    assert seen.later == Money(1690, "eur")
    assert 0 < seen.today.minor < 700
    assert Message.objects.filter(kind="subscription_changed", to=user.email).count() == 1


def test_a_longer_interval_begins_a_new_period_now(shop):
    shop.sell(YEARLY)
    user = shop.subscriber()
    shop.pass_time(days=3)

    seen = shop.change_plan(user, YEARLY)

    held = the_subscription(user)
    assert (held.lookup_key, held.interval) == (YEARLY, "year")
    assert held.current_period_end - held.current_period_start > timedelta(days=364)
    assert newest(user).total == seen.today
    assert [each.what for each in seen.lines] == ["unused", "period"]
    assert sum(each.money.minor for each in seen.lines) == seen.today.minor == 9900 + seen.lines[0].money.minor


def test_less_comes_at_the_end_of_the_period_and_can_be_taken_back(shop):
    user = shop.subscriber()
    shop.upgrade(user)
    ends = the_subscription(user).current_period_end

    seen = shop.downgrade(user)

    held = the_subscription(user)
    assert (seen.target.now, seen.today.minor, seen.later, seen.takes_effect) == (False, 0, Money(990, "eur"), ends)
    assert (held.plan, held.upcoming["plan"], held.upcoming["at"]) == ("reader_plus", "reader", int(ends.timestamp()))

    changing.undo(user=user, by=user.actor, at=now())

    assert (the_subscription(user).upcoming, the_subscription(user).schedule) == ({}, "")
    with pytest.raises(changing.CannotChange, match="No change is planned"):
        changing.undo(user=user, by=user.actor, at=now())


def test_less_is_what_is_charged_from_then_on(shop):
    user = shop.subscriber()
    shop.upgrade(user)
    seen = shop.downgrade(user)

    shop.wait(days=32)

    held = the_subscription(user)
    assert (held.plan, held.amount, held.upcoming) == ("reader", 990, {})
    assert (newest(user).total, newest(user).status) == (seen.later, "paid")
    shop.wait(days=31)
    assert (newest(user).total.minor, the_subscription(user).schedule) == (990, "")


def test_a_shorter_interval_comes_when_the_year_is_over(shop):
    shop.sell(YEARLY)
    user = shop.subscriber()
    shop.change_plan(user, YEARLY)

    seen = shop.change_plan(user, MONTHLY)

    assert (seen.target.now, seen.later) == (False, Money(990, "eur"))
    shop.wait(days=367)
    held = the_subscription(user)
    assert (held.lookup_key, held.interval, newest(user).total) == (MONTHLY, "month", Money(990, "eur"))
    assert held.current_period_end - held.current_period_start < timedelta(days=32)


def test_a_planned_change_gives_way_to_another(shop):
    shop.sell(YEARLY)
    user = shop.subscriber()
    shop.upgrade(user)
    shop.downgrade(user)

    shop.change_plan(user, "reader_year_eur")

    assert the_subscription(user).upcoming["plan"] == "reader"
    assert the_subscription(user).upcoming["lookup_key"] == YEARLY


def test_a_declined_card_leaves_the_old_plan_and_charges_nothing(shop):
    user = shop.subscriber()
    shop.change_card(user, "pm_card_chargeCustomerFail")

    with pytest.raises(changing.PaymentDeclined, match="declined"):
        shop.upgrade(user)

    held = the_subscription(user)
    assert (held.plan, held.status, held.pending) == ("reader", "active", {})
    assert (newest(user).status, newest(user).reason) == ("void", "subscription_update")
    assert Account.objects.get(user=user).credit_minor == 0
    assert Payment.objects.filter(account__user=user, status="succeeded").count() == 1


@pytest.fixture
def asked(shop):
    """A reader whose upgrade waits for the bank, and the page where it asks."""
    user = shop.subscriber()
    shop.change_card(user, "pm_card_authenticationRequired")
    seen = changing.preview(user=user, lookup_key=PLUS, at=now())
    page = changing.change(user=user, token=seen.token, by=user.actor, at=now())
    return user, seen, page


def test_three_d_secure_at_an_upgrade_waits_for_the_bank(shop, asked):
    user, seen, page = asked
    held = the_subscription(user)

    assert page == newest(user).hosted_url
    assert (held.plan, held.status, held.pending["plan"]) == ("reader", "active", "reader_plus")
    with pytest.raises(changing.CannotChange, match="waits for your bank"):
        shop.upgrade(user)

    at_stripe.do(
        lambda world: collecting.collect(world, world.get("invoice", newest(user).stripe_id), authenticated=True)
    )
    shop.hear()

    assert (the_subscription(user).plan, the_subscription(user).pending) == ("reader_plus", {})
    assert (newest(user).status, newest(user).total) == ("paid", seen.today)


def test_three_d_secure_abandoned_leaves_the_old_plan(shop, asked):
    user, _seen, _page = asked

    shop.wait(hours=24)

    held = the_subscription(user)
    assert (held.plan, held.status, held.pending, newest(user).status) == ("reader", "active", {}, "void")


def test_a_change_that_waits_can_be_given_up(shop, asked):
    user, _seen, _page = asked

    changing.drop_pending(user=user, by=user.actor, at=now())

    assert (the_subscription(user).plan, the_subscription(user).pending) == ("reader", {})
    with pytest.raises(changing.CannotChange, match="No change waits"):
        changing.drop_pending(user=user, by=user.actor, at=now())


def test_a_preview_is_for_its_reader_its_moment_and_its_sum(shop):
    user, other = shop.subscriber(), shop.subscriber()
    seen = changing.preview(user=user, lookup_key=PLUS, at=now())
    theirs = changing.preview(user=other, lookup_key=PLUS, at=now())

    for token in ("", "tampered", seen.token[:-2] + "xx", theirs.token):
        with pytest.raises(changing.PreviewExpired):
            changing.change(user=user, token=token, by=user.actor, at=now())
    with pytest.raises(changing.PreviewExpired):
        changing.change(user=user, token=seen.token, by=user.actor, at=now() + timedelta(minutes=31))
    changing.change(user=user, token=seen.token, by=user.actor, at=now())
    with pytest.raises(changing.PreviewExpired):
        changing.change(user=user, token=seen.token, by=user.actor, at=now())
    assert the_subscription(user).plan == "reader_plus"
    assert the_subscription(other).plan == "reader"


def test_a_price_that_rose_since_it_was_shown_is_shown_again(shop):
    user = shop.subscriber()
    seen = changing.preview(user=user, lookup_key=PLUS, at=now())
    price = shop.sdk.v1.prices.list({"lookup_keys": [PLUS]}).data[0]
    shop.sdk.v1.prices.create(
        {
            "product": str(price.product),
            "currency": "eur",
            "unit_amount": 2990,
            "recurring": {"interval": "month"},
            "lookup_key": PLUS,
            "transfer_lookup_key": True,
            "metadata": {"plan": "reader_plus", "lookup_key": PLUS},
        }
    )

    with pytest.raises(changing.PreviewExpired):
        changing.change(user=user, token=seen.token, by=user.actor, at=now())
    assert the_subscription(user).plan == "reader"


@pytest.mark.parametrize("lookup_key", ["no_such_key", "reader_month_usd", ""])
def test_what_is_not_sold_in_the_readers_currency_is_no_choice(shop, lookup_key):
    user = shop.subscriber()

    with pytest.raises(actions.NotForSale):
        changing.preview(user=user, lookup_key=lookup_key, at=now())


@pytest.mark.parametrize("quantity", [-1, 21, 10**9])
def test_a_quantity_that_nobody_may_have_is_refused(shop, quantity):
    with pytest.raises(changing.CannotChange, match="between 1 and 20"):
        changing.preview(user=shop.subscriber(), lookup_key=PLUS, quantity=quantity, at=now())


def test_the_same_plan_is_no_change(shop):
    with pytest.raises(changing.CannotChange, match="already"):
        changing.preview(user=shop.subscriber(), lookup_key=MONTHLY, at=now())


def test_who_owes_or_leaves_changes_nothing(shop):
    user = shop.subscriber()
    actions.cancel_at_period_end(user=user, by=user.actor, at=now())
    with pytest.raises(changing.CannotChange, match="cancelled"):
        shop.upgrade(user)
    actions.resume(user=user, by=user.actor, at=now())
    shop.change_card(user, "pm_card_chargeCustomerFail")
    shop.wait(days=32)
    with pytest.raises(changing.CannotChange, match="payment is open"):
        shop.upgrade(user)
    with pytest.raises(actions.NoSubscription):
        changing.preview(user=a_user(), lookup_key=PLUS, at=now())


KEYS = [f"{plan}_{interval}_{{}}" for plan in ("reader", "reader_plus") for interval in ("month", "year")]


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    currency=st.sampled_from(["eur", "jpy", "kwd"]),
    begins=st.sampled_from(KEYS),
    steps=st.lists(
        st.tuples(st.integers(0, 40 * 86_400), st.sampled_from(KEYS), st.integers(1, 3)), min_size=1, max_size=3
    ),
)
def test_what_is_shown_is_what_is_charged_at_any_moment_in_any_currency(shop, currency, begins, steps):
    shop.sell(*(key.format(currency) for key in KEYS))
    user = a_user()
    shop.pay(shop.open(user, begins.format(currency)), user)
    actions.finish(user=user, at=now())
    for seconds, key, quantity in steps:
        shop.wait(seconds=seconds)
        held = the_subscription(user)
        if (held.lookup_key, held.quantity) == (key.format(currency), quantity):
            continue
        seen = shop.change_plan(user, key.format(currency), quantity)
        if seen.target.now:
            invoice = newest(user)
            assert (Money(invoice.due_minor, currency), invoice.status) == (seen.today, "paid")
            assert [each["amount"] for each in invoice.lines] == [each.money.minor for each in seen.lines]
            assert Account.objects.get(user=user).credit_minor == seen.credit.minor
            assert the_subscription(user).lookup_key == key.format(currency)
    paid = sum(Payment.objects.filter(account__user=user).values_list("amount_minor", flat=True))
    invoices = Invoice.objects.filter(account__user=user)
    assert paid == sum(each.total_minor for each in invoices) + Account.objects.get(user=user).credit_minor
    assert Subscription.objects.filter(account__user=user).count() == 1

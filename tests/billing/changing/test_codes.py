"""Promotion codes, on a running subscription and at Checkout; leaving, and coming back for less."""

import re

import pytest

from newsroom.billing import actions, changing
from newsroom.billing.models import Account, Invoice, WinBack
from newsroom.core.clock import now
from newsroom.core.money import Money
from newsroom.sandbox import actions as at_stripe
from newsroom.sandbox.engine import promoting
from newsroom.sandbox.engine.errors import StripeError
from tests.billing.shop import MONTHLY, the_subscription
from tests.factories import DAY, a_user
from tests.sandbox.changing import a_code

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def newest(user) -> Invoice:
    return Invoice.objects.filter(account__user=user).order_by("-created_at", "-pk")[0]


def test_a_code_counts_from_the_next_payment_and_once(shop):
    a_code(shop, "SPRING")
    user = shop.subscriber()

    shop.apply_code(user, " spring ")

    assert the_subscription(user).discount["percent_off"] == "20.0"
    with pytest.raises(changing.CannotChange, match="a discount already"):
        shop.apply_code(user, "SPRING")
    shop.wait(days=32)
    assert (newest(user).total, newest(user).discount_minor) == (Money(792, "eur"), 198)
    assert the_subscription(user).discount == {}
    shop.wait(days=31)
    assert newest(user).total == Money(990, "eur")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"max_redemptions": 1, "used": True}, "already been used"),
        ({"expires": True}, "has expired"),
        ({"restrictions": {"first_time_transaction": True}}, "first purchases only"),
        ({"restrictions": {"minimum_amount": 5000, "minimum_amount_currency": "eur"}}, "too little"),
    ],
)
def test_a_code_that_does_not_count_says_why(shop, facts, said):
    if facts.pop("expires", False):
        facts["expires_at"] = int((now() + DAY).timestamp())
    used = facts.pop("used", False)
    a_code(shop, "SPRING", **facts)
    if used:
        shop.apply_code(shop.subscriber(), "SPRING")
    user = shop.subscriber()
    shop.pass_time(days=2)

    with pytest.raises(changing.CannotChange, match=said):
        shop.apply_code(user, "SPRING")
    assert the_subscription(user).discount == {}


@pytest.mark.parametrize("code", ["", " ", "NOSUCH", "x" * 61, "' or 1=1"])
def test_an_unknown_code_is_no_code(shop, code):
    with pytest.raises(changing.CannotChange, match="no such code"):
        shop.apply_code(shop.subscriber(), code)


def test_a_code_typed_in_at_checkout_is_taken_off_the_first_payment(shop):
    user = a_user()
    session = shop.open(user)

    at_stripe.do(lambda world: promoting.apply(world, session, "welcome20"))
    shop.pay(session, user)
    actions.finish(user=user, at=now())

    assert (newest(user).total, newest(user).discount_minor) == (Money(792, "eur"), 198)
    other = shop.open(a_user())
    with pytest.raises(StripeError, match="invalid"):
        at_stripe.do(lambda world: promoting.apply(world, other, "NOSUCH"))


def test_a_code_taken_by_somebody_else_meanwhile_is_refused_before_the_charge(shop):
    a_code(shop, "ONLYONE", max_redemptions=1)
    first, second = a_user(), a_user()
    sessions = [shop.open(first), shop.open(second)]
    for session in sessions:
        at_stripe.do(lambda world, session=session: promoting.apply(world, session, "ONLYONE"))
    shop.pay(sessions[0], first)

    with pytest.raises(StripeError, match="as often as it may"):
        shop.pay(sessions[1], second)
    assert [each["status"] for each in shop.objects("checkout.session")] == ["complete", "open"]


def left(shop):
    user = shop.subscriber()
    changing.cancel(user=user, reason="too_expensive", by=user.actor, at=now())
    shop.wait(days=32)
    return user


def test_who_left_may_come_back_for_less_once(shop):
    user = left(shop)
    account = Account.objects.get(user=user)
    offer = changing.offer_for(account, now())
    assert offer is not None

    for _try in range(2):  # left the page of payment, and clicks again
        url = changing.win_back(user=user, lookup_key=MONTHLY, by=user.actor, at=now())
    session = re.search(r"cs_test_\w+", url)
    assert session
    shop.pay(session[0], user)
    actions.finish(user=user, at=now())

    assert (offer.percent_off, newest(user).total) == (30, Money(693, "eur"))
    assert WinBack.objects.count() == 1
    assert changing.offer_for(account, now()) is None
    with pytest.raises(changing.CannotChange, match="no longer"):
        changing.win_back(user=user, lookup_key=MONTHLY, by=user.actor, at=now())
    shop.wait(days=32)
    shop.wait(days=31)
    assert newest(user).total == Money(693, "eur")
    shop.wait(days=31)
    assert newest(user).total == Money(990, "eur")


def test_an_offer_that_nobody_took_runs_out(shop):
    user = left(shop)
    changing.win_back(user=user, lookup_key=MONTHLY, by=user.actor, at=now())

    assert changing.offer_for(Account.objects.get(user=user), now() + 61 * DAY) is None


def test_who_never_left_has_no_offer(shop):
    assert changing.offer_for(None, now()) is None
    assert changing.offer_for(Account.objects.get(user=shop.subscriber()), now()) is None


def test_leaving_takes_a_planned_change_along_and_a_wrong_reason_is_refused(shop):
    user = shop.subscriber()
    shop.upgrade(user)
    shop.downgrade(user)
    with pytest.raises(changing.CannotChange, match="one of the reasons"):
        changing.cancel(user=user, reason="bored", by=user.actor, at=now())

    changing.cancel(user=user, by=user.actor, at=now())

    held = the_subscription(user)
    assert (held.schedule, held.cancel_reason, bool(held.cancel_at or held.cancel_at_period_end)) == ("", "", True)

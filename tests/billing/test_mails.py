"""What a reader is told about money, in plain words and in his language."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation
from django.utils.timezone import localtime

from newsroom.billing import actions
from newsroom.billing.templatetags.billing import grace_banner, money
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.core.money import Money
from tests.billing.shop import the_subscription

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def told(kind: str) -> Message:
    return Message.objects.get(kind=kind)


def test_the_first_mails_name_plan_price_and_the_day_it_renews(shop):
    user = shop.subscriber(email="ayse@example.com", name="Ayşe Yılmaz")

    began, receipt = told("subscription_started"), told("receipt")

    assert (began.to, began.subject) == ("ayse@example.com", "You now have Reader at Anka Wire")
    assert "Dear Ayşe," in began.text
    assert "The price is €9.90 a month." in began.text
    assert re.search(r"It renews by itself on \d+ \w+ \d{4};", began.text)
    assert "/account/subscription/" in began.html
    assert receipt.key.startswith("receipt:in_")
    assert "We received €9.90 on" in receipt.text
    assert receipt.subject.startswith("Receipt ")
    assert user.email == receipt.to


def test_a_failed_payment_names_the_last_day(shop):
    user = shop.subscriber()
    shop.change_card(user, "pm_card_chargeCustomerFail")
    shop.wait(days=31, hours=2)

    mail, until = told("payment_failed"), localtime(the_subscription(user).grace_until)

    assert mail.subject == "Your payment to Anka Wire did not go through"
    assert f"you can read everything until {until:%-d %B %Y}" in mail.text
    assert "Change your card" in mail.html


def test_cancel_and_end_say_what_stays(shop):
    user = shop.subscriber()
    actions.cancel_at_period_end(user=user, by=user.actor, at=now())
    shop.lose()
    last = localtime(the_subscription(user).current_period_end)
    shop.wait(days=32)

    assert f"You can read everything until {last:%-d %B %Y}" in told("subscription_cancelled").text
    assert f"ended on {last:%-d %B %Y}" in told("subscription_ended").text
    assert "/pricing/" in told("subscription_ended").text


def test_cancelled_twice_is_told_twice_and_each_once(shop):
    user = shop.subscriber()
    for deed in (actions.cancel_at_period_end, actions.resume, actions.cancel_at_period_end):
        deed(user=user, by=user.actor, at=now())
        shop.pass_time(minutes=1)

    assert Message.objects.filter(kind="subscription_cancelled").count() == 2
    shop.hear()
    assert Message.objects.filter(kind="subscription_cancelled").count() == 2


def test_names_are_shown_as_text_and_no_name_is_no_gap(shop):
    shop.subscriber(name="<b>x</b>")
    assert "Dear &lt;b&gt;x&lt;/b&gt;," in told("receipt").html
    Message.objects.all().delete()

    shop.subscriber(name="")

    assert told("receipt").text.startswith("Hello,")


@pytest.mark.parametrize(
    ("locale", "sum_", "written"),
    [
        ("en", Money(990, "eur"), "€9.90"),
        ("en", Money(123456789, "usd"), "$1,234,567.89"),
        ("tr", Money(349000, "try"), "₺3.490,00"),
        ("fr", Money(990, "eur"), "9,90\u00a0€"),
        ("ar", Money(990, "usd"), "9,90\u00a0$"),
        ("en", Money(-990, "eur"), "-€9.90"),
        ("fr", Money(-990, "eur"), "-9,90\u00a0€"),
        ("en", Money(500, "jpy"), "¥500"),
        ("en", Money(1500, "kwd"), "1.500\u00a0KWD"),
    ],
)
def test_amounts_are_written_as_the_language_does(locale, sum_, written):
    with translation.override(locale):
        assert money(sum_) == written


def test_the_banner_costs_a_stranger_no_query(rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = AnonymousUser()

    with django_assert_num_queries(0):
        assert grace_banner({"request": request}) == {"standing": ""}
        assert grace_banner({}) == {"standing": ""}


def test_the_sandbox_clock_moves_the_product(shop):
    before = now()
    shop.pass_time(days=3)

    assert timedelta(days=3) <= now() - before < timedelta(days=3, minutes=1)

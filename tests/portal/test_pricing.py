"""Plans, checkout, and the way back from it."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from newsroom.billing.gateway import gateway
from newsroom.billing.models import Account, Subscription
from tests.billing.lines import Failing
from tests.factories import NOON, a_user
from tests.portal.paying import a_subscription, client_of, text

pytestmark = [pytest.mark.django_db(databases=["default", "sandbox"]), pytest.mark.usefixtures("own_clock")]


def test_a_stranger_sees_the_plans_and_every_button_leads_through_sign_up_back_to_the_plan(cut):
    response = Client().get("/pricing/?next=/story/ferry/")

    said = text(response)
    assert "Reader" in said
    assert "€9.90 a month" in said
    assert "€99.00 a year" in said
    links = re.findall(r'href="(/account/signup/[^"]+)"', response.content.decode())
    assert (
        links[0] == "/account/signup/?next=%2Fpricing%2F%3Fprice%3Dreader_month_eur%26next%3D%252Fstory%252Fferry%252F"
    )
    assert links[-1] == (
        "/account/signup/?next=%2Fpricing%2F%3Fcurrency%3Deur%26next%3D%252Fstory%252Fferry%252F%23day-pass"
    )
    assert len(links) == 5
    assert '<form method="post" action="/checkout' not in response.content.decode()


def test_the_plans_cost_a_stranger_no_query(cut, django_assert_num_queries):
    client = Client()
    client.get("/pricing/")
    with django_assert_num_queries(0):
        client.get("/pricing/?currency=usd")


@pytest.mark.parametrize(
    ("query", "language", "shown"),
    [
        ("?currency=usd", "en", "$10.90"),
        ("?currency=TRY", "en", "₺349.00"),
        ("?currency=xxx", "en", "€9.90"),
        ("?price=reader_month_usd", "en", "$10.90"),
        ("?price=nothing", "en", "€9.90"),
        ("", "tr", "₺349,00"),
        ("", "fr", "9,90\u00a0€"),
        ("?currency=eur", "ar", "9,90\u00a0€"),
    ],
)
def test_the_currency_is_the_one_asked_for_or_that_of_the_language(cut, query, language, shown):
    response = Client(headers={"Accept-Language": language}).get(f"/pricing/{query}")

    assert shown in response.content.decode()


def test_who_is_signed_in_gets_a_form_that_remembers_the_story(cut):
    page = client_of(a_user()).get("/pricing/?next=/story/ferry/").content.decode()

    assert 'action="/checkout/reader_month_eur/"' in page
    assert '<input type="hidden" name="next" value="/story/ferry/">' in page


def test_who_has_a_plan_is_told_so_and_offered_no_second_one(cut):
    user = a_user()
    a_subscription(user)

    page = client_of(user).get("/pricing/").content.decode()

    assert "You have Reader." in page
    assert "/checkout/" not in page


def test_who_pays_in_a_currency_is_shown_that_one_only(cut):
    user = a_user()
    a_subscription(user, "canceled", ended_at=NOON, currency="usd")
    Account.objects.filter(user=user).update(currency="usd")

    page = client_of(user).get("/pricing/?currency=eur").content.decode()

    assert "$10.90" in page
    assert "currency=eur" not in page


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", "/" * 600]
)
def test_the_way_back_leads_to_our_own_pages_only(cut, evil):
    page = Client().get("/pricing/?" + urlencode({"next": evil})).content.decode()

    assert "evil" not in page
    assert "javascript:x" not in page


# checkout


def test_subscribe_leads_to_checkout_and_back_to_the_story(shop):
    user = a_user()
    client = client_of(user)

    away = client.post("/checkout/reader_month_eur/", {"next": "/story/ferry/"})
    session = shop.objects("checkout.session")[0]
    assert (away.status_code, away["Location"]) == (302, session["url"])
    shop.pay(session["id"], user)
    back = client.get("/checkout/success/?next=/story/ferry/")

    assert "Thank you" in text(back)
    assert 'href="/story/ferry/"' in back.content.decode()


def test_a_stranger_who_subscribes_makes_an_account_first(cut):
    response = Client().post("/checkout/reader_month_eur/", {"next": "/story/ferry/"})

    assert response["Location"] == (
        "/account/signup/?next=%2Fpricing%2F%3Fprice%3Dreader_month_eur%26next%3D%252Fstory%252Fferry%252F"
    )


def test_checkout_is_a_deed_and_not_a_link():
    assert client_of(a_user()).get("/checkout/reader_month_eur/").status_code == 405


def test_checkout_wants_the_forms_token(cut):
    client = Client(enforce_csrf_checks=True)
    client.force_login(a_user())

    assert client.post("/checkout/reader_month_eur/").status_code == 403


def test_who_has_a_subscription_is_led_to_it(shop):
    user = shop.subscriber()

    response = client_of(user).post("/checkout/reader_month_eur/", follow=True)

    assert response.redirect_chain == [("/account/subscription/", 302)]
    assert "You already have a subscription." in text(response)


def test_a_plan_that_does_not_exist_is_refused_in_words(cut):
    response = client_of(a_user()).post("/checkout/no_such_plan/", follow=True)

    assert response.redirect_chain == [("/pricing/?price=no_such_plan", 302)]
    assert "There is no such plan." in text(response)


def test_with_stripe_away_the_reader_is_told_that_nothing_was_charged(shop, settings):
    settings.BILLING_HTTP_CLIENT = f"{Failing.__module__}.{Failing.__name__}"
    gateway.cache_clear()

    response = client_of(a_user()).post("/checkout/reader_month_eur/", follow=True)

    assert "Nothing was charged; please try again in a moment." in text(response)


def test_back_too_early_the_payment_is_being_confirmed(shop):
    user = a_user()
    shop.open(user)

    response = client_of(user).get("/checkout/success/?next=/story/ferry/")

    assert "Please do not pay again" in text(response)
    assert 'href="/checkout/success/?next=/story/ferry/"' in response.content.decode()


def test_back_while_stripe_is_away_is_not_an_error(shop, settings):
    user = a_user()
    shop.open(user)
    settings.BILLING_HTTP_CLIENT = f"{Failing.__module__}.{Failing.__name__}"
    gateway.cache_clear()

    response = client_of(user).get("/checkout/success/")

    assert response.status_code == 200
    assert "Please do not pay again" in text(response)


def test_the_success_page_shows_ones_own_account_whatever_session_is_named(shop):
    other = a_user()
    session = shop.open(other)
    shop.pay(session, other)

    response = client_of(a_user()).get(f"/checkout/success/?session_id={session}")

    assert "Thank you" not in text(response)
    assert not Subscription.objects.exists()


def test_who_left_checkout_is_told_that_nothing_was_charged(cut):
    response = Client().get("/checkout/cancelled/?next=/story/ferry/")

    assert "Nothing was charged" in text(response)
    assert 'href="/pricing/?next=%2Fstory%2Fferry%2F"' in response.content.decode()

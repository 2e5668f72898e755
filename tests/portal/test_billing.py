"""The pages about money: who sees what, and who is never asked."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.accounts.models import User
from newsroom.billing.gateway import gateway
from newsroom.billing.models import Account, Invoice, Subscription
from newsroom.core.clock import now
from newsroom.sandbox import actions as at_stripe
from newsroom.sandbox import clock
from newsroom.sandbox.engine import portal
from tests.billing.lines import Cut, Failing
from tests.billing.shop import Shop, the_subscription
from tests.factories import DAY, NOON, a_user

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    clock.remember(0)
    gateway.cache_clear()
    yield
    clock.remember(0)
    gateway.cache_clear()


@pytest.fixture
def shop(db) -> Shop:
    return Shop(Client())


@pytest.fixture
def cut(settings) -> None:
    """From here on, whoever asks Stripe fails the test."""
    settings.BILLING_HTTP_CLIENT = f"{Cut.__module__}.{Cut.__name__}"
    gateway.cache_clear()


def cut_now(settings) -> None:
    settings.BILLING_HTTP_CLIENT = f"{Cut.__module__}.{Cut.__name__}"
    gateway.cache_clear()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def a_subscription(user: User, status: str = "active", **facts) -> Subscription:
    """A row as sync would have written it, without asking Stripe."""
    account = Account.objects.get_or_create(user=user, defaults={"created_at": NOON, "currency": "eur"})[0]
    Account.objects.filter(pk=account.pk, stripe_customer_id=None).update(stripe_customer_id=f"cus_{account.pk}")
    at = now()
    values = {
        "stripe_id": f"sub_{account.pk}_{status}",
        "status": status,
        "plan": "reader",
        "lookup_key": "reader_month_eur",
        "amount": 990,
        "currency": "eur",
        "interval": "month",
        "started_at": at - 40 * DAY,
        "current_period_start": at - 10 * DAY,
        "current_period_end": at + 20 * DAY,
        "raw": {},
    }
    return Subscription.objects.create(account=account, **values | facts)


def an_invoice(user: User, number: str = "A-1", status: str = "paid") -> Invoice:
    account = Account.objects.get_or_create(user=user, defaults={"created_at": NOON})[0]
    return Invoice.objects.create(
        account=account,
        stripe_id=f"in_{number}",
        number=number,
        status=status,
        total_minor=990,
        currency="eur",
        period_start=NOON,
        period_end=NOON,
        created_at=NOON,
        hosted_url="https://invoice.example/1",
        pdf_url="https://invoice.example/1.pdf",
        raw={},
    )


def text(response) -> str:
    """What the page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# pricing


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
    assert len(links) == 4
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
    assert "currency=" not in page


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


# the subscription


@pytest.mark.parametrize(
    ("status", "facts", "said"),
    [
        ("active", {}, ["Running", "It renews on", "€9.90 a month", "Cancel the subscription", "Change card"]),
        ("active", {"cancel_at_period_end": True}, ["Cancelled", "It ends on", "Keep the subscription"]),
        ("trialing", {}, ["Trial", "Your trial runs until", "Cancel the subscription"]),
        ("past_due", {"past_due_since": "now"}, ["Payment open", "You read everything until", "Change card"]),
        ("past_due", {"past_due_since": "long"}, ["Paused", "you read summaries", "Change card"]),
        ("unpaid", {}, ["Paused", "you read summaries"]),
        ("incomplete", {}, ["Waiting for payment", "not through yet"]),
        ("canceled", {"ended_at": NOON}, ["Ended", "It ended on", "3 March 2026", "Subscribe again"]),
    ],
)
def test_a_subscription_is_described_in_words(cut, status, facts, said):
    since = facts.get("past_due_since")
    if since:
        moment = now() - (timedelta(0) if since == "now" else 8 * DAY)
        facts = {"past_due_since": moment, "grace_until": moment + 7 * DAY}
    user = a_user()
    a_subscription(user, status, **facts)

    response = client_of(user).get("/account/subscription/")

    for words in said:
        assert words in text(response)


def test_of_several_the_running_one_is_shown(cut):
    user = a_user()
    a_subscription(user, "active", started_at=NOON - 300 * DAY)
    a_subscription(user, "canceled", ended_at=NOON)

    assert "Running" in text(client_of(user).get("/account/subscription/"))


def test_who_has_none_is_shown_the_plans(cut):
    assert "You have no subscription" in text(client_of(a_user()).get("/account/subscription/"))


def test_a_plan_that_is_no_longer_in_the_file_still_has_a_name(cut):
    user = a_user()
    a_subscription(user, plan="gone_plan")

    assert "gone_plan" in text(client_of(user).get("/account/subscription/"))


def test_cancel_in_two_steps_and_take_it_back(shop):
    user = shop.subscriber()
    client = client_of(user)

    asked = client.get("/account/subscription/cancel/")
    assert "Yes, cancel" in text(asked)
    assert the_subscription(user).cancel_at is None
    done = client.post("/account/subscription/cancel/", follow=True)
    assert "There will be no further payment." in text(done)
    assert client.get("/account/subscription/cancel/")["Location"] == "/account/subscription/"

    kept = client.post("/account/subscription/resume/", follow=True)

    assert "Your subscription renews again." in text(kept)
    assert "It renews on" in text(kept)


@pytest.mark.parametrize("name", ["subscription_resume", "subscription_card"])
def test_who_has_nothing_to_change_is_told_so(cut, name):
    response = client_of(a_user()).post(reverse(name), follow=True)

    assert "You have no subscription that could be changed." in text(response)


def test_there_is_nothing_to_cancel_without_a_subscription(cut):
    assert client_of(a_user()).post("/account/subscription/cancel/")["Location"] == "/account/subscription/"


@pytest.mark.parametrize("name", ["subscription_resume", "subscription_card"])
def test_what_changes_something_is_posted(name):
    assert client_of(a_user()).get(reverse(name)).status_code == 405


def test_the_card_is_changed_on_stripes_page(shop, settings):
    user = shop.subscriber()

    away = client_of(user).post("/account/subscription/card/")

    session = shop.objects("billing_portal.session")[0]
    assert away["Location"] == session["url"]
    assert (session["customer"], session["return_url"], session["flow"]["type"]) == (
        Account.objects.get(user=user).stripe_customer_id,
        f"{settings.BASE_URL}/account/subscription/back/",
        "payment_method_update",
    )


@pytest.mark.parametrize("status", ["past_due", "unpaid"])
def test_what_is_owed_can_be_paid_at_once(cut, status):
    user = a_user()
    moment = now()
    held = a_subscription(user, status, past_due_since=moment, grace_until=moment + 7 * DAY)
    for number, state in (("A-1", "paid"), ("A-2", "open"), ("A-3", "open")):
        an_invoice(user, number, state)
    Invoice.objects.update(subscription_ref=held.stripe_id)
    owed = Invoice.objects.get(number="A-2")

    page = client_of(user).get("/account/subscription/")

    assert "Pay €9.90 now" in text(page)
    assert f'action="/account/invoices/{owed.pk}/"' in page.content.decode()


def test_who_owes_nothing_is_asked_for_nothing(cut):
    user = a_user()
    a_subscription(user)
    an_invoice(user, "A-2", "open")

    assert "now" not in text(client_of(user).get("/account/subscription/"))


def test_back_from_stripes_pages_the_card_is_seen_at_once(shop):
    user = shop.subscriber()
    shop.change_card(user, "pm_card_chargeCustomerFail")
    shop.pass_time(days=31, hours=2)
    client = client_of(user)
    assert client.get("/account/subscription/back/")["Location"] == "/account/subscription/"
    assert the_subscription(user).status == "past_due"
    shop.change_card(user)

    client.get("/account/subscription/back/")

    assert the_subscription(user).status == "active"


def test_a_new_card_pays_at_once_what_is_owed(shop):
    user = shop.subscriber()
    shop.change_card(user, "pm_card_chargeCustomerFail")
    shop.pass_time(days=31, hours=2)
    client = client_of(user)
    client.get("/account/subscription/back/")
    customer = Account.objects.get(user=user).stripe_customer_id
    session = client.post("/account/subscription/card/")["Location"].rstrip("/").rsplit("/", 1)[-1]

    at_stripe.do(lambda world: portal.change_card(world, session, "4242424242424242"))
    page = client.get("/account/subscription/back/", follow=True)

    assert the_subscription(user).status == "active"
    assert "Running" in text(page)
    assert {each["status"] for each in shop.objects("invoice") if each["customer"] == customer} == {"paid"}


def test_a_new_card_that_is_declined_too_is_said_and_nothing_has_changed(shop):
    user = shop.subscriber()
    shop.change_card(user, "pm_card_chargeCustomerFail")
    shop.pass_time(days=31, hours=2)
    client = client_of(user)
    client.post("/account/subscription/card/")

    page = client.get("/account/subscription/back/", follow=True)

    assert the_subscription(user).status == "past_due"
    assert "Your card was declined." in text(page)


def test_back_while_stripe_is_away_shows_what_we_know(shop, settings):
    user = shop.subscriber()
    settings.BILLING_HTTP_CLIENT = f"{Failing.__module__}.{Failing.__name__}"
    gateway.cache_clear()

    response = client_of(user).get("/account/subscription/back/", follow=True)

    assert "Running" in text(response)


# the banner


def test_a_payment_that_is_open_is_said_on_every_page_of_the_account(cut):
    user = a_user()
    moment = now()
    a_subscription(user, "past_due", past_due_since=moment, grace_until=moment + 7 * DAY)
    seen = "You can read everything until"

    for path in ("/account/", "/account/invoices/", "/account/profile/"):
        response = client_of(user).get(path)
        assert "Your last payment did not go through." in text(response)
        assert seen in text(response)
        assert "See what is open" in text(response)


def test_when_grace_is_over_the_banner_says_what_brings_it_back(cut):
    user = a_user()
    moment = now() - 8 * DAY
    a_subscription(user, "past_due", past_due_since=moment, grace_until=moment + 7 * DAY)

    assert "Once it is paid, the full text is back." in text(client_of(user).get("/account/"))


def test_somebody_elses_open_payment_is_not_said(cut):
    moment = now()
    a_subscription(a_user(), "past_due", past_due_since=moment, grace_until=moment + 7 * DAY)
    paid = a_user()
    a_subscription(paid)

    assert "go through" not in text(client_of(paid).get("/account/profile/"))


# invoices


def test_each_sees_his_own_invoices_newest_first_and_no_drafts(cut):
    mine, other = a_user(), a_user()
    for number, status in (
        ("A-1", "paid"),
        ("A-2", "open"),
        ("A-3", "draft"),
        ("A-4", "void"),
        ("A-5", "uncollectible"),
    ):
        an_invoice(mine, number, status)
    an_invoice(other, "B-1")

    said = text(client_of(mine).get("/account/invoices/"))

    assert re.findall(r"\b[AB]-\d\b", said) == ["A-5", "A-4", "A-2", "A-1"]
    assert [word in said for word in ("Paid", "Open", "Void", "Not collected", "€9.90")] == [True] * 5


def test_a_list_of_three_costs_what_a_list_of_one_does(cut, django_assert_num_queries):
    user = a_user()
    an_invoice(user, "A-1")
    client = client_of(user)
    client.get("/account/invoices/")
    with django_assert_num_queries(3):  # person, banner, invoices
        client.get("/account/invoices/")
    for number in ("A-2", "A-3"):
        an_invoice(user, number)
    with django_assert_num_queries(3):
        client.get("/account/invoices/")


def test_no_invoices_yet(cut):
    assert "No invoices yet" in text(client_of(a_user()).get("/account/invoices/"))


def test_an_invoice_opens_at_stripe(shop):
    user = shop.subscriber()
    invoice, fresh = Invoice.objects.get(), shop.objects("invoice")[0]
    client = client_of(user)

    page = client.post(f"/account/invoices/{invoice.pk}/", {"as": "page"})
    pdf = client.post(f"/account/invoices/{invoice.pk}/", {"as": "pdf"})

    assert (page["Location"], pdf["Location"]) == (fresh["hosted_invoice_url"], fresh["invoice_pdf"])


@pytest.mark.parametrize("status", ["paid", "draft"])
def test_somebody_elses_invoice_is_not_there(cut, status):
    owner = a_user()
    theirs = an_invoice(owner, status=status)
    stranger = a_user()
    an_invoice(stranger, "B-1")

    assert client_of(stranger).post(f"/account/invoices/{theirs.pk}/").status_code == 404


def test_an_invoice_without_an_address_is_not_shown_and_says_so(settings):
    user = a_user()
    invoice = an_invoice(user)
    Invoice.objects.update(hosted_url="")
    settings.BILLING_HTTP_CLIENT = f"{Failing.__module__}.{Failing.__name__}"
    gateway.cache_clear()

    response = client_of(user).post(f"/account/invoices/{invoice.pk}/", follow=True)

    assert "cannot be shown just now" in text(response)


# doors


MINE = ["subscription", "subscription_cancel", "subscription_return", "invoices", "checkout_success"]


@pytest.mark.parametrize("name", MINE)
def test_what_is_mine_asks_a_stranger_to_sign_in(name):
    response = Client().get(reverse(name))

    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/?next=")


@pytest.mark.parametrize("name", ["subscription_resume", "subscription_card"])
def test_a_stranger_changes_nothing(name):
    assert Client().post(reverse(name))["Location"].startswith("/account/login/")


def test_no_page_that_is_only_looked_at_asks_stripe(shop, settings):
    user = shop.subscriber()
    cut_now(settings)
    client = client_of(user)

    looked = ["/pricing/", "/account/subscription/", "/account/subscription/cancel/", "/account/invoices/", "/account/"]
    assert [client.get(path).status_code for path in [*looked, "/checkout/cancelled/"]] == [200] * 6

"""A reader's own subscription: described, cancelled, paid for."""

from datetime import timedelta

import pytest
from django.urls import reverse

from newsroom.billing.gateway import gateway
from newsroom.billing.models import Account, Invoice
from newsroom.core.clock import now
from newsroom.sandbox import actions as at_stripe
from newsroom.sandbox.engine import portal
from tests.billing.lines import Failing
from tests.billing.shop import the_subscription
from tests.factories import DAY, NOON, a_user
from tests.portal.paying import a_subscription, an_invoice, client_of, text

pytestmark = [pytest.mark.django_db(databases=["default", "sandbox"]), pytest.mark.usefixtures("own_clock")]


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

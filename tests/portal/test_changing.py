"""The pages on which a reader changes a subscription."""

import re

import pytest

from newsroom.billing import actions
from newsroom.core.clock import now
from tests.billing.shop import the_subscription
from tests.factories import DAY, NOON, a_user
from tests.portal.paying import a_subscription, client_of, text

pytestmark = [pytest.mark.django_db(databases=["default", "sandbox"]), pytest.mark.usefixtures("own_clock")]


def test_a_change_is_seen_before_it_is_made(shop):
    user = shop.subscriber()
    client = client_of(user)
    plans = text(client.get("/account/subscription/change/"))
    seen = client.post("/account/subscription/change/", {"to": "reader_plus_month_eur"})
    token = re.search(r'name="token" value="([^"]+)"', seen.content.decode())
    assert token

    done = client.post("/account/subscription/change/confirm/", {"token": token[1]}, follow=True)

    assert "Reader Plus" in plans
    assert "From Reader to Reader Plus" in text(seen)
    assert "Pay €7.00 and change" in text(seen)
    assert "Your plan has changed." in text(done)
    assert the_subscription(user).plan == "reader_plus"


@pytest.mark.parametrize("token", ["", "made:up:entirely"])
def test_a_token_that_nobody_was_given_changes_nothing(shop, token):
    user = shop.subscriber()

    done = client_of(user).post("/account/subscription/change/confirm/", {"token": token}, follow=True)

    assert "This preview is no longer true." in text(done)
    assert the_subscription(user).plan == "reader"


def test_less_is_shown_as_upcoming_and_taken_back(shop):
    user = shop.subscriber()
    shop.upgrade(user)
    shop.downgrade(user)
    client = client_of(user)

    assert "Keep the present plan" in text(client.get("/account/subscription/"))
    assert "Your plan stays as it is." in text(client.post("/account/subscription/change/undo/", follow=True))


def test_a_pause_and_its_end(shop):
    user = shop.subscriber()
    client = client_of(user)
    page = client.get("/account/subscription/pause/").content.decode()
    until = re.findall(r'name="until" value="(\d+)"', page)

    done = client.post("/account/subscription/pause/", {"until": until[1]}, follow=True)

    assert len(until) == 3
    assert "Your subscription is paused." in text(done)
    assert "then your subscription rests" in text(done)
    assert "Your subscription goes on." in text(client.post("/account/subscription/go-on/", follow=True))


def test_a_reason_may_be_given_on_leaving(shop):
    user = shop.subscriber()
    client = client_of(user)

    wrong = client.post("/account/subscription/cancel/", {"reason": "bored"})
    done = client.post("/account/subscription/cancel/", {"reason": "too_expensive"}, follow=True)

    assert wrong.status_code == 422
    assert "There will be no further payment." in text(done)
    assert the_subscription(user).cancel_reason == "too_expensive"


def test_a_code_is_used_or_refused_in_words(shop):
    user = shop.subscriber()
    client = client_of(user)

    assert "There is no such code." in text(client.post("/account/subscription/code/", {"code": "X"}, follow=True))
    found = text(client.post("/account/subscription/code/", {"code": "WELCOME20"}, follow=True))
    assert "This code is for first purchases only." in found


def test_a_trial_is_offered_to_who_had_none(shop):
    user = a_user()
    client = client_of(user)
    assert "Try 14 days free first" in text(client.get("/pricing/"))

    answer = client.post("/checkout/reader_month_eur/", {"trial": "1"})

    assert "/sandbox/checkout/" in answer["Location"]
    assert "Try 14 days free first" not in text(client_of(shop.subscriber()).get("/pricing/"))


def test_who_left_is_offered_a_way_back(cut):
    user = a_user()
    a_subscription(user, "canceled", ended_at=NOON, paid_until=NOON)

    assert "For you, once: 30 % off for 3 months." in text(client_of(user).get("/account/subscription/"))


@pytest.mark.parametrize("path", ["change", "pause", "cancel"])
def test_who_has_nothing_is_sent_back(cut, path):
    answer = client_of(a_user()).get(f"/account/subscription/{path}/")

    assert (answer.status_code, answer["Location"]) == (302, "/account/subscription/")


def test_the_page_asks_stripe_nothing(cut):
    user = a_user()
    discount = {"coupon": "x", "promotion_code": "", "percent_off": "20.0", "amount_off": None, "ends": None}
    a_subscription(user, discount=discount, paused_since=now(), paid_until=now() + DAY, resumes_at=now() + 40 * DAY)
    client = client_of(user)

    page = text(client.get("/account/subscription/"))

    assert "20 % off" in page
    assert "Resume now" in page
    assert client.get("/account/subscription/change/").status_code == 200


def test_a_refused_trial_says_so_on_the_way_back(shop):
    shop.begin_trial(a_user())
    user = a_user()
    shop.begin_trial(user)

    page = text(client_of(user).get("/checkout/success/"))

    assert "No second trial" in page
    assert actions.finish(user=user, at=now()) is not None

"""Gift links on the site: made by a form, shown once, exchanged for a cookie, counted by reader, taken back."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsroom.accounts.models import User
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.licensing import gifts
from newsroom.licensing.models import Counter, Gift
from newsroom.wire import actions as wire
from newsroom.wire.models import Item
from newsroom.wire.rules import Tier
from tests.factories import DAY, HOUR, a_licence, a_release, a_user

pytestmark = pytest.mark.django_db
SECRET = "bodysecret"


def a_story(**facts: object) -> Item:
    return a_release(now() - HOUR, body_html=f"<p>The {SECRET} is here.</p>", **facts).item


def a_holder() -> User:
    user, at = a_user(), now()
    a_licence(user, starts_at=at - DAY, ends_at=at + DAY, at=at - DAY)
    return user


def a_gift(item: Item, **facts: object) -> tuple[Gift, str]:
    giver = a_user()
    return gifts.give(giver=giver, item=item, by=giver.actor, a_month=None, **{"at": now() - HOUR} | facts)


def text_of(client: Client, item: Item) -> str:
    return client.get(item.get_absolute_url()).content.decode()


def title(html: str) -> list[str]:
    return re.findall(r'id="wall-title">([^<]+)<', html)


def test_a_holder_makes_a_link_at_the_story_and_somebody_reads_by_it(signed_in: Callable[[User], Client]) -> None:
    item, browser, friend = a_story(), signed_in(a_holder()), Client()
    (address,) = re.findall(r'href="(/account/gifts/new/[^"]+)"', text_of(browser, item))
    assert browser.get(address).status_code == 200

    made = browser.post("/account/gifts/new/", {"story": item.slug, "days": "3", "views": "2"})
    (link,) = re.findall(r'value="http://127.0.0.1:8000(/gift/[\w-]{22}/)"', made.content.decode())
    assert made["Cache-Control"] == "private, no-store"

    exchanged = friend.get(link)
    assert (exchanged.status_code, exchanged["Location"]) == (302, item.get_absolute_url())
    assert {name: exchanged[name] for name in ("Referrer-Policy", "X-Robots-Tag", "Cache-Control")} == {
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
        "Cache-Control": "private, no-store",
    }
    morsel = exchanged.cookies["gifts"]
    assert (morsel["httponly"], morsel["samesite"]) == (True, "Lax")
    page = friend.get(item.get_absolute_url())
    assert (SECRET in page.content.decode(), page["Cache-Control"]) == (True, "private, no-store")
    assert "/account/gifts/new/" not in page.content.decode()


def test_a_link_opens_its_own_story_alone_and_strangers_keep_their_page() -> None:
    item, other = a_story(), a_story()
    _gift, token = a_gift(item)
    stranger, friend = Client(), Client()
    kept = [stranger.get(each.get_absolute_url()).content for each in (item, other)]
    friend.get(f"/gift/{token}/")
    assert SECRET in text_of(friend, item)
    assert friend.get(other.get_absolute_url()).content == kept[1]
    assert [stranger.get(each.get_absolute_url()).content for each in (item, other)] == kept


def test_a_second_browser_is_a_second_reader_and_a_third_finds_it_used_up() -> None:
    item = a_story()
    _gift, token = a_gift(item, views=2)
    pages = []
    for browser in (first := Client(), Client(), third := Client(), first):
        browser.get(f"/gift/{token}/")
        pages.append(SECRET in text_of(browser, item))
    assert pages == [True, True, False, True]
    assert title(text_of(third, item)) == ["This gift link is used up"]
    assert Counter.objects.get().used == 2


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_link_that_is_over_says_so_in_words(end: str) -> None:
    item, friend = a_story(), Client()
    ended = end == "expired"
    gift, token = a_gift(item, days=1, at=now() - timedelta(hours=25) if ended else now() - HOUR)
    if not ended:
        gifts.revoke(gift=gift, by=SYSTEM, at=now())
    friend.get(f"/gift/{token}/")
    html = text_of(friend, item)
    words = {"revoked": "This gift link was taken back", "expired": "This gift link has expired"}
    assert (SECRET in html, title(html)) == (False, [words[end]])


def test_looking_ahead_exchanges_nothing_and_an_unknown_link_is_not_found(client: Client) -> None:
    item = a_story()
    _gift, token = a_gift(item)
    ahead = client.get(f"/gift/{token}/", headers={"Sec-Purpose": "prefetch"})
    assert (ahead.status_code, ahead.cookies) == (503, {})
    for unknown in ("x" * 22, token[:-1], f"{token}x"):
        assert client.get(f"/gift/{unknown}/").status_code == 404


def test_a_browser_shows_several_gifts_at_once_and_a_forged_cookie_none() -> None:
    first, second, friend = a_story(), a_story(), Client()
    for item in (first, second):
        friend.get(f"/gift/{a_gift(item)[1]}/")
    assert [SECRET in text_of(friend, each) for each in (first, second)] == [True, True]
    forged = Client()
    forged.cookies["gifts"] = "a" * 22 + "." + a_gift(first)[1]
    assert SECRET not in text_of(forged, first)


def test_a_killed_story_is_given_to_nobody() -> None:
    item, friend = a_story(), Client()
    _gift, token = a_gift(item)
    wire.kill(item=item, by=SYSTEM, note="It was false.", at=now())
    friend.get(f"/gift/{token}/")
    page = friend.get(item.get_absolute_url())
    assert (page.status_code, SECRET in page.content.decode()) == (410, False)


def test_who_reads_by_no_licence_of_their_own_makes_no_link(
    signed_in: Callable[[User], Client], client: Client
) -> None:
    item, free = a_story(), a_story(public_tier=Tier.FULL)
    hidden = a_story(public_tier=Tier.NOTHING)
    reader = signed_in(a_user())
    asked = {"days": "3", "views": "2"}
    answers = [
        reader.post("/account/gifts/new/", asked | {"story": each}).status_code
        for each in (item.slug, free.slug, hidden.slug, "unknown", "")
    ]
    assert answers == [403, 409, 404, 404, 404]
    assert "/account/gifts/new/" not in text_of(reader, item)
    assert client.post("/account/gifts/new/", asked | {"story": item.slug}).status_code == 302
    assert not Gift.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("days", "0"), ("days", "99"), ("views", "-1"), ("views", ""), ("days", "x")]
)
def test_a_fault_is_named_at_its_field(signed_in: Callable[[User], Client], field: str, value: str) -> None:
    item = a_story()
    form = {"story": item.slug, "days": "3", "views": "2", field: value}
    response = signed_in(a_holder()).post("/account/gifts/new/", form)
    assert (response.status_code, list(response.context["form"].errors)) == (400, [field])
    assert not Gift.objects.exists()


def test_the_months_links_are_counted_and_then_refused(signed_in: Callable[[User], Client], settings) -> None:
    settings.GIFTS_A_MONTH = 1
    item, browser = a_story(), signed_in(a_holder())
    form = {"story": item.slug, "days": "3", "views": "2"}
    assert [browser.post("/account/gifts/new/", form).status_code for _ in range(2)] == [200, 429]
    assert "You can give 0 more this month." in browser.get("/account/gifts/").content.decode()


def test_ones_links_are_listed_and_taken_back_and_nobody_elses(signed_in: Callable[[User], Client]) -> None:
    user, item = a_holder(), a_story()
    browser = signed_in(user)
    assert "No gift links yet" in browser.get("/account/gifts/").content.decode()
    gift, _token = gifts.give(giver=user, item=item, by=user.actor, at=now(), a_month=10)
    other, _other = a_gift(item)

    html = browser.get("/account/gifts/").content.decode()
    assert (item.head.headline in html, "0 of 10" in html, html.count("Open</span>")) == (True, True, 1)
    assert browser.post(f"/account/gifts/{other.pk}/revoke/").status_code == 404
    assert browser.get(f"/account/gifts/{gift.pk}/revoke/").status_code == 405
    assert browser.post(f"/account/gifts/{gift.pk}/revoke/").status_code == 302

    assert "Revoked</span>" in browser.get("/account/gifts/").content.decode()
    assert Gift.objects.filter(revoked_at=None).get() == other


def test_the_list_names_no_story_that_its_giver_may_no_longer_see(signed_in: Callable[[User], Client]) -> None:
    user, item = a_user(), a_story(public_tier=Tier.NOTHING)
    gifts.give(giver=user, item=item, by=user.actor, at=now(), a_month=10)
    html = signed_in(user).get("/account/gifts/").content.decode()
    assert (item.head.headline in html, item.slug in html) == (False, False)
    assert "no longer shown to you" in html


def test_the_list_costs_the_same_with_one_link_and_with_three(signed_in: Callable[[User], Client]) -> None:
    user = a_holder()
    browser = signed_in(user)

    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            assert browser.get("/account/gifts/").status_code == 200
        return len(made)

    costs = []
    for many in (1, 2):
        for _ in range(many):
            gifts.give(giver=user, item=a_story(), by=user.actor, at=now(), a_month=10)
        cost()
        costs.append(cost())
    assert costs[0] == costs[1]

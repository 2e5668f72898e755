"""The meter on the site: a button, a cookie that only the button makes, and pages of one's own."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from newsroom.accounts.models import User
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.core.money import Money
from newsroom.licensing import actions as licensing
from newsroom.licensing import meter
from newsroom.licensing.models import Counter, Licence, Overage, Usage
from newsroom.licensing.rules import Limits, Quota, Source, Use
from newsroom.wire.models import Item
from tests.factories import DAY, HOUR, a_licence, a_picture, a_release, a_user

pytestmark = pytest.mark.django_db
SECRET = "bodysecret"


def a_story(**facts: object) -> Item:
    return a_release(now() - HOUR, body_html=f"<p>The {SECRET} is here.</p>", **facts).item


def turn_on(anonymous: int = 2, registered: int = 3, budget: int = 50) -> None:
    meter.set_meter(
        anonymous=anonymous, registered=registered, budget=budget, products=None, by=SYSTEM, at=now() - DAY, why="test"
    )


def press(client: Client, item: Item, **form: str):
    return client.post(f"{item.get_absolute_url()}read/", form)


def text_of(client: Client, item: Item) -> str:
    return client.get(item.get_absolute_url()).content.decode()


def button(html: str) -> list[str]:
    return re.findall(r'<button class="button" type="submit">([^<]+)</button></form>\s*<div class="row">', html)


def test_without_a_meter_there_is_no_button_and_pressing_it_opens_nothing(client: Client) -> None:
    item = a_story()
    assert button(text_of(client, item)) == []
    response = press(client, item)
    assert (response.status_code, SECRET in response.content.decode(), response.cookies) == (403, False, {})


def test_a_stranger_presses_the_button_and_reads_and_nobody_else_is_shown_their_page(client: Client) -> None:
    item, other = a_story(), a_story()
    turn_on()
    stranger = Client()
    kept = stranger.get(item.get_absolute_url())
    assert button(kept.content.decode()) == ["Read this story, 2 of 2 left"]
    assert not kept.cookies

    pressed = press(client, item)
    assert (pressed.status_code, pressed["Location"], pressed.content) == (303, item.get_absolute_url(), b"")
    mine = client.get(item.get_absolute_url())

    assert SECRET in mine.content.decode()
    assert mine["Cache-Control"] == "private, no-store"
    assert button(text_of(client, other)) == ["Read this story, 1 of 2 left"]
    for page in (stranger.get(item.get_absolute_url()), Client().get(item.get_absolute_url())):
        assert page.content == kept.content
    assert SECRET in text_of(client, item)


def test_the_cookie_is_signed_out_of_the_reach_of_scripts_and_made_by_the_button_alone(client: Client) -> None:
    item = a_story()
    turn_on()
    client.get(item.get_absolute_url())
    client.head(item.get_absolute_url())
    client.get(item.get_absolute_url(), headers={"Sec-Purpose": "prefetch"})
    assert not client.cookies

    morsel = press(client, item).cookies["visitor"]

    assert (morsel["httponly"], morsel["samesite"], bool(morsel["secure"])) == (True, "Lax", False)
    assert re.fullmatch(r"[\w-]{22}:\w+:[\w-]{43}", morsel.value)
    again = press(client, a_story())
    assert "visitor" not in again.cookies


def test_behind_tls_the_cookie_travels_over_tls_only(client: Client, settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    turn_on()
    assert press(client, a_story()).cookies["visitor"]["secure"] is True


def test_a_changed_cookie_is_a_new_browser_and_opens_nothing(client: Client) -> None:
    item = a_story()
    turn_on()
    press(client, item)
    forged = Client()
    forged.cookies["visitor"] = client.cookies["visitor"].value[:-1] + "x"
    html = text_of(forged, item)
    assert (SECRET in html, button(html)) == (False, ["Read this story, 2 of 2 left"])


def test_reading_again_costs_nothing_and_the_third_story_is_refused_in_words(client: Client) -> None:
    turn_on()
    first, second, third = a_story(), a_story(), a_story()
    for item in (first, second, first):
        press(client, item)
        assert SECRET in text_of(client, item)
    html = text_of(client, third)
    assert (SECRET in html, button(html)) == (False, [])
    assert "You have read your free stories" in html
    refused = press(client, third)
    assert (refused.status_code, SECRET in refused.content.decode()) == (429, False)
    assert sorted(Counter.objects.values_list("used", flat=True)) == [2, 2]


def test_looking_counts_nothing_for_whom_we_know_either(client: Client) -> None:
    turn_on()
    press(client, a_story())
    item = a_story()
    for asked in ({}, {"Sec-Purpose": "prefetch"}, {"User-Agent": "Googlebot/2.1"}, {"Referer": "https://google.com/"}):
        page = client.get(item.get_absolute_url(), headers=asked)
        assert SECRET not in page.content.decode()
    client.head(item.get_absolute_url())
    assert Usage.objects.count() == 1


def test_a_form_from_another_site_spends_nothing(client: Client) -> None:
    turn_on()
    item = a_story()
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert client.post(f"{item.get_absolute_url()}read/", headers=headers).status_code == 404
    ours = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    assert client.post(f"{item.get_absolute_url()}read/", headers=ours).status_code == 303
    assert Usage.objects.count() == 1


def test_the_button_is_no_address_to_get(client: Client) -> None:
    assert client.get(f"{a_story().get_absolute_url()}read/").status_code == 405
    assert client.post("/story/unknown/read/").status_code == 404


def test_the_budget_of_an_address_ends_what_new_cookies_gain() -> None:
    turn_on(budget=3)
    opened = [press(Client(REMOTE_ADDR=f"203.0.113.{n}"), a_story()).status_code for n in range(5)]
    assert opened == [303, 303, 303, 429, 429]
    assert press(Client(REMOTE_ADDR="2001:db8::1"), a_story()).status_code == 303


def test_a_registered_reader_has_their_own_button_and_what_the_browser_read_before_counts(
    client: Client,
) -> None:
    turn_on()
    first = a_story()
    press(client, first)
    user = a_user("reader@example.com")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.post("/account/login/", {"login": user.email, "password": "correct-horse-9"})

    assert SECRET in text_of(client, first)
    second = a_story()
    assert button(text_of(client, second)) == ["Read this story, 2 of 3 left"]
    press(client, second)
    assert SECRET in text_of(client, second)


def test_a_changed_meter_shows_on_the_next_page_that_was_kept(client: Client, committed) -> None:
    item = a_story()
    with committed():
        turn_on()
    assert button(text_of(client, item)) == ["Read this story, 2 of 2 left"]
    with committed():
        meter.set_meter(anonymous=0, registered=0, budget=0, products=None, by=SYSTEM, at=now(), why="enough")
    assert button(text_of(client, item)) == []


def with_quota(user: User, use: Use, **facts: object) -> Licence:
    quota = Quota(use, 1, **facts)  # type: ignore[arg-type]
    at = now() - DAY
    return a_licence(user, uses=[use], starts_at=at, at=at, ends_at=None, limits=Limits(quotas=(quota,)))


def test_a_quota_used_up_is_said_in_words_with_its_date(signed_in: Callable[[User], Client]) -> None:
    user = a_user()
    with_quota(user, Use.READ)
    browser = signed_in(user)
    assert SECRET in text_of(browser, a_story())
    html = text_of(browser, a_story())
    assert ("Your quota is used up" in html, "It begins anew on 1 " in html, SECRET in html) == (True, True, False)


def test_a_prefetch_of_a_story_that_would_count_is_put_off_until_somebody_reads(
    signed_in: Callable[[User], Client],
) -> None:
    user, item = a_user(), a_story()
    with_quota(user, Use.READ)
    browser = signed_in(user)
    ahead = browser.get(item.get_absolute_url(), headers={"Sec-Purpose": "prefetch"})
    assert (ahead.status_code, ahead.content, ahead["Cache-Control"]) == (503, b"", "no-store")
    assert SECRET in text_of(browser, item)
    again = browser.get(item.get_absolute_url(), headers={"Sec-Purpose": "prefetch"})
    assert (again.status_code, Usage.objects.count()) == (200, 1)


def test_a_price_is_accepted_by_a_button_and_charged_once(signed_in: Callable[[User], Client]) -> None:
    user, item = a_user(), a_story()
    licence = with_quota(user, Use.READ, overage=Money(450, "eur"))
    browser = signed_in(user)
    browser.get(a_story().get_absolute_url())
    html = text_of(browser, item)
    assert button(html) == ["Accept €4.50"]
    (token,) = re.findall(r'name="accept" value="([^"]+)"', html)

    licensing.limit(
        licence=licence,
        limits=Limits(quotas=(Quota(Use.READ, 1, overage=Money(500, "eur")),)),
        by=SYSTEM,
        at=now(),
    )
    changed = press(browser, item, accept=token)
    assert (changed.status_code, "The price has changed" in changed.content.decode()) == (409, True)
    (token,) = re.findall(r'name="accept" value="([^"]+)"', changed.content.decode())
    assert [press(browser, item, accept=token).status_code for _ in range(2)] == [303, 303]

    assert SECRET in text_of(browser, item)
    assert list(Overage.objects.values_list("minor", "accepted_by")) == [(500, user.email)]


def test_an_original_above_the_quota_is_accepted_and_then_downloaded(signed_in: Callable[[User], Client]) -> None:
    user, first, item = a_user(), a_story(pictures=(a_picture(),)), a_story(pictures=(a_picture(),))
    with_quota(user, Use.DOWNLOAD, overage=Money(450, "eur"))
    browser = signed_in(user)
    assert b"".join(browser.get(f"{first.get_absolute_url()}original/0/"))
    refused = browser.get(f"{item.get_absolute_url()}original/0/").content.decode()
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', refused))
    accepted = press(browser, item, **fields)
    assert (accepted.status_code, accepted["Location"]) == (303, f"{item.get_absolute_url()}original/0/")
    assert b"".join(browser.get(accepted["Location"])).startswith(b"\xff\xd8")
    assert Overage.objects.count() == 1


def test_nobody_opens_a_hidden_story_by_the_button(client: Client) -> None:
    turn_on()
    assert press(client, a_story(public_tier=0)).status_code == 404
    assert not Usage.objects.exists()


def test_the_meter_is_a_licence_like_any_other() -> None:
    turn_on()
    assert set(Licence.objects.values_list("source", "audience")) == {
        (Source.METER, "everyone"),
        (Source.METER, "registered"),
    }

"""The front page, sections and topics: summaries of what is live, newest first."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsroom.accounts.models import User
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.portal import cursors, pages
from newsroom.wire import actions as wire
from newsroom.wire.models import Desk
from newsroom.wire.rules import Tier
from tests.factories import DAY, HOUR, NOON, a_desk, a_licence, a_picture, a_release, a_topic, a_user

pytestmark = pytest.mark.django_db


def stories(number: int, **facts: Any) -> None:
    at = now()
    for each in range(number):
        a_release(at - (each + 1) * HOUR, headline=f"Story {each:03}", **facts)


def headlines(html: str) -> list[str]:
    return re.findall(r'<h[23] class="card__title"[^>]*><a[^>]*>([^<]*)</a>', html)


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_desk_nobody_filled_and_an_empty_site_say_so(client: Client) -> None:
    a_desk("world")

    assert "No stories yet" in page(client, "/")
    assert "No stories here" in page(client, "/section/world/")


def test_the_front_page_leads_with_the_most_urgent_of_the_newest(client: Client) -> None:
    stories(3)
    a_release(now() - 5 * HOUR, headline="Earthquake", urgency=1)

    assert headlines(page(client, "/"))[0] == "Earthquake"


def test_no_story_stands_twice_on_the_front_page(client: Client) -> None:
    for code in ("world", "sport"):
        stories(12, desk=a_desk(code))

    shown = re.findall(r'<h[23] class="card__title"[^>]*><a href="([^"]*)"', page(client, "/"))

    assert len(shown) == len(set(shown)) == 15 + 8


def test_lists_hold_no_restricted_word_whoever_asks(client: Client, signed_in: Callable[[User], Client]) -> None:
    user, at = a_user(), now()
    a_licence(user, starts_at=at - DAY, ends_at=at + DAY, at=at - DAY)
    topic = a_topic()
    picture = a_picture(alt="altsecret", caption="captionsecret")
    stories(2, body_html="<p>bodysecret</p>", topics=(topic,), usage_terms="termssecret", pictures=(picture,))

    for browser in (client, signed_in(user)):
        for address in ("/", "/section/world/", "/topic/medtop-15000000/", "/search/", "/feeds/latest.atom"):
            html = page(browser, address)
            assert "Story 000" in html
            assert "secret" not in html


@pytest.mark.parametrize("state", ["embargoed", "killed", "withheld", "hidden"])
def test_what_is_not_public_is_in_no_list(client: Client, state: str) -> None:
    at, topic = now(), a_topic()
    facts: dict[str, Any] = {
        "embargoed": {"embargo_until": at + HOUR},
        "hidden": {"public_tier": Tier.NOTHING},
    }.get(state, {})
    made = a_release(at - HOUR, headline="Not for all", topics=(topic,), **facts)
    if state == "killed":
        wire.kill(item=made.item, by=SYSTEM, note="Not for all", at=at)
    if state == "withheld":
        wire.withhold(item=made.item, by=SYSTEM, note="Not for all", at=at)

    for address in ("/", "/section/world/", "/topic/medtop-15000000/", "/search/?q=all", "/news-sitemap.xml"):
        assert "Not for all" not in page(client, address)


def test_a_topic_holds_what_is_about_the_topics_below_it(client: Client) -> None:
    sport = a_topic()
    football = a_topic("medtop:20001065", "association football", sport)
    a_release(now() - HOUR, headline="A match", topics=(football,))
    a_release(now() - HOUR, headline="A vote")

    assert headlines(page(client, "/topic/medtop-15000000/")) == ["A match"]
    assert headlines(page(client, "/topic/medtop-20001065/")) == ["A match"]


@pytest.mark.parametrize("address", ["/section/nowhere/", "/topic/medtop-1/", "/topic/x/"])
def test_an_unknown_section_or_topic_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_pages_follow_one_another_without_a_gap_or_a_repetition(client: Client) -> None:
    stories(45)
    address, seen = "/section/world/", []
    while address:
        html = page(client, address)
        seen.append(headlines(html))
        found = re.search(r'href="(\?before=[^"]*)" rel="next"', html)
        address = f"/section/world/{found[1]}" if found else ""

    assert [len(each) for each in seen] == [20, 20, 5]
    assert [headline for each in seen for headline in each] == [f"Story {each:03}" for each in range(45)]


@pytest.mark.parametrize("before", ["x", "1-", "9" * 17 + "-1", "1-1;drop", "-1-1", "١-١", "1" * 400])
def test_a_place_that_is_none_is_the_beginning_or_before_everything(client: Client, before: str) -> None:
    stories(1)

    assert client.get("/section/world/", {"before": before}).status_code == 200


def test_a_list_is_in_the_readers_language_or_in_the_chosen_one_or_in_all(client: Client) -> None:
    a_release(now() - HOUR, headline="English", language="en")
    a_release(now() - HOUR, headline="Türkçe", language="tr")

    assert headlines(page(client, "/section/world/")) == ["English"]
    assert headlines(page(client, "/section/world/?language=tr")) == ["Türkçe"]
    assert headlines(page(client, "/section/world/?language=fr")) == []
    assert sorted(headlines(page(client, "/section/world/?language=all"))) == ["English", "Türkçe"]
    french = client.get("/section/world/", headers={"Accept-Language": "fr"}).content.decode()
    assert sorted(headlines(french)) == ["English", "Türkçe"]


def test_a_section_is_named_in_the_readers_language(client: Client) -> None:
    Desk.objects.create(code="world", name="World", names={"tr": "Dünya"})

    html = client.get("/section/world/", headers={"Accept-Language": "tr"}).content.decode()

    assert "<h1>Dünya</h1>" in html


@pytest.mark.parametrize(
    ("address", "most"), [("/", 2), ("/section/world/", 1), ("/topic/medtop-15000000/", 2), ("/search/?q=ferries", 2)]
)
def test_three_stories_and_three_hundred_cost_the_same(client: Client, address: str, most: int) -> None:
    topic = a_topic()

    def cost() -> int:
        pages.forget(slug="", withdrawn=True)
        with CaptureQueriesContext(connection) as made:
            page(client, address)
        return len(made)

    stories(3, topics=(topic,))
    cost()  # desks and labels of this process
    few = cost()
    stories(60, topics=(topic,))

    assert (few, cost()) == (most, most)


def test_a_cursor_is_read_as_it_was_written() -> None:
    place = (datetime.fromisoformat("2026-03-03T12:00:00.123457+03:00"), 987654321)

    assert cursors.read(cursors.write(place)) == place
    assert cursors.write((NOON, 1)) == "1772539200000000-1"

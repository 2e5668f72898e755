"""Robots and sitemaps name what everybody may see, and nothing else."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from lxml import etree

from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.wire import actions as wire
from newsroom.wire.rules import Tier
from tests.factories import DAY, HOUR, a_release

pytestmark = pytest.mark.django_db
MAPS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}


def tree(client: Client, address: str) -> etree._Element:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    assert answer["Cache-Control"] == "public, max-age=60"
    return etree.fromstring(answer.content)


def places(found: etree._Element) -> list[str]:
    return [str(each.text) for each in found.findall(".//s:loc", MAPS)]


def a_day(at: datetime) -> str:
    return f"{at.astimezone(__import__('zoneinfo').ZoneInfo('Europe/Istanbul')):%Y-%m-%d}"


def test_robots_are_told_where_the_sitemaps_are_and_what_is_nobodys_business(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in lines
    assert {"Disallow: /account/", "Disallow: /desk/", "Disallow: /search/"} <= set(lines)


def test_the_sitemaps_name_each_public_story_once_under_its_day(client: Client) -> None:
    at = now()
    shown = [a_release(at - DAY, headline=f"One {each}").item for each in range(2)]
    shown.append(a_release(at - 3 * DAY, language="ar", headline="عمّان & <b>").item)
    a_release(at - 3 * DAY, public_tier=Tier.NOTHING)
    a_release(at - 3 * DAY, embargo_until=at + HOUR)
    killed = a_release(at - 5 * DAY).item
    wire.kill(item=killed, by=SYSTEM, note="Made up.", at=at - 4 * DAY)

    index = places(tree(client, "/sitemap.xml"))
    named = [place for each in index for place in places(tree(client, each.removeprefix("http://127.0.0.1:8000")))]

    assert index[0] == "http://127.0.0.1:8000/sitemaps/sections.xml"
    assert len(index) == 3
    stories = [place for place in named if "/story/" in place]
    assert len(stories) == len(set(stories)) == 3
    assert all(place.isascii() for place in stories)


@pytest.mark.parametrize("day", ["2026-02-30", "1999-01-01", "2026-13-01"])
def test_a_day_without_stories_has_no_sitemap(client: Client, day: str) -> None:
    assert client.get(f"/sitemaps/{day}.xml").status_code == 404


def test_the_news_sitemap_holds_the_last_two_days(client: Client) -> None:
    at = now()
    a_release(at - 47 * HOUR, headline="New & <i>fresh</i>", language="tr")
    a_release(at - 49 * HOUR, headline="Old")
    a_release(at - HOUR, headline="Later", embargo_until=at + HOUR)

    found = tree(client, "/news-sitemap.xml")

    facts = [
        (news.findtext(".//n:title", namespaces=MAPS), news.findtext(".//n:language", namespaces=MAPS))
        for news in found.findall(".//n:news", MAPS)
    ]
    assert facts == [("New & <i>fresh</i>", "tr")]
    date = found.findtext(".//n:publication_date", namespaces=MAPS)
    assert date
    assert abs(datetime.fromisoformat(date) - (at - 47 * HOUR)) < timedelta(seconds=1)

"""Readers whom one click or one link lets in: the meter and gifts, over every story, in both orders of a kept page."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from newsroom.core.audit import SYSTEM
from newsroom.licensing import gifts, meter
from newsroom.wire.models import Item
from tests.factories import DAY, HOUR, NOON, a_user
from tests.leaks.canaries import BODY, PUBLIC, Kind
from tests.leaks.states import Told
from tests.leaks.world import World, after_commit, at, empty_cache

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("leaks")]
SOLD = frozenset(Kind) - PUBLIC - {Kind.NOTICE}


@pytest.fixture(autouse=True)
def noon(world: World) -> Iterator[None]:
    empty_cache()
    with transaction.atomic(), at(NOON):
        yield
        transaction.set_rollback(True)
    empty_cache()


def turn_on(anonymous: int = 1) -> None:
    meter.set_meter(anonymous=anonymous, registered=9, budget=90, products=None, by=SYSTEM, at=NOON - DAY, why="a test")
    after_commit()


def sold(world: World, client: Client, *stories: Told) -> set[str]:
    """The states of the stories whose sold words stand anywhere in what these pages, lists and feeds answer."""
    paths = [f"/story/{story.slug}/" for story in stories]
    paths += ["/", "/section/world/", "/feeds/latest.atom", "/search/?q=sentence", "/account/gifts/"]
    paths += [f"/search/?q={story.words[Kind.FIRST]}" for story in stories]
    marks = {mark for path in paths for mark in world.found_in(client.get(path))}
    searched = {story.words[Kind.FIRST] for story in stories}
    return {mark.story for mark in marks if mark.kind in SOLD and _of(world, mark.story, mark.kind) not in searched}


def _of(world: World, state: str, kind: Kind) -> str:
    """The word itself: a search page repeats what was asked."""
    return world.stories[state].words[kind] if state in world.stories else ""


def everything(world: World) -> tuple[Told, ...]:
    return tuple(world.stories.values())


def free(world: World) -> set[str]:
    return {story.state for story in everything(world) if story.tier == 2 and story.lifts_at is None}


def a_link(world: World, state: str, **facts: object) -> tuple[str, object]:
    giver, item = a_user(), Item.objects.get(slug=world.stories[state].slug)
    gift, token = gifts.give(giver=giver, item=item, by=giver.actor, a_month=None, **{"at": NOON - HOUR} | facts)  # type: ignore[arg-type]
    return f"/gift/{token}/", gift


def test_with_a_meter_whoever_presses_nothing_finds_what_strangers_find(world: World) -> None:
    turn_on()
    for headers in (
        {},
        {"User-Agent": "Googlebot/2.1"},
        {"Referer": "https://www.google.com/"},
        {"Sec-Purpose": "prefetch"},
    ):
        assert sold(world, Client(headers=headers), *everything(world)) == free(world)


def test_the_meter_opens_the_story_that_was_pressed_and_no_other(world: World) -> None:
    turn_on()
    reader, live = Client(), world.stories["live"]
    reader.post(f"/story/{live.slug}/read/")
    assert sold(world, reader, *everything(world)) == {"live"} | free(world)
    for story in everything(world):
        pressed = reader.post(f"/story/{story.slug}/read/")
        assert [mark for mark in world.found_in(pressed) if mark.kind in SOLD] == []
    assert sold(world, reader, *everything(world)) == {"live"} | free(world)


@pytest.mark.parametrize("state", ["hidden", "embargoed", "held-again", "withheld", "killed", "draft", "scheduled"])
def test_the_meter_opens_nothing_that_is_not_public(world: World, state: str) -> None:
    turn_on(9)
    reader, story = Client(), world.stories[state]
    pressed = reader.post(f"/story/{story.slug}/read/")
    assert (pressed.status_code, world.found_in(pressed)) == (404, frozenset())
    assert sold(world, reader, story) <= free(world)


@pytest.mark.parametrize("first", ["stranger", "visitor"])
@pytest.mark.parametrize("way", ["meter", "gift"])
def test_neither_is_given_the_others_page_in_either_order(world: World, first: str, way: str) -> None:
    live = world.stories["live"]
    path = f"/story/{live.slug}/"
    turn_on()
    visitor, stranger = Client(), Client()
    if first == "stranger":
        stranger.get(path)
    if way == "meter":
        visitor.post(f"{path}read/")
    else:
        visitor.get(a_link(world, "live")[0])
    for _ in range(2):
        page, kept = visitor.get(path), stranger.get(path)
        assert {mark.kind for mark in world.found_in(page) if mark.story == "live"} >= BODY
        assert {mark.kind for mark in world.found_in(kept)}.isdisjoint(BODY)
        assert page["Cache-Control"] == "private, no-store"
        mark = kept["ETag"]
        assert visitor.get(path, headers={"If-None-Match": mark}).status_code == 200


def test_a_gift_opens_its_story_and_no_other_on_any_page(world: World) -> None:
    friend = Client()
    friend.get(a_link(world, "hidden")[0])
    assert sold(world, friend, *everything(world)) == {"hidden"} | free(world)


def spent_gift(world: World) -> Client:
    link, _gift = a_link(world, "live", views=1)
    for browser in (Client(), last := Client()):
        browser.get(link)
        browser.get(f"/story/{world.stories['live'].slug}/")
    return last


def expired_gift(world: World) -> Client:
    friend = Client()
    friend.get(a_link(world, "live", days=1, at=NOON - timedelta(days=1))[0])
    return friend


def revoked_gift(world: World) -> Client:
    friend = Client()
    link, gift = a_link(world, "live")
    friend.get(link)
    friend.get(f"/story/{world.stories['live'].slug}/")
    gifts.revoke(gift=gift, by=SYSTEM, at=NOON)  # type: ignore[arg-type]
    return friend


def forged_gift(world: World) -> Client:
    friend = Client()
    link, _gift = a_link(world, "live")
    friend.cookies["gifts"] = f"{'a' * 22}.{link.split('/')[2]}:1tZ:{'a' * 43}"
    return friend


@pytest.mark.parametrize("way", [spent_gift, expired_gift, revoked_gift, forged_gift])
def test_a_gift_that_is_over_opens_nothing(world: World, way) -> None:
    assert sold(world, way(world), *everything(world)) == free(world)


@pytest.mark.parametrize("state", ["embargoed", "held-again", "withheld", "killed"])
def test_a_gift_lifts_no_embargo_and_brings_nothing_back(world: World, state: str) -> None:
    friend = Client()
    friend.get(a_link(world, state)[0])
    assert sold(world, friend, world.stories[state]) <= free(world)


def test_a_refused_page_says_nothing_of_what_was_spent_by_others(world: World) -> None:
    """Two strangers are told the same, whatever either browser, or the meter of the other, has read."""
    turn_on(2)
    path = f"/story/{world.stories['live'].slug}/"
    before = Client().get(path).content
    other = Client()
    other.post(f"/story/{world.stories['corrected'].slug}/read/")
    assert Client().get(path).content == before

"""Caches, marks and headers: what is one reader's is kept by nobody, and nothing outlives the right to it."""

import re

import pytest

from newsroom.core.audit import SYSTEM
from newsroom.licensing import actions as licensing
from newsroom.licensing.models import Licence
from newsroom.wire import actions as wire
from newsroom.wire.models import Item
from newsroom.wire.rules import Signal, Tier
from tests.factories import NOON, a_draft
from tests.leaks.canaries import BODY, WITHDRAWN, Kind
from tests.leaks.readers import BY_NAME
from tests.leaks.world import World, after_commit, at, empty_cache

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("leaks")]


@pytest.fixture(autouse=True)
def noon():
    empty_cache()
    with at(NOON):
        yield
    empty_cache()


def browser(world: World, name: str):
    return world.browser(BY_NAME[name])


def kinds(world: World, response, state: str) -> set[Kind]:
    return {mark.kind for mark in world.found_in(response) if mark.story == state and not mark.replaced}


@pytest.mark.parametrize("order", [("licensed", "anonymous", "licensed"), ("anonymous", "licensed", "anonymous")])
@pytest.mark.parametrize("method", ["get", "head"])
def test_neither_reader_is_given_the_others_page_in_either_order(world: World, order, method):
    path = f"/story/{world.stories['live'].slug}/"
    getattr(browser(world, order[0]), method)(path)
    for name in order:
        found = kinds(world, browser(world, name).get(path), "live")
        assert (found >= BODY, found.isdisjoint(BODY)) == (name == "licensed", name == "anonymous")


def test_a_full_text_is_kept_by_nobody_and_a_summary_by_those_who_hold_no_session(world: World):
    path = f"/story/{world.stories['live'].slug}/"
    full, public = browser(world, "licensed").get(path), browser(world, "anonymous").get(path)
    assert full.headers.get("Cache-Control") == "private, no-store"
    assert not {"ETag", "Last-Modified", "Expires"} & set(full.headers)
    assert "Cookie" in public.headers["Vary"]
    assert "public" in public.headers["Cache-Control"]
    assert not public.cookies


@pytest.mark.parametrize("reader", ["licensed", "wrong product", "registered", "past due, after grace"])
def test_whoever_is_signed_in_is_given_nothing_that_may_be_kept(world: World, reader):
    for state in world.stories:
        response = browser(world, reader).get(f"/story/{world.stories[state].slug}/")
        assert "no-store" in response.headers["Cache-Control"]


def test_the_mark_of_one_page_never_confirms_another(world: World):
    path = f"/story/{world.stories['live'].slug}/"
    mark = browser(world, "anonymous").get(path).headers["ETag"]
    asked = {"If-None-Match": mark, "If-Modified-Since": "Tue, 03 Mar 2026 11:59:59 GMT"}
    full = browser(world, "licensed").get(path, headers=asked)
    assert (full.status_code, kinds(world, full, "live") >= BODY) == (200, True)
    assert browser(world, "anonymous").get(path, headers=asked).status_code == 304
    guessed = browser(world, "anonymous").get(path, headers={"If-None-Match": "*"})
    assert kinds(world, guessed, "live").isdisjoint(BODY)


def test_a_range_of_a_page_is_no_way_into_its_text(world: World):
    path = f"/story/{world.stories['live'].slug}/"
    for name in ("anonymous", "licensed"):
        response = browser(world, name).get(path, headers={"Range": "bytes=0-9"})
        assert (response.status_code, response.get("Accept-Ranges")) == (200, None)


def test_a_copy_made_under_one_licence_state_is_not_shown_under_the_next(world: World):
    path, reader = f"/story/{world.stories['live'].slug}/", browser(world, "licensed")
    assert kinds(world, reader.get(path), "live") >= BODY
    licence = Licence.objects.get(user=world.people["licensed"])
    licensing.suspend(licence=licence, by=SYSTEM, at=NOON, why="not paid")
    assert kinds(world, reader.get(path), "live").isdisjoint(BODY)
    licensing.resume(licence=licence, by=SYSTEM, at=NOON)
    assert kinds(world, reader.get(path), "live") >= BODY


@pytest.mark.parametrize(
    ("deed", "status"),
    [("kill", 410), ("withhold", 403)],
)
def test_what_was_kept_is_gone_with_the_next_request_after_a_withdrawal(world: World, deed, status):
    free, paths = world.stories["free"], ("/", "/section/world/", "/feeds/latest.atom", "/news-sitemap.xml", "/search/")
    path = f"/story/{free.slug}/"
    anonymous = browser(world, "anonymous")
    assert kinds(world, anonymous.get(path), "free") >= BODY
    assert all(kinds(world, anonymous.get(each), "free") for each in paths)
    item = Item.objects.get(slug=free.slug)
    getattr(wire, deed)(item=item, by=SYSTEM, note=f"It was {free.words[Kind.NOTICE]}.", at=NOON)
    after_commit()
    for name in ("anonymous", "licensed"):
        response = browser(world, name).get(path)
        assert (response.status_code, kinds(world, response, "free")) == (status, WITHDRAWN)
        assert "no-store" in response.headers["Cache-Control"]
        assert [kinds(world, browser(world, name).get(each), "free") for each in paths] == [set()] * len(paths)
        picture = browser(world, name).get(f"/pictures/{free.tokens[0]}/web")
        assert (picture.status_code, kinds(world, picture, "free")) == (404, set())


def test_a_text_that_is_free_no_longer_is_refused_with_the_next_request(world: World):
    free, anonymous = world.stories["free"], browser(world, "anonymous")
    path = f"/story/{free.slug}/"
    assert kinds(world, anonymous.get(path), "free") >= BODY
    uri = Item.objects.get(slug=free.slug).uri
    draft = a_draft(uri=uri, desk=world.desk, public_tier=Tier.SUMMARY)
    wire.release(draft=draft, signal=Signal.UPDATE, by=SYSTEM, at=NOON)
    after_commit()
    assert kinds(world, anonymous.get(path), "free") == set()


def test_signing_out_empties_the_browsers_cache(world: World):
    response = browser(world, "licensed").post("/account/logout/")
    assert response.status_code == 302
    assert "cache" in response.headers["Clear-Site-Data"]
    assert re.search(r"sessionid=\S*;.*Max-Age=0", response.cookies.output())


def test_no_page_tells_another_site_whether_its_reader_subscribes(world: World):
    response = browser(world, "licensed").get(f"/story/{world.stories['live'].slug}/")
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    login = browser(world, "anonymous").get("/account/login/")
    assert all(morsel["samesite"] == "Lax" for morsel in login.cookies.values())


def test_archives_are_told_not_to_keep_what_is_sold(world: World):
    for name, state, wanted in (("licensed", "live", True), ("anonymous", "live", True), ("anonymous", "free", False)):
        page = browser(world, name).get(f"/story/{world.stories[state].slug}/").content.decode()
        assert ("noarchive" in page) == wanted


@pytest.mark.parametrize("paths", [("/",), ("/story/{}/",), ("/section/world/", "/search/?q=summary")])
def test_nothing_of_one_signed_in_reader_is_on_the_page_of_the_next(world: World, paths):
    """Parts of pages are kept for all who are signed in: names, addresses and tokens are no such part."""
    pages = []
    for name in ("registered", "wrong product", "licensed", "comp", "sales", "editor of the desk"):
        person, reader = world.people[name], browser(world, name)
        assert person is not None
        reader.get("/account/profile/")
        for path in paths:
            page = reader.get(path.format(world.stories["live"].slug)).content.decode()
            secrets = {person.email, person.name, reader.cookies["sessionid"].value}
            tokens = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page))
            pages.append((name, page, secrets | tokens))
    for name, page, _own in pages:
        for other, _page, secrets in pages:
            assert other == name or not [secret for secret in secrets if secret in page]


def test_the_wall_of_one_reader_is_not_shown_to_the_next(world: World):
    path = f"/story/{world.stories['live'].slug}/"
    walls = {}
    for name in ("expired", "wrong product", "wrong use", "past due, after grace", "registered", "expired"):
        page = browser(world, name).get(path).content.decode()
        walls.setdefault(name, []).append(re.findall(r'id="wall-title">([^<]+)<', page))
    assert walls == {
        "expired": [["Your licence has ended"]] * 2,
        "wrong product": [["This story is outside your licence"]],
        "wrong use": [["Your licence does not cover this use"]],
        "past due, after grace": [["Your licence is paused"]],
        "registered": [["The full text is for licence holders"]],
    }

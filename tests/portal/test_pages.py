"""Kept pages: the same for every stranger, never older than the last release, never a reader's own."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as Away

from newsroom.accounts.models import User
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.portal import pages
from newsroom.wire import actions as wire
from newsroom.wire.models import Item
from newsroom.wire.rules import Signal
from tests.factories import DAY, HOUR, a_draft, a_licence, a_release, a_user

pytestmark = pytest.mark.django_db
Committed = Callable[[], AbstractContextManager[object]]


def a_story(uri: str = "urn:x:1", **facts: Any) -> Item:
    return a_release(now() - HOUR, uri=uri, **facts).item


def queries(client: Client, address: str, **options: Any) -> int:
    with CaptureQueriesContext(connection) as made:
        client.get(address, **options)
    return len(made)


def kept_keys() -> set[str]:
    client: Any = cache
    names = client._cache.get_client().keys("*page:*")
    return {name.decode().partition("page:")[2] for name in names}


def test_the_second_stranger_is_answered_without_a_query_a_session_or_a_cookie(client: Client) -> None:
    address = a_story().get_absolute_url()
    first = client.get(address)

    with CaptureQueriesContext(connection) as made:
        second = client.get(address)

    assert len(made) == 0
    assert second.content == first.content
    assert (first.cookies, second.cookies) == ({}, {})
    for response in (first, second):
        assert response["Cache-Control"] == "public, max-age=0, s-maxage=30, must-revalidate"
        assert {part.strip() for part in response["Vary"].split(",")} == {"Cookie", "Accept-Language"}
        assert response["Content-Security-Policy"]
        assert response["ETag"] == first["ETag"]


@pytest.mark.parametrize("address", ["/", "/section/world/"])
def test_lists_are_kept_too(client: Client, address: str) -> None:
    a_story()
    client.get(address)

    assert queries(client, address) == 0


def test_a_browser_that_has_the_page_is_told_so(client: Client) -> None:
    address = a_story().get_absolute_url()
    mark = client.get(address)["ETag"]

    again = client.get(address, headers={"If-None-Match": mark})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", mark)


def test_a_reader_never_gets_the_strangers_page_nor_a_stranger_the_readers(
    client: Client, signed_in: Callable[[User], Client]
) -> None:
    """Both orders, through the real cache (L28)."""
    user, at = a_user(), now()
    a_licence(user, starts_at=at - DAY, ends_at=at + DAY, at=at - DAY)
    reader = signed_in(user)
    for uri, order in (("urn:x:1", (client, reader)), ("urn:x:2", (reader, client))):
        address = a_story(uri, body_html="<p>secretbody</p>").get_absolute_url()
        for browser in (*order, *order):
            assert ("secretbody" in browser.get(address).content.decode()) is (browser is reader)


def test_a_release_is_seen_at_once_on_its_page_and_in_the_lists(client: Client, committed: Committed) -> None:
    address = a_story(headline="First version").get_absolute_url()
    for each in (address, "/"):
        assert "First version" in client.get(each).content.decode()

    with committed():
        draft = a_draft(uri="urn:x:1", headline="Second version")
        wire.release(draft=draft, signal=Signal.UPDATE, by=SYSTEM, at=now())

    for each in (address, "/"):
        html = client.get(each).content.decode()
        assert ("Second version" in html, "First version" in html) == (True, False)


def test_a_kill_is_seen_at_once_everywhere_even_beside_other_stories(client: Client, committed: Committed) -> None:
    killed, other = a_story(headline="Made up"), a_story("urn:x:2", headline="Sound")
    addresses = (other.get_absolute_url(), "/", "/section/world/")
    assert all("Made up" in client.get(each).content.decode() for each in addresses)
    assert client.get(killed.get_absolute_url()).status_code == 200

    with committed():
        wire.kill(item=killed, by=SYSTEM, note="Made up.", at=now())

    assert client.get(killed.get_absolute_url()).status_code == 410
    for each in addresses:
        assert ">Made up<" not in client.get(each).content.decode()


def test_a_page_made_before_a_release_and_kept_after_it_is_not_answered(
    client: Client, committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader is slow: the release commits between the making and the keeping of the page."""
    item = a_story(headline="First version")
    keep = pages.keep

    def late(*facts: Any) -> Any:
        monkeypatch.undo()
        with committed():
            draft = a_draft(uri="urn:x:1", headline="Second version")
            wire.release(draft=draft, signal=Signal.UPDATE, by=SYSTEM, at=now())
        return keep(*facts)

    monkeypatch.setattr(pages, "keep", late)
    assert "First version" in client.get(item.get_absolute_url()).content.decode()

    assert "Second version" in client.get(item.get_absolute_url()).content.decode()


def test_what_the_page_does_not_know_makes_no_entry(client: Client) -> None:
    address = a_story().get_absolute_url()
    for query in ("", "?utm_source=x", "?variant=2", "?language=tr", "?before=1-1&x=2"):
        client.get(address + query)
    for query in ("", "?utm_source=x", "?language=nonsense"):
        client.get("/section/world/" + query)
    client.get("/section/world/?language=tr")
    client.get("/section/world/?before=1-1")
    client.get("/story/unknown/")
    client.get("/search/?q=x")

    assert kept_keys() == {f"en::{address}", "en::/section/world/", "en:tr:/section/world/"}


def test_each_language_has_its_own_page(client: Client) -> None:
    address = a_story().get_absolute_url()

    pages_by_language = {
        code: client.get(address, headers={"Accept-Language": code}).content.decode() for code in ("en", "ar")
    }

    assert '<html lang="en" dir="ltr">' in pages_by_language["en"]
    assert '<html lang="ar" dir="rtl">' in pages_by_language["ar"]


def test_a_message_for_one_reader_is_not_kept_for_all(client: Client) -> None:
    a_story()
    client.cookies["messages"] = "anything"

    response = client.get("/")

    assert response["Cache-Control"] == "private, no-store"
    assert kept_keys() == set()


def test_refusals_and_what_is_not_found_are_not_kept(client: Client) -> None:
    item = a_story()
    wire.kill(item=item, by=SYSTEM, note="Made up.", at=now())

    client.get(item.get_absolute_url())
    client.get("/section/unknown/")

    assert kept_keys() == set()


def test_without_the_cache_strangers_still_read(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = a_story().get_absolute_url()

    def away(*_: Any, **__: Any) -> None:
        raise Away

    monkeypatch.setattr(cache, "get_many", away)

    assert client.get(address).status_code == 200

"""The world of the matrix: stories, readers, their browsers, and the clock they all go by."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client

from newsroom.accounts.models import User
from newsroom.core import clock
from newsroom.sandbox import clock as sandbox_clock
from newsroom.wire.models import Desk, Topic
from tests.factories import NOON, a_desk, a_product, a_topic
from tests.leaks.canaries import Mark, words_in
from tests.leaks.readers import READERS, Persona, Products
from tests.leaks.states import Planted, Told, tell


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, the product's clock stands at this moment."""
    stopped = SimpleNamespace(now=lambda: moment)
    with mock.patch.object(clock, "timezone", stopped), mock.patch.object(clock, "_offset", return_value=None):
        yield


def empty_cache() -> None:
    """Nothing is kept from before, but that the sandbox's clock stands with the machine's."""
    cache.clear()
    sandbox_clock.remember(0)


def after_commit() -> None:
    """Do now what waits for a commit that the tests' transaction never makes."""
    while connection.run_on_commit:
        _ids, deed, _robust = connection.run_on_commit.pop(0)
        deed()


@dataclass
class World:
    desk: Desk
    topic: Topic
    planted: Planted
    stories: Mapping[str, Told]
    people: Mapping[str, User | None]
    products: Products

    def browser(self, persona: Persona) -> Client:
        """A browser in which this person is signed in, if they can be."""
        client = Client(raise_request_exception=False, headers=dict(persona.headers), REMOTE_ADDR=persona.address)
        client.cookies.load(dict(persona.cookies))
        user = self.people.get(persona.name)
        if user is not None:
            client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
        return client

    def found_in(self, response: HttpResponseBase) -> frozenset[Mark]:
        """Every canary anywhere in this answer: status line, headers, cookies, target and body."""
        pieces = [*_head(response), body_of(response)]
        marks = {self.planted.marks[word] for word in words_in(*pieces) if word in self.planted.marks}
        files = {mark for mark, needles in self.planted.files.items() for needle in needles if needle in pieces[-1]}
        return frozenset(marks | files)


def _head(response: HttpResponseBase) -> list[bytes]:
    lines = [
        f"{response.status_code} {response.reason_phrase}",
        *(f"{name}: {text}" for name, text in response.items()),
    ]
    cookies: Any = response.cookies
    return [line.encode() for line in (*lines, cookies.output())]


def body_of(response: HttpResponseBase) -> bytes:
    """The body, once: what a stream held is kept for the next who asks."""
    kept: bytes | None = getattr(response, "read_body", None)
    if kept is None:
        kept = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined, call-overload]
        response.read_body = kept  # type: ignore[attr-defined]
    return kept


def a_world() -> World:
    """Seed everything by the product's own deeds."""
    desk, topic = a_desk("world"), a_topic()
    a_desk("sport")
    products = Products(
        right=a_product("slice-right", {"include": {"desk": ["world"]}}),
        wrong=a_product("slice-wrong", {"include": {"desk": ["sport"]}}),
    )
    with at(NOON):
        planted, stories = tell(desk, topic)
        people = {persona.name: persona.make(products) if persona.make else None for persona in READERS}
    after_commit()
    return World(desk, topic, planted, stories, people, products)

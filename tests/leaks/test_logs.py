"""What the product writes about itself and hands to its workers: numbers, never words of a story."""

import base64
import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from celery import current_app

from newsroom.access.decide import Asked, find, open_for
from newsroom.accounts.readers import reader_of
from newsroom.core import mail
from newsroom.core.audit import SYSTEM
from newsroom.core.jobs import enqueue
from newsroom.core.models import AuditEntry, Message
from newsroom.licensing.rules import Use
from newsroom.wire import actions as wire
from newsroom.wire.models import Item
from newsroom.wire.vault import VaultEntry
from tests.factories import NOON
from tests.leaks.canaries import Kind, new_word, words_in
from tests.leaks.jobs import TASKS
from tests.leaks.matrix import send
from tests.leaks.readers import BY_NAME
from tests.leaks.states import body_of
from tests.leaks.surfaces import BY_NAME as SURFACES
from tests.leaks.surfaces import public
from tests.leaks.world import World, after_commit, at, empty_cache
from tests.leaks.world import body_of as read

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("leaks")]
WRITES = (
    "story page",
    "story page, strange addresses",
    "search by canaries",
    "picture",
    "original of a picture",
    "front page",
)


@contextmanager
def written() -> Iterator[io.StringIO]:
    """All that is logged inside, as the product writes it, at every level."""
    root, out = logging.getLogger(), io.StringIO()
    ours = next(each for each in root.handlers if isinstance(each, logging.StreamHandler) and each.filters)
    handler = logging.StreamHandler(out)
    handler.setFormatter(ours.formatter)
    for each in ours.filters:
        handler.addFilter(each)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield out
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def waiting() -> list[dict[str, Any]]:
    """Every message at the broker, with its headers and its decoded body."""
    with current_app.connection_for_read() as connection:
        client = connection.default_channel.client
        return [
            json.loads(each)
            for key in client.keys("*")
            if client.type(key) == b"list"
            for each in client.lrange(key, 0, -1)
        ]


@pytest.mark.parametrize("name", WRITES)
def test_no_log_line_holds_a_word_of_a_story_or_what_somebody_searched_for(world: World, name):
    surface = SURFACES[name]
    with at(NOON), written() as out:
        for reader in ("anonymous", "licensed", "comp"):
            browser = world.browser(BY_NAME[reader])
            for ask in surface.asks(world):
                if ask.about is None or ask.about.state in {"live", "hidden", "embargoed", "newer draft"}:
                    read(send(browser, ask))
    text = out.getvalue()
    assert "request" in text
    assert words_in(text.encode()) == set()


def test_no_log_line_holds_an_address_that_was_not_found(world: World):
    word = new_word()
    with at(NOON), written() as out:
        for path in (
            f"/story/{word}/",
            f"/{word}",
            f"/search/?q={word}&since={word}",
            f"/account/password/reset/key/1-{word}/",
        ):
            world.browser(BY_NAME["anonymous"]).get(path)
    assert "Not Found" in out.getvalue()
    assert words_in(out.getvalue().encode()) == set()


def test_no_log_line_holds_the_message_of_a_failure(world: World, monkeypatch):
    text = body_of(world.stories["live"].words)

    def fail(*_: object, **__: object) -> None:
        raise ValueError(text) from KeyError(text)

    monkeypatch.setattr("newsroom.portal.rendered.Rendered.__call__", fail)  # never kept, unlike the frame around it
    with at(NOON), written() as out:
        world.browser(BY_NAME["licensed"]).get(f"/story/{world.stories['live'].slug}/")
    assert "ValueError" in out.getvalue()
    assert words_in(out.getvalue().encode()) == set()


def test_no_log_line_holds_what_was_typed_into_a_form(world: World):
    word = new_word()
    with at(NOON), written() as out:
        browser = world.browser(BY_NAME["anonymous"])
        browser.post("/account/login/", {"login": f"{word}@example.com", "password": word})
        browser.post("/account/signup/", {"email": f"{word}@example.com", "password1": f"{word}-9"})
        browser.post("/account/password/reset/", {"email": f"{word}@example.com"})
        browser.get(
            "/", headers={"Authorization": f"Bearer {word}", "Cookie": f"sessionid={word}", "Referer": f"/{word}"}
        )
        after_commit()
    assert words_in(out.getvalue().encode()) == set()


def test_what_waits_at_the_broker_is_numbers(world: World):
    """Each task as the product starts it, and a release, a kill and a mail with all that they set off."""
    empty_cache()
    item = Item.objects.get(slug=world.stories["live"].slug)
    with at(NOON):
        mail.post(
            key=new_word(), to="a@example.com", kind="account_unknown_account", locale="en",
            context={"signup_url": f"https://example.com/{new_word()}"}, at=NOON,
        )  # fmt: skip
        wire.kill(item=item, by=SYSTEM, note=f"It was {new_word()}.", at=NOON)
        wire.set_rule(product=world.products.wrong, rule={"include": {"desk": [new_word()]}}, by=SYSTEM, at=NOON)
    for number, (name, ids) in enumerate(TASKS.items()):
        enqueue(name, **dict.fromkeys(ids, number))
    after_commit()
    messages = waiting()
    assert {message["headers"]["task"] for message in messages} >= {*TASKS}
    for message in messages:
        body = json.loads(base64.b64decode(message["body"]))
        assert all(isinstance(value, int) for value in body[1].values())
        assert body[0] == []
    assert words_in(json.dumps(messages).encode()) == set()
    empty_cache()


def test_tasks_log_no_word_of_what_they_work_on(world: World):
    word = new_word()
    with at(NOON), written() as out:
        message = mail.post(
            key=word, to=f"{word}@example.com", kind="account_unknown_account", locale="en",
            context={"signup_url": f"https://example.com/{word}"}, at=NOON,
        )  # fmt: skip
        for name, ids in (
            ("core.send_mail", {"message_id": message.pk}),
            ("core.sweep_mail", {}),
            ("wire.restamp", {"product_id": world.products.right.pk}),
        ):
            current_app.tasks[name].apply(kwargs=ids).get(disable_sync_subtasks=False)
    assert Message.objects.get(pk=message.pk).state == Message.State.SENT
    assert words_in(out.getvalue().encode()) == set()


def test_the_audit_log_holds_notes_and_no_text(world: World):
    kept = json.dumps(
        list(AuditEntry.objects.values_list("action", "actor_label", "why", "facts", "subject_id"))
    ).encode()
    marks = {world.planted.marks[word].kind for word in words_in(kept) if word in world.planted.marks}
    assert marks <= {Kind.NOTE, Kind.NOTICE}
    assert Kind.NOTICE in marks


def test_no_object_of_the_vault_shows_its_text_when_it_is_printed(world: World):
    person, live = world.people["licensed"], world.stories["live"]
    assert person is not None
    item = find(slug=live.slug)
    assert item is not None
    shown, decision = open_for(
        reader=reader_of(person, NOON), item=item, use=Use.READ, at=NOON, asked=Asked("web", "request-1", "en")
    )
    printed = repr((shown, decision, VaultEntry.objects.get(release=item.head), item.head, item)).encode()
    kinds = {world.planted.marks[word].kind for word in words_in(printed)}
    assert decision.allowed
    assert kinds <= public.LISTED | {Kind.TERMS}

"""The agencies' own example files go the whole road: imported, released, a summary for all, the full text for a licence."""

from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from newsroom.access.decide import Asked, find, open_for
from newsroom.accounts.readers import ANONYMOUS, reader_of
from newsroom.content.ingest import files, ninjs
from newsroom.content.ingest.problems import NoStory
from newsroom.core.clock import now
from newsroom.licensing.rules import Use
from newsroom.wire.models import Item
from newsroom.wire.sanitise import clean_html, plain
from newsroom.wire.views import FullText, Summary
from tests.factories import a_licence, a_product, a_user

ROOT = Path(__file__).resolve().parent.parent.parent
PLACES = [parent / "shared" / "standards" / "ninjs" / "examples" for parent in (ROOT.parent, ROOT.parent.parent)]
EXAMPLES = next((place for place in PLACES if place.is_dir()), None)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(EXAMPLES is None, reason="the agencies' example files are not beside this checkout (../shared)"),
]


def example_files() -> list[Path]:
    assert EXAMPLES is not None
    return sorted(EXAMPLES.rglob("*.json"))


def brought() -> list[str]:
    out = StringIO()
    call_command("import_stories", *map(str, example_files()), stdout=out)
    return out.getvalue().splitlines()


def test_every_example_is_a_story_or_refused_by_its_kind():
    kinds: Counter[str] = Counter()
    for path in example_files():
        for _number, raw in files.items(path):
            try:
                item = ninjs.read(raw)
                kinds["with body" if item.body_html else "without body"] += 1
                kinds["without summary"] += not item.summary
            except NoStory as refusal:
                kinds[refusal.kind] += 1

    assert kinds == {
        "with body": 25,
        "without body": 2,
        "without summary": 20,
        "event": 20,
        "picture": 8,
        "audio": 2,
        "video": 2,
    }


def test_one_command_brings_them_all_and_a_second_changes_nothing():
    assert brought() == [
        "12 created, 2 updated, 13 unchanged",
        "Refused, no story: 2 audio, 20 event, 8 picture, 2 video",
        "Errors: 0",
        "Flagged on the desk: 8 with a headline only; they want a summary.",
    ]
    assert brought()[:1] == ["27 unchanged"]


def test_each_body_lies_in_the_vault_and_in_no_public_column():
    brought()
    with connection.cursor() as cursor:
        cursor.execute("SELECT body_html FROM wire_vaultentry")
        vault = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT r::text FROM wire_release r UNION ALL SELECT i::text FROM wire_item i")
        public = "\n".join(row[0] for row in cursor.fetchall())
    bodies = []
    for path in example_files():
        for _number, raw in files.items(path):
            try:
                bodies.append(ninjs.read(raw).body_html)
            except NoStory:
                continue
    filled = [clean_html(body) for body in bodies if body]

    assert len(filled) == 25
    assert set(filled) <= vault
    long_lines = [line for body in filled for line in plain(body).splitlines() if len(line) > 60]
    assert long_lines
    assert [line for line in long_lines if line in public] == []


def test_everybody_gets_the_summary_and_a_licence_holder_the_full_text():
    a_product()
    brought()
    reader = a_user()
    at = now()
    a_licence(reader, starts_at=at, at=at, ends_at=None)
    asked = Asked(channel="web", request_id="r", locale="en")
    shown = {
        item.uri: (
            open_for(reader=ANONYMOUS, item=item, use=Use.READ, at=at, asked=asked)[0],
            open_for(reader=reader_of(reader, at), item=item, use=Use.READ, at=at, asked=asked)[0],
        )
        for item in (find(slug=slug) for slug in Item.objects.values_list("slug", flat=True))
        if item is not None
    }

    assert len(shown) == 12
    assert {(type(public), type(full)) for public, full in shown.values()} == {(Summary, FullText)}
    without_body = [uri for uri, (_public, full) in shown.items() if isinstance(full, FullText) and not full.body_html]
    assert without_body == ["urn:8d19cf88-b3ab-4972-8fec-1207599f2872"]

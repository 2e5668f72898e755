"""Providers' items on their way to the wire, and the command that brings them."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from newsroom.content import actions
from newsroom.content.actions import Into, Outcome, take_in
from newsroom.content.ingest.ninjs import read
from newsroom.content.models import Intake, Story
from newsroom.core.audit import SYSTEM
from newsroom.wire.models import Desk, Release
from newsroom.wire.rules import Signal, Tier
from tests.factories import HOUR, NOON, a_desk, a_topic, staff_of

pytestmark = pytest.mark.django_db


def an_entry(**facts):
    return {
        "uri": "urn:agency:1",
        "version": "1",
        "versionCreated": "2026-03-01T10:00:00Z",
        "type": "text",
        "headlines": [{"value": "Ferry resumes"}],
        "descriptions": [{"value": "Ferries run."}],
        "bodies": [{"value": "<p>The first ferry left.</p>"}],
        "subjects": [{"uri": "http://cv.iptc.org/newscodes/mediatopic/15000000"}],
    } | facts


def bring(at=NOON, **facts):
    return take_in(item=read(an_entry(**facts)), into=Into(a_desk()), by=SYSTEM, at=at)


def run(tmp_path, content, *options):
    """The command's exit code, what it printed, and its errors with the folder's name taken out."""
    path = tmp_path / "items.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("import_stories", str(path), *options, stdout=out, stderr=err)
    except CommandError as error:
        code = error.returncode
    return code, out.getvalue().splitlines(), err.getvalue().replace(f"{tmp_path}/", "").splitlines()


def test_an_item_goes_the_whole_road_to_the_wire():
    sport = a_topic()

    outcome = bring()

    made = Release.objects.select_related("item", "desk").get()
    assert outcome is Outcome.CREATED
    assert (made.item.uri, made.signal, made.headline, made.summary) == (
        "urn:agency:1",
        Signal.NEW,
        "Ferry resumes",
        "Ferries run.",
    )
    assert (made.topics, made.desk.code, made.public_tier, made.source_version) == (
        [sport.code],
        "world",
        Tier.SUMMARY,
        "1",
    )


def test_the_same_version_again_changes_nothing():
    bring()

    assert bring(at=NOON + HOUR) is Outcome.UNCHANGED
    assert (Release.objects.count(), Intake.objects.count(), Story.objects.get().revisions.count()) == (1, 1, 1)


def test_a_later_version_is_an_update():
    bring()

    assert bring(version="2", headlines=[{"value": "Ferry stops"}]) is Outcome.UPDATED
    assert list(Release.objects.order_by("version").values_list("signal", "headline", "source_version")) == [
        (Signal.NEW, "Ferry resumes", "1"),
        (Signal.UPDATE, "Ferry stops", "2"),
    ]


def test_the_same_version_with_other_content_is_a_conflict():
    bring()

    with pytest.raises(actions.Conflict, match="conflict: version 1"):
        bring(headlines=[{"value": "Ferry stops"}])
    assert Release.objects.count() == 1


@pytest.mark.parametrize(
    "older",
    [
        {"version": "9"},
        {"version": "a", "versionCreated": "2026-02-28T10:00:00Z"},
        {"version": None, "versionCreated": "2026-02-28T10:00:00Z"},
    ],
)
def test_an_older_version_is_refused(older):
    bring(version="10")

    with pytest.raises(actions.Older, match="older"):
        bring(headlines=[{"value": "Before"}], **older)
    assert Release.objects.count() == 1


def test_a_canceled_item_kills_its_story_and_a_withheld_one_withholds_it():
    bring()
    withheld = bring(version="2", pubStatus="withheld", edNote="Wait.")
    killed = bring(version="3", pubStatus="canceled")

    assert (withheld, killed) == (Outcome.WITHHELD, Outcome.KILLED)
    assert list(Release.objects.order_by("version").values_list("signal", "note")) == [
        (Signal.NEW, ""),
        (Signal.WITHHOLD, "Wait."),
        (Signal.KILL, "Withdrawn by the provider."),
    ]


def test_nothing_of_an_item_stays_when_it_cannot_be_released(monkeypatch):
    monkeypatch.setattr("newsroom.content.models.publishing.published.send", lambda **_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        bring()
    assert (Story.objects.count(), Intake.objects.count(), Release.objects.count()) == (0, 0, 0)


def test_a_later_version_of_a_story_edited_here_keeps_the_edit_in_its_history():
    bring()
    story = Story.objects.get()
    actions.edit(story=story, by=staff_of(), headline="Our headline")

    assert bring(version="2") is Outcome.UPDATED
    headlines = [each.content["headline"] for each in story.revisions.order_by("pk")]
    assert headlines == ["Ferry resumes", "Our headline", "Ferry resumes"]


def test_the_command_counts_what_it_did_and_a_second_run_changes_nothing(tmp_path):
    items = [
        an_entry(),
        an_entry(uri="urn:agency:2", descriptions=[]),
        an_entry(uri="urn:agency:3", type="event"),
        an_entry(uri="urn:agency:4", type="video"),
    ]

    assert run(tmp_path, items) == (
        0,
        [
            "2 created",
            "Refused, no story: 1 event, 1 video",
            "Errors: 0",
            "Flagged on the desk: 1 with a headline only; they want a summary.",
        ],
        [],
    )
    assert run(tmp_path, items)[1][0] == "2 unchanged"
    assert Release.objects.count() == 2


def test_a_bad_item_is_named_and_stops_no_other(tmp_path):
    items = [
        an_entry(),
        an_entry(uri="urn:agency:2", urgency=0),
        an_entry(headlines=[{"value": "Another"}]),
        an_entry(uri="urn:agency:4", descriptions=[{"value": "x" * 4001}]),
        "no object",
        an_entry(uri="urn:agency:6"),
    ]

    assert run(tmp_path, items) == (
        1,
        ["2 created", "Errors: 4"],
        [
            "items.json: item 2 (urn:agency:2): urgency: 0 is not a whole number from 1 to 9",
            "items.json: item 3 (urn:agency:1): conflict: version 1 of this uri is here already with other content",
            "items.json: item 4 (urn:agency:4): summary: Ensure this value has at most 4000 characters (it has 4001).",
            "items.json: item 5: item: expected an object, found text",
        ],
    )
    assert set(Story.objects.values_list("uri", flat=True)) == {"urn:agency:1", "urn:agency:6"}


def test_a_truncated_file_loads_nothing_and_says_where_it_ends(tmp_path):
    assert run(tmp_path, json.dumps([an_entry(), an_entry(uri="urn:agency:2")])[:-20]) == (
        1,
        ["nothing", "Errors: 1"],
        ["items.json: is not JSON: Unterminated string starting at at line 1, column 581"],
    )
    assert Story.objects.count() == 0


def test_a_dry_run_says_what_would_be_and_changes_nothing(tmp_path):
    assert run(tmp_path, [an_entry()], "--dry-run") == (0, ["Would be: 1 created", "Errors: 0"], [])
    assert (Story.objects.count(), Release.objects.count(), Intake.objects.count()) == (0, 0, 0)


def test_desk_tier_and_language_are_what_the_command_says(tmp_path):
    a_desk("finance")

    run(tmp_path, [an_entry()], "--desk", "finance", "--tier", "nothing", "--language", "tr")

    made = Release.objects.select_related("desk").get()
    assert (made.desk.code, made.public_tier, made.language) == ("finance", Tier.NOTHING, "tr")


def test_an_unknown_desk_is_named_with_those_there_are(tmp_path):
    a_desk("finance")

    with pytest.raises(CommandError, match="There is no desk “sports”. Known: finance"):
        call_command("import_stories", str(tmp_path / "x.json"), "--desk", "sports")


def test_the_default_desk_is_there_when_it_is_needed(tmp_path):
    run(tmp_path, [an_entry()])

    assert list(Desk.objects.values_list("code", "name")) == [("world", "World")]


def test_scripts_in_an_item_are_gone_from_the_wire(tmp_path):
    body = "<p onclick=x()>Safe</p><script>alert(1)</script><table><tr><td>1</td></tr></table>"
    run(tmp_path, [an_entry(bodies=[{"contentType": "text/html", "value": body}])])

    with connection.cursor() as cursor:
        cursor.execute("SELECT body_html FROM wire_vaultentry")
        assert cursor.fetchall() == [("<p>Safe</p><table><tbody><tr><td>1</td></tr></tbody></table>",)]

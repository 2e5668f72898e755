"""A story's road from a draft to the wire, and what stops it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from newsroom.content import actions
from newsroom.content.models import DeskSettings, Story
from newsroom.content.rules import Kept, NotApproved, NotYours, Role, SecondPersonNeeded, Unfinished
from newsroom.core.models import AuditEntry
from newsroom.wire.models import Release
from newsroom.wire.rules import NotNow, Signal, Tier
from tests.factories import DAY, HOUR, NOON, a_desk, a_picture, a_story, a_topic, picture_bytes, staff_of

pytestmark = pytest.mark.django_db


def signals_of(story: Story) -> list[tuple[int, str]]:
    return list(Release.objects.filter(item__uri=story.uri).order_by("version").values_list("version", "signal"))


def test_publishing_a_draft_puts_its_public_part_on_the_wire():
    editor = staff_of(name="Ada Editor")
    sport = a_topic()
    story = a_story(
        editor,
        slugline="bridge",
        byline="Ada Writer",
        dateline="Istanbul",
        genre="news",
        urgency=3,
        note="Adds detail.",
        internal_note="Call the mayor.",
        usage_terms="No archive.",
        topics=[sport],
    )

    made = actions.publish(story=story, by=editor, at=NOON)

    story = Story.objects.get(pk=story.pk)
    assert made is not None
    facts = {
        "headline": made.headline,
        "slugline": made.slugline,
        "summary": made.summary,
        "byline": made.byline,
        "dateline": made.dateline,
        "genre": made.genre,
        "urgency": made.urgency,
        "note": made.note,
        "usage_terms": made.usage_terms,
        "topics": made.topics,
        "public_tier": made.public_tier,
        "released_at": made.released_at,
        "signal": made.signal,
        "item": made.item,
    }
    assert facts == {
        "headline": story.headline,
        "slugline": "bridge",
        "summary": "A new bridge is open to traffic.",
        "byline": "Ada Writer",
        "dateline": "Istanbul",
        "genre": "news",
        "urgency": 3,
        "note": "Adds detail.",
        "usage_terms": "No archive.",
        "topics": [sport.code],
        "public_tier": Tier.SUMMARY,
        "released_at": NOON,
        "signal": Signal.NEW,
        "item": story.item,
    }
    assert (story.live, story.has_unpublished_changes, story.first_published_at) == (True, False, NOON)
    assert AuditEntry.objects.filter(action="item.new").values_list("actor_label", flat=True).get() == "Ada Editor"


def test_the_internal_note_leaves_the_desk_by_no_column():
    editor = staff_of()
    story = a_story(editor, internal_note="zebrawood")

    actions.publish(story=story, by=editor, at=NOON)

    with connection.cursor() as cursor:
        for table in ("wire_release", "wire_vaultentry", "wire_item", "core_auditentry"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%zebrawood%'")
            assert (table, cursor.fetchone()) == (table, (0,))


def test_the_words_of_a_story_are_in_no_log(caplog):
    caplog.set_level("INFO")
    editor = staff_of()
    story = a_story(editor, headline="zebrawood", body="<p>zebrawood</p>")

    actions.publish(story=story, by=editor, at=NOON)

    assert "zebrawood" not in caplog.text


def test_update_correction_withhold_and_return_each_make_a_release():
    chief = staff_of(role=Role.CHIEF)
    story = a_story(chief)
    actions.publish(story=story, by=chief, at=NOON)
    actions.edit(story=story, by=chief, summary="The bridge is open, toll free.")
    actions.publish(story=story, by=chief, at=NOON + HOUR)
    actions.edit(story=story, by=chief, summary="The bridge is open.")
    actions.correct(story=story, by=chief, note="There is a toll.", at=NOON + 2 * HOUR)
    actions.withhold(story=story, by=chief, note="Under review.", at=NOON + 3 * HOUR)
    withheld = Story.objects.get(pk=story.pk)
    actions.publish(story=story, by=chief, at=NOON + 4 * HOUR)
    actions.kill(story=story, by=chief, note="Legal reasons.", at=NOON + 5 * HOUR)

    assert (withheld.live, withheld.has_unpublished_changes) == (False, True)
    assert signals_of(story) == [
        (1, Signal.NEW),
        (2, Signal.UPDATE),
        (3, Signal.CORRECTION),
        (4, Signal.WITHHOLD),
        (5, Signal.UPDATE),
        (6, Signal.KILL),
    ]
    assert Release.objects.get(item__uri=story.uri, version=3).note == "There is a toll."


def test_nothing_follows_a_kill():
    chief = staff_of(role=Role.CHIEF)
    story = a_story(chief)
    actions.publish(story=story, by=chief, at=NOON)
    actions.kill(story=story, by=chief, note="Wrong.", at=NOON)

    with pytest.raises(NotNow, match="killed"):
        actions.publish(story=story, by=chief, at=NOON + HOUR)
    assert Story.objects.get(pk=story.pk).live is False


@pytest.mark.parametrize(
    ("role", "deed", "allowed"),
    [
        (Role.WRITER, "publish", False),
        (Role.EDITOR, "publish", True),
        (Role.CHIEF, "publish", True),
        (Role.WRITER, "withhold", False),
        (Role.EDITOR, "withhold", True),
        (Role.EDITOR, "kill", False),
        (Role.CHIEF, "kill", True),
    ],
)
def test_each_deed_needs_its_role_on_the_storys_desk(role, deed, allowed):
    story = a_story()
    if deed != "publish":
        actions.publish(story=story, by=staff_of(), at=NOON)
    somebody = staff_of(role=role)
    words = {} if deed == "publish" else {"note": "Because."}

    if allowed:
        assert getattr(actions, deed)(story=story, by=somebody, at=NOON + HOUR, **words) is not None
    else:
        with pytest.raises(NotYours):
            getattr(actions, deed)(story=story, by=somebody, at=NOON + HOUR, **words)


def test_the_chief_of_another_desk_may_do_nothing_here():
    stranger = staff_of(a_desk("sport"), Role.CHIEF)
    story = a_story()

    with pytest.raises(NotYours, match="no role"):
        actions.publish(story=story, by=stranger, at=NOON)
    with pytest.raises(NotYours):
        actions.edit(story=story, by=stranger, summary="Mine now.")
    assert Release.objects.count() == 0


def test_moving_a_draft_to_ones_own_desk_gives_no_right_over_it():
    mixed = staff_of(a_desk("world"), Role.WRITER)
    sport = a_desk("sport")
    actions.appoint(user=mixed, desk=sport, role=Role.CHIEF, by=mixed.actor, at=NOON)
    story = a_story(mixed)
    revision = story.get_latest_revision().as_object()
    revision.desk = sport
    moved = revision.save_revision(user=mixed)

    with pytest.raises(NotYours):
        actions.publish(story=story, by=mixed, at=NOON, revision=moved)


def test_wagtails_own_way_of_publishing_passes_the_same_checks():
    writer = staff_of(role=Role.WRITER)
    revision = a_story(writer).get_latest_revision()

    with pytest.raises(NotYours):
        revision.publish(user=writer, skip_permission_checks=True)
    with pytest.raises(NotApproved):
        revision.publish(user=None)


def test_on_a_desk_of_two_persons_nobody_publishes_their_own_text():
    desk = a_desk("finance")
    DeskSettings.objects.create(desk=desk, two_person=True)
    author, other = staff_of(desk), staff_of(desk)
    story = a_story(author, desk=desk)

    with pytest.raises(SecondPersonNeeded):
        actions.publish(story=story, by=author, at=NOON)
    # Saving the same words again does not make the other person their author, nor the author another person.
    Story.objects.get(pk=story.pk).get_latest_revision_as_object().save_revision(user=other)
    with pytest.raises(SecondPersonNeeded):
        actions.publish(story=story, by=author, at=NOON)
    assert actions.publish(story=story, by=other, at=NOON) is not None


def test_on_a_desk_of_two_persons_a_changed_comma_makes_a_new_author():
    desk = a_desk("finance")
    DeskSettings.objects.create(desk=desk, two_person=True)
    author, other = staff_of(desk), staff_of(desk)
    story = a_story(author, desk=desk)
    actions.edit(story=story, by=other, summary="A new bridge, is open to traffic.")

    with pytest.raises(SecondPersonNeeded):
        actions.publish(story=story, by=other, at=NOON)
    assert actions.publish(story=story, by=author, at=NOON) is not None


def test_a_picture_counts_as_text_for_two_persons():
    desk = a_desk("finance")
    DeskSettings.objects.create(desk=desk, two_person=True)
    author, other = staff_of(desk), staff_of(desk)
    story = a_story(author, desk=desk)
    image = actions.add_picture(name="a.jpg", content=picture_bytes(), credit="P", alt="A bridge")
    actions.edit(story=story, by=other, pictures=[actions.PictureOf(image, caption="Another caption")])

    with pytest.raises(SecondPersonNeeded):
        actions.publish(story=story, by=other, at=NOON)


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({"summary": "", "body": ""}, "a summary or a body"),
        ({"headline": " "}, "a headline"),
    ],
)
def test_an_unfinished_story_names_what_is_missing(facts, missing):
    editor = staff_of()
    story = a_story(editor)
    draft = story.get_latest_revision_as_object()
    for name, value in facts.items():
        setattr(draft, name, value)
    draft.save_revision(user=editor, clean=False)

    with pytest.raises(Unfinished, match=missing):
        actions.publish(story=story, by=editor, at=NOON)
    assert Release.objects.count() == 0


def test_every_picture_needs_a_text_alternative():
    editor = staff_of()
    image = actions.add_picture(name="a.jpg", content=picture_bytes(), credit="P. Photographer")
    story = a_story(editor, pictures=[actions.PictureOf(image)])

    with pytest.raises(Unfinished, match="a text alternative for every picture"):
        actions.publish(story=story, by=editor, at=NOON)


def test_pictures_go_along_with_the_words_of_the_story():
    editor = staff_of()
    image = actions.add_picture(name="a.jpg", content=picture_bytes(), credit="P. Photographer", alt="A bridge")
    story = a_story(editor, pictures=[actions.PictureOf(image, caption="Open at last")])

    draft = story.draft()
    made = actions.publish(story=story, by=editor, at=NOON)

    assert draft.pictures == (a_picture(alt="A bridge", caption="Open at last", credit="P. Photographer"),)
    assert made is not None
    assert [each["credit"] for each in made.pictures] == ["P. Photographer"]


def test_an_embargo_travels_with_the_release():
    editor = staff_of()
    story = a_story(editor, embargo_until=NOON + DAY)

    made = actions.publish(story=story, by=editor, at=NOON)

    assert made is not None
    assert (made.embargo_until, made.shown_at) == (NOON + DAY, NOON + DAY)


def test_unpublishing_is_a_withhold():
    editor = staff_of()
    story = a_story(editor)
    actions.publish(story=story, by=editor, at=NOON)

    Story.objects.get(pk=story.pk).unpublish(user=editor)

    assert signals_of(story) == [(1, Signal.NEW), (2, Signal.WITHHOLD)]
    with pytest.raises(NotApproved):
        Story.objects.get(pk=story.pk).unpublish()


@pytest.mark.parametrize("deed", ["withhold", "kill"])
def test_what_was_never_released_cannot_be_taken_back(deed):
    chief = staff_of(role=Role.CHIEF)

    with pytest.raises(Unfinished, match="never released"):
        getattr(actions, deed)(story=a_story(chief), by=chief, note="Why.", at=NOON)


def test_a_correction_needs_its_note():
    editor = staff_of()
    story = a_story(editor)
    actions.publish(story=story, by=editor, at=NOON)

    with pytest.raises(Unfinished):
        actions.correct(story=story, by=editor, note="  ", at=NOON)


def test_a_released_story_cannot_be_deleted_and_a_draft_can():
    editor = staff_of()
    story, draft = a_story(editor), a_story(editor)
    actions.publish(story=story, by=editor, at=NOON)

    with pytest.raises(Kept):
        Story.objects.get(pk=story.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=story.pk)._raw_delete("default")
    draft.delete()
    assert list(Story.objects.values_list("pk", flat=True)) == [story.pk]


def test_a_failed_release_leaves_the_story_as_it_was(monkeypatch):
    editor = staff_of()
    story = a_story(editor)
    monkeypatch.setattr("newsroom.content.models.publishing.published.send", lambda **_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        actions.publish(story=story, by=editor, at=NOON)
    kept = Story.objects.get(pk=story.pk)
    assert (kept.live, kept.item, Release.objects.count()) == (False, None, 0)


def test_a_revision_of_another_story_is_refused():
    editor = staff_of()
    one, other = a_story(editor), a_story(editor)

    with pytest.raises(NotApproved, match="another story"):
        one.publish(other.get_latest_revision(), user=editor, at=NOON)


def test_script_and_overriding_characters_are_harmless_on_the_wire():
    editor = staff_of()
    story = a_story(
        editor,
        headline="Rate \u202eevil\u202c <script>alert(1)</script>",
        summary="مرحبا <b>bold</b> \u2066mixed\u2069",
        body="<p onclick=x()>Safe</p><script>alert(1)</script><table><tr><td>42</td></tr></table>",
    )

    made = actions.publish(story=story, by=editor, at=NOON)

    assert made is not None
    assert (made.headline, made.summary) == ("Rate evil <script>alert(1)</script>", "مرحبا <b>bold</b> mixed")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body_html FROM wire_vaultentry WHERE release_id = %s", [made.pk])
        assert cursor.fetchone() == ("<p>Safe</p><table><tbody><tr><td>42</td></tr></tbody></table>",)


@pytest.mark.parametrize("how_many", [1, 3])
def test_a_publish_takes_the_same_few_queries_however_much_a_story_names(how_many):
    editor = staff_of()
    image = actions.add_picture(name="a.jpg", content=picture_bytes(), credit="P", alt="A bridge")
    topics = [a_topic(f"medtop:1500000{number}") for number in range(how_many)]
    story = a_story(editor, topics=topics, pictures=[actions.PictureOf(image)] * how_many)
    actions.publish(story=story, by=editor, at=NOON)
    actions.edit(story=story, by=editor, summary="More.")
    revision = Story.objects.get(pk=story.pk).get_latest_revision()

    with CaptureQueriesContext(connection) as queries:
        revision.publish(user=editor)

    assert len(queries) == 33, "\n".join(query["sql"][:120] for query in queries)

"""Publishing by the clock."""

import pytest
from django.core.management import call_command

from newsroom.content import actions, tasks
from newsroom.content.models import DeskSettings, Schedule, Story
from newsroom.content.rules import NotApproved, NotYours, Role, SecondPersonNeeded, Unfinished
from newsroom.wire.models import Release
from tests.factories import HOUR, NOON, a_desk, a_story, staff_of

pytestmark = pytest.mark.django_db
LATER = NOON + 2 * HOUR


def scheduled(by, **facts) -> Story:
    story = a_story(by, **facts)
    actions.schedule(story=story, by=by, due_at=LATER, at=NOON)
    return Story.objects.get(pk=story.pk)


def run_clock(at) -> None:
    for pk in list(Schedule.objects.due(at).values_list("pk", flat=True)):
        actions.publish_scheduled(schedule_id=pk, at=at)


def states() -> list[tuple[str, str]]:
    return list(Schedule.objects.order_by("pk").values_list("state", "error"))


def test_a_scheduled_story_comes_when_its_time_comes_and_not_before():
    editor = staff_of()
    story = scheduled(editor)

    run_clock(LATER - HOUR)
    before = Release.objects.count()
    run_clock(LATER)

    made = Release.objects.get()
    story = Story.objects.get(pk=story.pk)
    assert before == 0
    assert (made.released_at, story.live, story.go_live_at, story.approved_schedule) == (LATER, True, None, False)
    assert states() == [("done", "")]


def test_a_story_that_fails_stops_no_other_and_says_why():
    editor = staff_of()
    first, second, third = scheduled(editor), scheduled(editor), scheduled(editor)
    killed_here = Story.objects.filter(pk=second.pk)
    killed_here.get().revisions.get(approved_go_live_at=LATER)
    revision = killed_here.get().latest_revision
    revision.content["summary"] = revision.content["body"] = ""
    revision.save()

    run_clock(LATER)

    assert states() == [
        ("done", ""),
        ("failed", "Not released yet. Missing: a summary or a body."),
        ("done", ""),
    ]
    assert {each.item.uri for each in Release.objects.select_related("item")} == {first.uri, third.uri}
    second = Story.objects.get(pk=second.pk)
    assert (second.live, second.approved_schedule, second.get_lock()) == (False, False, None)


def test_the_clock_publishes_by_the_right_of_the_one_who_scheduled():
    editor = staff_of()
    story = scheduled(editor)
    actions.dismiss(user=editor, desk=story.desk, by=editor.actor, at=NOON)

    run_clock(LATER)

    assert states() == [("failed", "This story belongs to a desk where you have no role.")]
    assert Release.objects.count() == 0


def test_scheduling_needs_the_right_to_publish_and_a_finished_story():
    with pytest.raises(NotYours):
        scheduled(staff_of(role=Role.WRITER))
    with pytest.raises(Unfinished):
        scheduled(staff_of(), body="", summary="")
    assert Schedule.objects.count() == 0


def test_scheduling_ones_own_text_needs_a_second_person_where_the_desk_wants_one():
    desk = a_desk("finance")
    DeskSettings.objects.create(desk=desk, two_person=True)
    author, other = staff_of(desk), staff_of(desk)
    story = a_story(author, desk=desk)

    with pytest.raises(SecondPersonNeeded):
        actions.schedule(story=story, by=author, due_at=LATER, at=NOON)
    actions.schedule(story=story, by=other, due_at=LATER, at=NOON)
    run_clock(LATER)
    assert Release.objects.count() == 1


def test_a_cancelled_schedule_publishes_nothing():
    editor = staff_of()
    story = scheduled(editor)

    with pytest.raises(NotYours):
        actions.cancel_schedule(story=story, by=staff_of(role=Role.WRITER), at=NOON)
    actions.cancel_schedule(story=story, by=editor, at=NOON)
    run_clock(LATER)

    assert states() == [("cancelled", "")]
    assert Release.objects.count() == 0
    assert Story.objects.get(pk=story.pk).get_lock() is None


def test_scheduling_again_replaces_the_former_time():
    editor = staff_of()
    story = scheduled(editor)
    actions.schedule(story=story, by=editor, due_at=LATER + HOUR, at=NOON)

    run_clock(LATER)
    early = Release.objects.count()
    run_clock(LATER + HOUR)

    assert (early, states()) == (0, [("cancelled", ""), ("done", "")])


def test_publishing_now_settles_what_was_scheduled():
    editor = staff_of()
    story = scheduled(editor)
    draft = story.get_latest_revision_as_object()
    draft.go_live_at = None
    draft.save_revision(user=editor)

    actions.publish(story=story, by=editor, at=NOON)
    run_clock(LATER)

    assert (Release.objects.count(), states()) == (1, [("done", "")])


def test_withholding_cancels_what_was_scheduled():
    editor = staff_of()
    story = a_story(editor)
    actions.publish(story=story, by=editor, at=NOON)
    actions.schedule(story=story, by=editor, due_at=LATER, at=NOON)

    actions.withhold(story=story, by=editor, note="Wait.", at=NOON)
    run_clock(LATER)

    assert states() == [("cancelled", "")]
    assert list(Release.objects.order_by("version").values_list("signal", flat=True)) == ["new", "withhold"]


def test_a_live_story_stays_as_it_is_until_its_scheduled_update():
    editor = staff_of()
    story = a_story(editor, summary="Now.")
    actions.publish(story=story, by=editor, at=NOON)
    actions.edit(story=story, by=editor, summary="Later.")
    actions.schedule(story=story, by=editor, due_at=LATER, at=NOON)
    meanwhile = Story.objects.get(pk=story.pk)

    run_clock(LATER)

    assert (meanwhile.live, meanwhile.summary) == (True, "Now.")
    assert Story.objects.get(pk=story.pk).summary == "Later."


def test_wagtails_own_clock_publishes_nothing_that_is_not_ours_to_publish():
    editor = staff_of()
    story = a_story(editor)
    revision = story.get_latest_revision()
    revision.approved_go_live_at = NOON
    revision.save(update_fields=["approved_go_live_at"])

    with pytest.raises(NotApproved):
        call_command("publish_scheduled")
    assert Release.objects.count() == 0


def test_the_alarm_clock_starts_one_task_for_each_story(monkeypatch, django_capture_on_commit_callbacks):
    editor = staff_of()
    scheduled(editor), scheduled(editor)
    monkeypatch.setattr(tasks, "now", lambda: LATER)
    started = []
    monkeypatch.setattr(tasks.publish_scheduled, "apply_async", lambda kwargs: started.append(kwargs["schedule_id"]))

    with django_capture_on_commit_callbacks(execute=True):
        tasks.publish_due()
    for pk in started:
        tasks.publish_scheduled(schedule_id=pk)

    assert started == list(Schedule.objects.order_by("pk").values_list("pk", flat=True))
    assert states() == [("done", ""), ("done", "")]

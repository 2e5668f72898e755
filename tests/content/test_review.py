"""Draft, review, wire: who approves, and what approval publishes."""

import pytest
from wagtail.models import TaskState

from newsroom.content import actions
from newsroom.content.models import DeskSettings, Story
from newsroom.content.rules import NotApproved, NotYours, Role, SecondPersonNeeded
from newsroom.core.errors import Refused
from newsroom.wire.models import Release
from tests.factories import a_desk, a_story, staff_of

pytestmark = pytest.mark.django_db


def reviewable(user) -> list[str]:
    return [state.revision.object_str for state in TaskState.objects.reviewable_by(user)]


def test_a_writer_submits_and_an_editor_of_the_desk_approves_which_publishes():
    writer, editor = staff_of(role=Role.WRITER), staff_of()
    story = a_story(writer)

    actions.submit(story=story, by=writer)
    waiting = (reviewable(editor), reviewable(writer), reviewable(staff_of(a_desk("sport"))))
    actions.approve(story=story, by=editor)

    assert waiting == ([story.headline], [], [])
    assert Release.objects.get().headline == story.headline
    assert Story.objects.get(pk=story.pk).current_workflow_state is None


def test_the_approved_revision_is_published_and_not_the_latest():
    writer, editor = staff_of(role=Role.WRITER), staff_of()
    story = a_story(writer, summary="Approved words.")
    actions.submit(story=story, by=writer)
    actions.edit(story=story, by=writer, summary="Words slipped in afterwards.")

    actions.approve(story=story, by=editor)

    assert Release.objects.get().summary == "Approved words."
    story = Story.objects.get(pk=story.pk)
    assert (story.summary, story.has_unpublished_changes) == ("Approved words.", True)


def test_a_writer_and_a_strangers_editor_cannot_approve():
    writer, stranger = staff_of(role=Role.WRITER), staff_of(a_desk("sport"))
    story = a_story(writer)
    actions.submit(story=story, by=writer)

    for somebody in (writer, stranger):
        with pytest.raises(NotYours):
            actions.approve(story=story, by=somebody)
    assert Release.objects.count() == 0
    assert Story.objects.get(pk=story.pk).workflow_in_progress


def test_on_a_desk_of_two_persons_an_editor_cannot_approve_their_own_text():
    desk = a_desk("finance")
    DeskSettings.objects.create(desk=desk, two_person=True)
    author, other = staff_of(desk), staff_of(desk)
    story = a_story(author, desk=desk)
    actions.submit(story=story, by=author)

    with pytest.raises(SecondPersonNeeded):
        actions.approve(story=story, by=author)
    actions.approve(story=story, by=other)
    assert Release.objects.count() == 1


def test_changes_requested_and_submitted_again():
    writer, editor = staff_of(role=Role.WRITER), staff_of()
    story = a_story(writer)
    actions.submit(story=story, by=writer)
    with pytest.raises(Refused, match="in review already"):
        actions.submit(story=story, by=writer)

    with pytest.raises(NotYours):
        actions.request_changes(story=story, by=writer, comment="No")
    actions.request_changes(story=story, by=editor, comment="Shorter, please.")
    back = reviewable(editor)
    actions.edit(story=story, by=writer, summary="Shorter.")
    actions.submit(story=story, by=writer)
    actions.approve(story=story, by=editor)

    assert back == []
    assert Release.objects.get().summary == "Shorter."


def test_publishing_directly_ends_the_review():
    writer, editor = staff_of(role=Role.WRITER), staff_of()
    story = a_story(writer)
    actions.submit(story=story, by=writer)

    actions.publish(story=story, by=editor, at=story.created_at)

    assert Story.objects.get(pk=story.pk).current_workflow_state is None
    with pytest.raises(NotApproved):
        actions.approve(story=story, by=editor)


def test_while_in_review_only_reviewers_may_edit():
    writer, editor = staff_of(role=Role.WRITER), staff_of()
    story = a_story(writer)
    actions.submit(story=story, by=writer)

    lock = Story.objects.get(pk=story.pk).get_lock()

    assert (lock.for_user(writer), lock.for_user(editor)) == (True, False)

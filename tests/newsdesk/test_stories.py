"""Writing and releasing in Wagtail's admin."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import TaskState
from wagtail.test.utils.form_data import inline_formset

from newsroom.content import actions
from newsroom.content.models import DeskSettings, Schedule, Story
from newsroom.content.rules import Role
from newsroom.wire.models import Release
from newsroom.wire.rules import Signal
from newsroom.wire.sanitise import clean_html
from tests.factories import a_desk, a_story, a_topic, picture_bytes, staff_of
from tests.newsdesk.writing import LIST, a_form, said, url

pytestmark = pytest.mark.django_db


def test_a_writer_writes_a_draft_that_reaches_nobody(at_desk):
    desk = a_desk()
    client = at_desk(staff_of(desk, Role.WRITER))

    page = client.get(url("add"))
    response = client.post(url("add"), a_form(desk))

    story = Story.objects.get()
    assert page.status_code == 200
    assert response.url == url("edit", story.pk)
    assert (story.headline, story.live) == ("Bridge opens", False)
    assert clean_html(story.body) == "<p>The bridge opened at noon.</p>"
    assert Release.objects.count() == 0


def test_an_editor_publishes_with_topics_and_a_picture(at_desk):
    desk, editor, sport = a_desk(), staff_of(), a_topic()
    image = actions.add_picture(name="a.jpg", content=picture_bytes(), credit="P. Photographer", alt="A bridge")
    form = a_form(
        desk,
        **{
            "action-publish": "yes",
            "pictures": inline_formset([{"image": image.pk, "alt": "The bridge", "caption": "At noon", "credit": ""}]),
            "story_topics": inline_formset([{"topic": sport.pk}]),
        },
    )

    response = at_desk(editor).post(url("add"), form)

    assert response.status_code == 302
    made = Release.objects.get()
    assert (made.headline, made.signal, made.topics) == ("Bridge opens", Signal.NEW, [sport.code])
    assert [each["credit"] for each in made.pictures] == ["P. Photographer"]


def test_a_writer_who_forces_publish_has_a_draft_and_no_release(at_desk):
    desk = a_desk()
    writer = staff_of(desk, Role.WRITER)
    story = a_story(writer)

    response = at_desk(writer).post(
        url("edit", story.pk), a_form(desk, **{"action-publish": "yes", "summary": "Changed."}), follow=True
    )

    assert Release.objects.count() == 0
    assert Story.objects.get(pk=story.pk).summary == "Changed."
    assert "published" not in " ".join(said(response))


def test_a_refusal_says_why_and_keeps_the_draft(at_desk):
    desk = a_desk("finance")
    DeskSettings.objects.create(desk=desk, two_person=True)
    author = staff_of(desk)

    response = at_desk(author).post(url("add"), a_form(desk, **{"action-publish": "yes"}), follow=True)

    assert said(response) == ["On this desk somebody else must publish what you wrote. Send it to review."]
    assert (Story.objects.count(), Release.objects.count()) == (1, 0)


def test_submit_and_approve_with_an_edit_on_the_way(at_desk):
    desk = a_desk()
    writer, editor = staff_of(desk, Role.WRITER), staff_of(desk)
    story = a_story(writer)
    at_desk(writer).post(url("edit", story.pk), a_form(desk, **{"action-submit": "yes"}))
    in_review = Story.objects.get(pk=story.pk).workflow_in_progress
    locked = at_desk(writer).post(url("edit", story.pk), a_form(desk, summary="Slipped in."), follow=True)

    at_desk(editor).post(
        url("edit", story.pk),
        a_form(desk, summary="As edited.", **{"action-workflow-action": "yes", "workflow-action-name": "approve"}),
    )

    assert in_review
    assert said(locked) == ["The story could not be saved as it is locked"]
    assert Release.objects.get().summary == "As edited."


def test_approving_from_the_dashboard_publishes_and_a_refusal_says_why(at_desk):
    desk = a_desk("finance")
    DeskSettings.objects.create(desk=desk, two_person=True)
    author, other = staff_of(desk), staff_of(desk)
    story = a_story(author, desk=desk)
    actions.submit(story=story, by=author)
    approve = url("workflow_action", story.pk, "approve", TaskState.objects.get().pk)

    refused = at_desk(author).post(approve, {"comment": ""}, follow=True)
    assert said(refused) == ["On this desk somebody else must publish what you wrote. Send it to review."]
    assert Release.objects.count() == 0
    at_desk(other).post(approve, {"comment": ""})
    assert Release.objects.count() == 1


def test_publishing_for_a_moment_to_come_is_a_schedule_that_can_be_cancelled(at_desk):
    desk, editor = a_desk(), staff_of()
    due = (timezone.localtime(timezone.now()) + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    client = at_desk(editor)

    client.post(url("add"), a_form(desk, **{"action-publish": "yes", "go_live_at": due}))
    story = Story.objects.get()
    waiting = Schedule.objects.get()
    page = client.get(url("edit", story.pk))
    client.post(url("revisions_unschedule", story.pk, waiting.revision_id))

    assert (waiting.state, waiting.by, Release.objects.count()) == ("waiting", editor, 0)
    assert page.status_code == 200
    assert Schedule.objects.get().state == "cancelled"
    assert Story.objects.get().get_lock() is None


def test_a_moment_that_has_passed_is_refused(at_desk):
    response = at_desk(staff_of()).post(url("add"), a_form(a_desk(), go_live_at="2020-01-01 10:00"))

    assert response.context["form"].errors["go_live_at"] == ["This moment has passed."]
    assert Story.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"desk": ""}, "desk"),
        ({"headline": "x" * 301}, "headline"),
        ({"summary": "x" * 4001}, "summary"),
        ({"urgency": "10"}, "urgency"),
        ({"language": "English, please"}, "language"),
        ({"desk": "999999"}, "desk"),
        ({"embargo_until": "soon"}, "embargo_until"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(at_desk, facts, field):
    response = at_desk(staff_of()).post(url("add"), a_form(a_desk(), **facts))

    assert list(response.context["form"].errors) == [field]
    assert Story.objects.count() == 0


def test_a_draft_may_lack_its_headline_and_a_release_may_not(at_desk):
    client = at_desk(staff_of())

    client.post(url("add"), a_form(a_desk(), headline=""))
    listed = client.get(LIST)
    refused = client.post(
        url("edit", Story.objects.get().pk), a_form(a_desk(), headline="", **{"action-publish": "yes"}), follow=True
    )

    assert b"(no headline yet)" in listed.content
    assert said(refused) == ["The story could not be saved due to errors."]
    assert Release.objects.count() == 0


def test_script_and_mixed_direction_are_shown_as_text(at_desk):
    editor = staff_of()
    story = a_story(editor, headline="<script>alert(1)</script> \u202eevil", summary="مرحبا <img src=x onerror=x()>")
    client = at_desk(editor)

    pages = [
        client.get(LIST),
        client.get(url("edit", story.pk)),
        client.get("/desk/"),
        client.get(url("history", story.pk)),
    ]

    for page in pages:
        assert b"<script>alert(1)</script>" not in page.content
        assert b"<img src=x" not in page.content


def test_a_body_the_editor_cannot_hold_is_shown_as_html_and_kept(at_desk):
    desk, editor = a_desk(), staff_of()
    table = "<p>Table:</p><table><tr><td>42</td></tr></table>"
    story = a_story(editor, body=table)
    client = at_desk(editor)

    page = client.get(url("edit", story.pk))
    client.post(url("edit", story.pk), a_form(desk, body=table, summary="Touched."))

    assert b"such as tables" in page.content
    assert Story.objects.get(pk=story.pk).body == table


def test_an_autosave_does_not_write_over_what_is_in_review():
    writer, editor = staff_of(), staff_of()
    story = a_story(writer)
    actions.submit(story=story, by=writer)
    submitted = Story.objects.get(pk=story.pk).latest_revision
    draft = Story.objects.get(pk=story.pk).get_latest_revision_as_object()
    draft.summary = "Autosaved afterwards."

    saved = draft.save_revision(user=writer, overwrite_revision=submitted)
    actions.approve(story=story, by=editor)

    assert saved.pk != submitted.pk
    assert Release.objects.get().summary == "A new bridge is open to traffic."


# Who sees what.

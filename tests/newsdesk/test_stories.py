"""Writing and releasing in Wagtail's admin."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from newsroom.content import actions
from newsroom.content.models import DeskSettings, Picture, Schedule, Story
from newsroom.content.rules import Role
from newsroom.wire.models import Release
from newsroom.wire.rules import Signal
from newsroom.wire.sanitise import clean_html
from tests.factories import NOON, a_desk, a_story, a_topic, picture_bytes, staff_of

pytestmark = pytest.mark.django_db
LIST = "/desk/snippets/content/story/"


def url(name: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_content_story:{name}", args=args)


def a_form(of_desk, **facts: Any) -> dict[str, Any]:
    values = {
        "desk": of_desk.pk,
        "language": "en",
        "urgency": "4",
        "headline": "Bridge opens",
        "summary": "A new bridge is open.",
        "body": rich_text("<p>The bridge opened at noon.</p>"),
        "slugline": "",
        "genre": "",
        "byline": "",
        "dateline": "",
        "place": "",
        "note": "",
        "internal_note": "",
        "public_tier": "1",
        "embargo_until": "",
        "usage_terms": "",
        "go_live_at": "",
        "pictures": inline_formset([]),
        "story_topics": inline_formset([]),
    }
    return nested_form_data(values | facts)


def said(response) -> list[str]:
    return [str(message).strip() for message in response.context["messages"]]


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

ROUTES = ["edit", "history", "delete", "unpublish", "preview_on_edit", "lock", "workflow_history", "history_results"]


@pytest.mark.parametrize("route", ROUTES)
def test_staff_of_another_desk_reach_no_page_of_a_story(at_desk, route):
    story = a_story(staff_of(), headline="zebrawood")
    stranger = at_desk(staff_of(a_desk("sport"), Role.CHIEF))

    response = stranger.get(url(route, story.pk), follow=True)

    assert response.redirect_chain == [("/desk/", 302)]
    assert b"zebrawood" not in response.content


@pytest.mark.parametrize("route", ["revisions_view", "revisions_revert"])
def test_staff_of_another_desk_reach_no_revision(at_desk, route):
    story = a_story(staff_of(), headline="zebrawood")
    stranger = at_desk(staff_of(a_desk("sport"), Role.CHIEF))

    response = stranger.get(url(route, story.pk, story.latest_revision_id), follow=True)
    compared = stranger.get(url("revisions_compare", story.pk, "earliest", "latest"), follow=True)

    assert b"zebrawood" not in response.content + compared.content
    assert (response.redirect_chain, compared.redirect_chain) == ([("/desk/", 302)], [("/desk/", 302)])


def test_lists_and_the_first_page_hold_stories_of_ones_own_desks_only(at_desk):
    editor = staff_of()
    story = a_story(editor, headline="zebrawood", summary="")
    actions.publish(story=story, by=editor, at=NOON)
    a_story(editor, headline="zebrawood draft")
    stranger, insider = at_desk(staff_of(a_desk("sport"), Role.CHIEF)), at_desk(editor)

    for page in (LIST, f"{LIST}?q=zebrawood", "/desk/"):
        assert b"zebrawood" not in stranger.get(page).content.replace(b'value="zebrawood"', b"")
        assert b"zebrawood" in insider.get(page).content.replace(b'value="zebrawood"', b"")


def test_the_list_finds_words_of_the_body_and_filters(at_desk):
    editor = staff_of()
    one = a_story(editor, headline="First", body="<p>Persimmon trees.</p>", language="tr")
    two = a_story(editor, headline="Second", summary="")
    actions.publish(story=two, by=editor, at=NOON)
    client = at_desk(editor)

    def shown(query: str) -> list[Story]:
        return list(client.get(f"{LIST}?{query}").context["object_list"])

    assert shown("q=persimmon") == [one]
    assert shown("q=nothing") == []
    assert shown("language=tr") == [one]
    assert shown("state=draft") == [one]
    assert shown("state=live") == [two]
    assert shown("headline_only=true") == [two]
    assert shown("headline_only=false") == [one]


def test_the_list_asks_the_same_few_queries_for_one_story_and_for_three(at_desk):
    editor = staff_of()
    client = at_desk(editor)
    a_story(editor)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    a_story(editor), a_story(editor)
    with CaptureQueriesContext(connection) as three:
        client.get(LIST)

    assert len(three) == len(one)


def test_a_released_story_has_no_delete_page_and_a_killed_one_no_edit(at_desk):
    chief = staff_of(role=Role.CHIEF)
    story = a_story(chief)
    actions.publish(story=story, by=chief, at=NOON)
    client = at_desk(chief)

    client.post(url("delete", story.pk))
    actions.kill(story=story, by=chief, note="Wrong.", at=NOON)
    edited = client.get(url("edit", story.pk), follow=True)

    assert Story.objects.filter(pk=story.pk).exists()
    assert edited.redirect_chain == [("/desk/", 302)]


# Deeds.


def test_a_correction_goes_out_with_its_note(at_desk):
    editor = staff_of()
    story = a_story(editor)
    actions.publish(story=story, by=editor, at=NOON)
    actions.edit(story=story, by=editor, summary="Right.")
    client = at_desk(editor)
    deed = reverse("newsdesk:deed", args=[story.pk, "correction"])

    page = client.get(deed)
    empty = client.post(deed, {"note": ""})
    done = client.post(deed, {"note": "It was wrong."})

    made = Release.objects.get(is_head=True)
    assert page.status_code == 200
    assert empty.context["form"].errors == {"note": ["This field is required."]}
    assert done.url == url("edit", story.pk)
    assert (made.signal, made.summary, made.note) == (Signal.CORRECTION, "Right.", "It was wrong.")


def test_withholding_and_killing_ask_for_a_note_and_the_right_role(at_desk):
    editor, chief = staff_of(), staff_of(role=Role.CHIEF)
    story = a_story(editor)
    actions.publish(story=story, by=editor, at=NOON)
    withhold, kill = (reverse("newsdesk:deed", args=[story.pk, deed]) for deed in ("withhold", "kill"))

    unpublish = at_desk(editor).get(url("unpublish", story.pk))
    at_desk(editor).post(withhold, {"note": "Wait."})
    refused = at_desk(editor).post(kill, {"note": "Gone.", "sure": "on"}, follow=True)
    not_sure = at_desk(chief).post(kill, {"note": "Gone."})
    at_desk(chief).post(kill, {"note": "Gone.", "sure": "on"})

    assert unpublish.url == withhold
    assert refused.redirect_chain == [("/desk/", 302)]
    assert not_sure.context["form"].errors == {"sure": ["This field is required."]}
    assert list(Release.objects.order_by("version").values_list("signal", "note")) == [
        (Signal.NEW, ""),
        (Signal.WITHHOLD, "Wait."),
        (Signal.KILL, "Gone."),
    ]


def test_what_the_wire_refuses_is_said_on_the_form(at_desk):
    chief = staff_of(role=Role.CHIEF)
    story = a_story(chief)
    actions.publish(story=story, by=chief, at=NOON)
    actions.kill(story=story, by=chief, note="Wrong.", at=NOON)

    response = at_desk(chief).post(reverse("newsdesk:deed", args=[story.pk, "withhold"]), {"note": "Again."})

    assert response.context["form"].non_field_errors() == ["This story was killed. A kill is final."]


@pytest.mark.parametrize("deed", ["new", "update", "nonsense"])
def test_there_is_no_form_for_other_deeds(at_desk, deed):
    story = a_story(staff_of())

    assert at_desk(staff_of()).get(f"/desk/stories/{story.pk}/{deed}/").status_code == 404


# Previews.


def test_the_preview_for_everybody_has_no_body_and_that_of_a_subscriber_has(at_desk):
    editor = staff_of()
    image = actions.add_picture(name="a.jpg", content=picture_bytes(), credit="Credited", alt="Alternative")
    story = a_story(
        editor,
        body="<p>Full words.</p><script>alert(1)</script>",
        internal_note="Never leaves.",
        pictures=[actions.PictureOf(image, caption="Captioned")],
    )
    client = at_desk(editor)
    preview = url("revisions_view", story.pk, story.latest_revision_id)

    everybody, subscriber = (
        client.get(f"{preview}?mode={mode}").content.decode() for mode in ("everybody", "subscriber")
    )

    secrets = ["Full words.", "Captioned", "Alternative"]
    assert [word in everybody for word in ["A new bridge is open", "Credited", *secrets]] == [True, True] + [False] * 3
    assert [word in subscriber for word in ["A new bridge is open", "Credited", *secrets]] == [True] * 5
    assert "alert(1)" not in subscriber + everybody
    assert "Never leaves." not in subscriber + everybody


def test_the_preview_of_an_edit_shows_what_was_not_saved_yet(at_desk):
    desk, editor = a_desk(), staff_of()
    story = a_story(editor)
    client = at_desk(editor)

    answer = client.post(url("preview_on_edit", story.pk), a_form(desk, headline="Not saved yet"))
    shown = client.get(f"{url('preview_on_edit', story.pk)}?mode=everybody")

    assert answer.json() == {"is_valid": True, "is_available": True}
    assert b"Not saved yet" in shown.content
    assert "frame-ancestors" not in shown.headers.get("Content-Security-Policy", "")
    assert Story.objects.get(pk=story.pk).headline == story.headline


def test_a_story_for_licence_holders_alone_shows_nothing_to_everybody(at_desk):
    editor = staff_of()
    story = a_story(editor, public_tier=0)
    preview = url("revisions_view", story.pk, story.latest_revision_id)

    page = at_desk(editor).get(f"{preview}?mode=everybody").content.decode()

    assert "without a licence nobody learns of it" in page
    assert "A new bridge is open" not in page


# Wagtail's own tools.


def test_a_lock_keeps_others_out_until_it_is_lifted(at_desk):
    desk, one, other = a_desk(), staff_of(), staff_of()
    story = a_story(one)
    at_desk(one).post(url("lock", story.pk))

    refused = at_desk(other).post(url("edit", story.pk), a_form(desk, summary="Mine."), follow=True)
    at_desk(one).post(url("unlock", story.pk))
    at_desk(other).post(url("edit", story.pk), a_form(desk, summary="Mine."))

    assert said(refused) == ["The story could not be saved as it is locked"]
    assert Story.objects.get(pk=story.pk).summary == "Mine."


def test_two_drafts_are_compared_field_by_field(at_desk):
    editor = staff_of()
    story = a_story(editor, summary="Before the storm.")
    actions.edit(story=story, by=editor, summary="After the storm.")

    page = at_desk(editor).get(url("revisions_compare", story.pk, "earliest", "latest")).content.decode()

    assert ('<span class="deletion">Before</span>' in page, '<span class="addition">After</span>' in page) == (
        True,
        True,
    )


def test_the_history_tells_of_releases_and_of_what_was_taken_back(at_desk):
    editor = staff_of()
    story = a_story(editor)
    actions.publish(story=story, by=editor, at=NOON)
    actions.withhold(story=story, by=editor, note="Under review.", at=NOON)

    page = at_desk(editor).get(url("history", story.pk)).content.decode()

    assert ("Published" in page, "Withheld: Under review." in page) == (True, True)


def test_there_is_no_way_to_copy_a_story_past_the_checks(at_desk):
    story = a_story(staff_of())

    assert not hasattr(story, "copy_for_translation")
    assert at_desk(staff_of()).get(f"{LIST}copy/{story.pk}/").status_code == 404


def test_a_picture_in_a_story_cannot_be_deleted_from_the_library(at_desk):
    editor = staff_of()
    image = actions.add_picture(name="a.jpg", content=picture_bytes(), credit="P", alt="A bridge", by=editor)
    unused = actions.add_picture(name="b.jpg", content=picture_bytes("red"), credit="P", by=editor)
    a_story(editor, pictures=[actions.PictureOf(image)])
    client = at_desk(editor)

    refused = client.post(f"/desk/images/{image.pk}/delete/", follow=True)
    client.post(f"/desk/images/{unused.pk}/delete/")

    assert said(refused) == ["This picture is in a story and cannot be deleted."]
    assert list(Picture.objects.all()) == [image]

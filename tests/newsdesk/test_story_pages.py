"""A story's other pages: whose they are, the list, the deeds, previews, locks and history."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.content import actions
from newsroom.content.models import Picture, Story
from newsroom.content.rules import Role
from newsroom.wire.models import Release
from newsroom.wire.rules import Signal
from tests.factories import NOON, a_desk, a_story, picture_bytes, staff_of
from tests.newsdesk.writing import LIST, a_form, said, url

pytestmark = pytest.mark.django_db


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

"""The newsroom's own doors: what is being written stays with those who write it, until its second."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from newsroom.content import actions as content
from newsroom.content.models import Picture, Schedule
from newsroom.content.rules import Role
from newsroom.content.tasks import publish_scheduled
from newsroom.core.audit import SYSTEM
from tests.factories import NOON, staff_of
from tests.leaks.canaries import BODY, Kind, new_word
from tests.leaks.readers import BY_NAME
from tests.leaks.states import LIFTS_AT, Writer
from tests.leaks.world import World, after_commit, at, empty_cache
from tests.leaks.world import body_of as read

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("desk")]
PUBLIC_PAGES = (
    "/",
    "/section/world/",
    "/topic/medtop-15000000/",
    "/feeds/latest.atom",
    "/news-sitemap.xml",
    "/search/",
)


def out(world: World, state: str, moment: datetime) -> set[Kind]:
    """What the public's pages tell of this story at that moment."""
    empty_cache()
    with at(moment):
        anonymous = world.browser(BY_NAME["anonymous"])
        pages = [world.found_in(anonymous.get(path)) for path in PUBLIC_PAGES]
    return {mark.kind for found in pages for mark in found if mark.story == state}


def test_a_scheduled_story_is_out_at_its_second_and_not_before(world: World):
    schedule = Schedule.objects.get(story_id=world.stories["scheduled"].story_id)
    for moment, expected in ((LIFTS_AT - timedelta(seconds=1), False), (LIFTS_AT, True)):
        with at(moment):
            publish_scheduled(schedule_id=schedule.pk)
            after_commit()
        assert (Kind.HEADLINE in out(world, "scheduled", moment)) == expected
    assert out(world, "scheduled", LIFTS_AT).isdisjoint(BODY)


def test_an_internal_note_never_leaves_the_desk(world: World):
    writer = Writer(world.desk, world.topic, world.planted)
    _story, told = writer.live("fresh from the desk")
    after_commit()
    empty_cache()
    with at(NOON):
        for name in ("anonymous", "licensed", "comp"):
            response = world.browser(BY_NAME[name]).get(f"/story/{told.slug}/")
            kinds = {mark.kind for mark in world.found_in(response) if mark.story == told.state}
            assert Kind.HEADLINE in kinds
            assert kinds.isdisjoint({Kind.INTERNAL, Kind.FILE, Kind.METADATA})


def test_who_is_dismissed_is_out_with_the_next_request(world: World):
    person = staff_of(world.desk, Role.CHIEF, is_staff=True)
    image = Picture.objects.get(title__startswith=world.stories["draft"].words[Kind.FILE])
    story_id = world.stories["draft"].story_id
    paths = (
        f"/desk/snippets/content/story/edit/{story_id}/",
        f"/desk/pictures/file/{image.file.name}",
        f"/desk/images/{image.pk}/",
        "/desk/snippets/content/story/",
    )
    with at(NOON):
        browser = world.browser(BY_NAME["anonymous"])
        browser.force_login(person)
        before = [browser.get(path) for path in paths]
        assert [(response.status_code, bool(read(response))) for response in before] == [(200, True)] * 4
        content.dismiss(user=person, desk=world.desk, by=SYSTEM, at=NOON)
        after = [browser.get(path) for path in paths]
    assert {response.status_code for response in after} <= {302, 403, 404}
    assert {mark.kind for response in after for mark in world.found_in(response)} <= {Kind.FILE}  # its own address


def test_what_one_person_previews_is_shown_to_no_other(world: World):
    word, body = new_word(), new_word()
    story = world.stories["draft"]
    form = nested_form_data(
        {
            "desk": world.desk.pk, "language": "en", "urgency": "4", "headline": f"Preview {word}", "summary": "",
            "body": rich_text(f"<p>{body}</p>"), "slugline": "", "genre": "", "byline": "", "dateline": "", "place": "",
            "note": "", "internal_note": "", "public_tier": "1", "embargo_until": "", "usage_terms": "", "go_live_at": "",
            "pictures": inline_formset([]), "story_topics": inline_formset([]),
        }
    )  # fmt: skip
    path = reverse("wagtailsnippets_content_story:preview_on_edit", args=[story.story_id])
    with at(NOON):
        mine = world.browser(BY_NAME["editor of the desk"])
        assert mine.post(path, form).json() == {"is_valid": True, "is_available": True}
        shown = read(mine.get(f"{path}?mode=subscriber"))
        assert (word.encode() in shown, body.encode() in shown, b"noindex" in shown) == (True, True, True)
        assert body.encode() not in read(mine.get(f"{path}?mode=everybody"))
        for name in ("editor of another desk", "staff without a desk", "sales", "licensed", "anonymous"):
            page = read(world.browser(BY_NAME[name]).get(f"{path}?mode=subscriber"))
            assert word.encode() not in page
            assert body.encode() not in page


def test_the_desk_is_kept_by_no_cache_and_shown_in_no_frame_of_others(world: World):
    with at(NOON):
        browser = world.browser(BY_NAME["editor of the desk"])
        story_id = world.stories["draft"].story_id
        for path in ("/desk/", "/desk/snippets/content/story/", f"/desk/snippets/content/story/edit/{story_id}/"):
            response = browser.get(path)
            assert response.status_code == 200
            assert any(word in response.headers["Cache-Control"] for word in ("no-store", "private"))
            assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_desks_own_way_in_is_the_sites(world: World):
    with at(NOON):
        response = world.browser(BY_NAME["anonymous"]).get("/desk/login/")
    assert (response.status_code, response.headers["Location"]) == (302, "/account/login/")

"""Who gets in, by which door, and what is closed to everybody."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from newsroom.content import actions
from newsroom.content.models import DeskRole, DeskSettings
from newsroom.content.rules import Role
from newsroom.newsdesk.actions import FINANCE, SALES
from newsroom.wire import actions as wire
from tests.factories import NOON, a_desk, a_story, a_topic, a_user, picture_bytes, staff_of

pytestmark = pytest.mark.django_db


def one_of(group: str):
    user = a_user(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def test_nobody_enters_without_signing_in_at_our_own_door():
    for path in ("/desk/", "/desk/snippets/content/story/", "/desk/licences/", "/desk/pictures/file/a.jpg"):
        assert Client().get(path).url.startswith("/account/login/?next=/desk/")


def test_wagtails_own_sign_in_leads_to_ours_and_takes_no_password():
    user = staff_of()
    seen = Client().get("/desk/login/?next=/desk/")
    tried = Client().post("/desk/login/", {"username": user.email, "password": "correct-horse-9"})

    assert seen.url == "/account/login/?next=/desk/"
    assert (tried.status_code, tried.url) == (302, "/account/login/")
    assert "_auth_user_id" not in tried.client.session


def test_a_reader_does_not_get_in(at_desk):
    response = at_desk(a_user()).get("/desk/")

    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


@pytest.mark.parametrize(
    "path",
    [
        "pages/",
        "pages/1/",
        "pages/add/wagtailcore/page/1/",
        "documents/",
        "documents/add/",
        "choose-page/",
        "choose-page/1/",
        "choose-page/search/",
        "reports/site-history/",
        "workflows/list/",
        "users/",
        "groups/",
        "sites/",
        "collections/",
        "bulk/content/story/delete/",
        "bulk/content/picture/delete/",
        "password_reset/",
        "api/main/pages/",
        "snippets/",
        "snippets/choose/content/story/",
        "failwhale/",
    ],
)
def test_what_does_not_belong_here_is_closed_to_administrators_too(at_desk, path):
    administrator = a_user(is_staff=True, is_superuser=True)

    assert at_desk(administrator).get(f"/desk/{path}").status_code == 404


def test_the_menu_holds_what_a_person_may_do(at_desk):
    def menu(user) -> list[str]:
        page = at_desk(user).get("/desk/").content.decode()
        names = ("/desk/snippets/content/story/", "/desk/images/", "/desk/licences/", "/desk/products/", "/desk/audit/")
        shown = page[page.index("wagtail-sidebar-props") :]
        return [name for name in names if f'"url": "{name}"' in shown]

    assert menu(staff_of(role=Role.WRITER)) == ["/desk/snippets/content/story/", "/desk/images/"]
    assert menu(one_of(SALES)) == ["/desk/licences/", "/desk/products/"]
    assert menu(one_of(FINANCE)) == ["/desk/licences/", "/desk/products/", "/desk/audit/"]


def test_the_first_page_shows_what_waits(at_desk):
    writer, editor = staff_of(role=Role.WRITER), staff_of()
    waiting, draft, bare = a_story(writer), a_story(editor), a_story(editor, summary="")
    planned = a_story(editor)
    actions.submit(story=waiting, by=writer)
    actions.publish(story=bare, by=editor, at=NOON)
    actions.schedule(story=planned, by=editor, due_at=planned.created_at.replace(year=2099), at=NOON)

    panels = at_desk(editor).get("/desk/").context["panels"]

    shown = {each.name: [line.headline for line in each.lines] for each in panels}
    assert shown == {
        "reviews": [waiting.headline],
        "drafts": [planned.headline, draft.headline],
        "clock": [planned.headline],
        "flagged": [bare.headline],
        "wire": [bare.headline],
    }


def test_somebody_with_no_desk_sees_no_story_on_the_first_page(at_desk):
    editor = staff_of()
    story = a_story(editor)
    actions.publish(story=story, by=editor, at=NOON)

    page = at_desk(one_of(SALES)).get("/desk/")

    assert page.context["panels"] == []
    assert story.headline not in page.content.decode()


# Pictures.


def test_files_of_pictures_go_to_the_newsroom_and_to_no_cache(at_desk):
    image = actions.add_picture(name="a.jpg", content=picture_bytes(), credit="P", alt="A bridge")

    response = at_desk(staff_of()).get(image.file.url)

    assert b"".join(response.streaming_content) == picture_bytes()
    assert (response["Content-Type"], response["Cache-Control"]) == ("image/jpeg", "private, no-store")


@pytest.mark.parametrize("somebody", ["nobody", "reader", "sales"])
def test_files_of_pictures_go_to_nobody_else(at_desk, somebody):
    image = actions.add_picture(name="a.jpg", content=picture_bytes(), credit="P", alt="A bridge")
    clients = {"nobody": Client, "reader": lambda: at_desk(a_user()), "sales": lambda: at_desk(one_of(SALES))}

    response = clients[somebody]().get(image.file.url)

    assert response.status_code == 302
    assert picture_bytes() not in response.content


@pytest.mark.parametrize("name", ["nothing.jpg", "../vault/originals/x", "%2e%2e/%2e%2e/etc/passwd", "original_images"])
def test_a_name_outside_the_library_is_not_found(at_desk, name):
    storages["desk"].save("original_images/probe.txt", _text())

    assert at_desk(staff_of()).get(f"/desk/pictures/file/{name}").status_code == 404


def test_what_is_no_picture_is_never_shown_in_the_browser(at_desk):
    name = storages["desk"].save("original_images/page.html", _text())

    response = at_desk(staff_of()).get(f"/desk/pictures/file/{name}")

    assert (response["Content-Type"], response["Content-Disposition"][:10]) == (
        "application/octet-stream",
        "attachment",
    )
    response.close()


def _text():
    return ContentFile(b"<script>alert(1)</script>")


def test_the_library_and_its_choosers_show_thumbnails_by_the_private_address(at_desk):
    image = actions.add_picture(name="a.jpg", content=picture_bytes(), credit="P", alt="A bridge")
    client = at_desk(staff_of())

    library = client.get("/desk/images/").content.decode()
    chooser = client.get("/desk/images/chooser/").json()["html"]

    address = image.get_rendition("max-165x165").url
    assert address.startswith("/desk/pictures/file/")
    assert address in library
    assert address in chooser


# Topics.


def test_topics_are_found_by_name_the_nearest_first_and_retired_ones_not(at_desk):
    for number, name in enumerate(["air transport", "sport achievement", "drug use in sport", "sport"]):
        a_topic(f"medtop:1500000{number}", name)
    wire.add_topic(code="medtop:19", name="sports of old", names={}, parent=None, retired=True)
    client = at_desk(staff_of())

    page = client.get("/desk/topic_chooser/results/?q=sport")

    assert [str(each) for each in page.context["results"]] == [
        "sport",
        "sport achievement",
        "drug use in sport",
        "air transport",
    ]


# People.


def test_an_administrator_appoints_and_dismisses_through_the_deeds(at_desk):
    administrator = a_user(is_staff=True, is_superuser=True)
    person, desk = a_user(), a_desk()
    client = at_desk(administrator)

    client.post("/desk/deskrole/new/", {"user": person.pk, "desk": desk.pk, "role": "writer"})
    role = DeskRole.objects.get()
    client.post(f"/desk/deskrole/edit/{role.pk}/", {"user": person.pk, "desk": desk.pk, "role": "chief"})
    promoted = DeskRole.objects.get()
    entered = at_desk(person).get("/desk/").status_code
    client.post(f"/desk/deskrole/delete/{promoted.pk}/")

    assert (role.role, promoted.role, promoted.pk, entered) == ("writer", "chief", role.pk, 200)
    assert DeskRole.objects.count() == 0


def test_a_desk_is_told_to_want_two_persons(at_desk):
    desk = a_desk()

    at_desk(a_user(is_staff=True, is_superuser=True)).post(
        "/desk/desksettings/new/", {"desk": desk.pk, "two_person": "on"}
    )

    assert DeskSettings.objects.values_list("desk", "two_person").get() == (desk.pk, True)


def test_an_editor_appoints_nobody(at_desk):
    editor = staff_of()

    at_desk(editor).post("/desk/deskrole/new/", {"user": editor.pk, "desk": a_desk("sport").pk, "role": "chief"})

    assert DeskRole.objects.count() == 1

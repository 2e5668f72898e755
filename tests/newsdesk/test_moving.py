"""Moving in, takedowns and personal data at the desk."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from newsroom.accounts.models import Organisation
from newsroom.licensing.models import MoveIn, PersonRequest, Takedown
from newsroom.licensing.move_in import tasks
from newsroom.newsdesk.actions import ADMINISTRATION, SALES
from newsroom.wire.models import VaultEntry
from tests.factories import a_product, a_release, a_user, staff_of
from tests.licensing.move_in.files import ORGANISATIONS, house
from tests.newsdesk.test_reports import one_of

pytestmark = pytest.mark.django_db
PAGES = ["move-in/", "move-in/people.csv", "takedowns/", "takedowns/order/", "personal-data/"]


def uploads(**changed):
    return {name.removesuffix(".csv"): SimpleUploadedFile(name, raw) for name, raw in house(**changed).items()}


def an_administrator():
    user = a_user(is_staff=True)
    user.groups.add(Group.objects.get(name=ADMINISTRATION))
    return user


def test_files_are_tried_taken_in_and_taken_back(at_desk):
    a_product("sport")
    client = at_desk(one_of(SALES))

    tried = client.post("/desk/reports/move-in/", uploads() | {"try": "1"})
    nothing = Organisation.objects.count()
    begun = client.post("/desk/reports/move-in/", uploads() | {"begin": "1"})
    batch = MoveIn.objects.get()
    tasks.move_in(batch_id=batch.pk)
    page = client.get(begun.url)
    client.post(f"{begun.url}undo/", {"why": "Wrong files."})

    assert (tried.context["trial"].rows, tried.context["faults"], nothing) == (8, [], 0)
    assert (page.context["done"], page.context["good"]) == (8, 8)
    assert MoveIn.objects.get().state == "undone"


def test_errors_of_a_try_are_listed_and_stop_the_taking_in(at_desk):
    a_product("sport")
    client, bad = at_desk(one_of(SALES)), ORGANISATIONS + "A-3;Nowhere;XX\n"

    tried = client.post("/desk/reports/move-in/", uploads(organisations=bad) | {"try": "1"})
    begun = client.post("/desk/reports/move-in/", uploads(organisations=bad) | {"begin": "1"})
    none = client.post("/desk/reports/move-in/", {"try": "1"})

    assert tried.context["faults"] == [("organisations", 4, "country", "“XX” is no country of ISO 3166-1")]
    assert begun.context["form"].errors == {"skip_bad": ["1 of 9 rows have an error."]}
    assert none.context["form"].non_field_errors() == ["There is no file."]
    assert not MoveIn.objects.exists()


def test_an_order_needs_two_persons(at_desk):
    item = a_release().item
    first, second = an_administrator(), an_administrator()
    form = {"story": item.slug, "reference": "Court 1", "why": "x", "public_reason": "By order.", "status": "451"}

    at_desk(first).post("/desk/reports/takedowns/order/", form)
    order = Takedown.objects.get()
    alone = at_desk(first).post(f"/desk/reports/takedowns/{order.pk}/", {"why": "ok", "confirm": "1"})
    kept = VaultEntry.objects.exclude(body_html="").count()
    at_desk(second).post(f"/desk/reports/takedowns/{order.pk}/", {"why": "ok", "confirm": "1"})

    assert "two persons" in alone.context["form"].errors["why"][0]
    assert kept == 1
    assert not VaultEntry.objects.exclude(body_html="").exists()
    assert Takedown.objects.get().state == "done"


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"story": "nowhere"}, ["story"]),
        ({"version": "0"}, ["version"]),
        ({"version": "1"}, ["version"]),
        ({"public_reason": " "}, ["public_reason"]),
    ],
)
def test_an_order_that_cannot_be_is_refused_at_its_field(at_desk, change, fields):
    form = {"story": a_release().item.slug, "reference": "C", "why": "x", "public_reason": "y", "status": "410"}

    response = at_desk(an_administrator()).post("/desk/reports/takedowns/order/", form | change)

    assert list(response.context["form"].errors) == fields
    assert not Takedown.objects.exists()


def test_a_request_is_written_down_accepted_and_refused_with_a_reason(at_desk):
    user, client = a_user(), at_desk(an_administrator())

    there = client.post("/desk/reports/personal-data/", {"person": user.email.upper(), "kind": "erasure"}).url
    client.post(there, {"accept": "1"})
    waiting = PersonRequest.objects.get().state
    silent = client.post(there, {"refuse": "1"})
    client.post(there, {"refuse": "1", "why": "A dispute runs."})

    asked = PersonRequest.objects.get()
    assert (waiting, silent.context["form"].errors) == ("waiting", {"why": ["The person must be told why."]})
    assert (asked.state, asked.why) == ("refused", "A dispute runs.")
    assert user.name in client.get("/desk/reports/personal-data/").content.decode()


def test_what_must_be_settled_first_is_said(at_desk):
    person = staff_of()
    client = at_desk(an_administrator())
    there = client.post("/desk/reports/personal-data/", {"person": person.email, "kind": "erasure"}).url

    assert "works here" in client.post(there, {"accept": "1"}).context["form"].errors["why"][0]


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_for_those_who_may_and_for_nobody_else(at_desk, page):
    assert at_desk(an_administrator()).get(f"/desk/reports/{page}").status_code == 200
    assert at_desk(staff_of()).get(f"/desk/reports/{page}").status_code == 302

"""Granting, suspending and ending rights by hand; and the lists for reading only."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from newsroom.core.clock import now
from newsroom.core.models import AuditEntry
from newsroom.licensing.models import Licence
from newsroom.licensing.rules import Source
from newsroom.newsdesk.actions import FINANCE, SALES
from tests.factories import DAY, a_licence, a_product, a_release, a_user, an_organisation, staff_of

pytestmark = pytest.mark.django_db


def one_of(group: str):
    user = a_user(is_staff=True, name="Sam Seller")
    user.groups.add(Group.objects.get(name=group))
    return user


def a_form(**facts):
    values = {
        "person": "",
        "organisation": "",
        "source": "comp",
        "source_ref": "",
        "uses": ["read"],
        "starts_at": "2026-01-01 00:00",
        "ends_at": "",
        "clause": "May read everything.",
        "why": "A guest.",
        "seat_kind": "named",
        "rendition": "4",
        **{f"quota_{number}_period": "month" for number in (1, 2, 3)},
    }
    return {name: value for name, value in (values | facts).items() if value is not None}


def test_sales_grants_an_organisation_a_contract(at_desk):
    paper, product = an_organisation(), a_product()

    response = at_desk(one_of(SALES)).post(
        "/desk/licences/grant/",
        a_form(
            organisation=paper.pk,
            source="contract",
            source_ref="C-1",
            uses=["read", "publish"],
            products=[product.pk],
            ends_at="2026-12-31 23:59",
        ),
    )

    licence = Licence.objects.get()
    said = licence.versions.get()
    assert response.url == f"/desk/licences/{licence.pk}/"
    assert (licence.source, licence.source_ref, licence.organisation) == (Source.CONTRACT, "C-1", paper)
    assert (said.uses, said.all_products, said.product_ids, said.clause, said.why) == (
        ["publish", "read"],
        False,
        [product.pk],
        "May read everything.",
        "A guest.",
    )
    assert AuditEntry.objects.get(action="licence.started").actor_label == "Sam Seller"


def test_sales_gives_a_person_a_complimentary_licence_for_everything(at_desk):
    person = a_user()

    at_desk(one_of(SALES)).post("/desk/licences/grant/", a_form(person=person.email.upper(), all_products="on"))

    licence = Licence.objects.get()
    assert (licence.user, licence.source, licence.versions.get().all_products) == (person, Source.COMP, True)
    assert licence.source_ref.startswith("desk-")


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({}, ["person"]),
        ({"person": "nobody@example.com"}, ["person"]),
        ({"products": None, "all_products": None}, ["products"]),
        ({"uses": []}, ["uses"]),
        ({"uses": ["steal"]}, ["uses"]),
        ({"clause": "  "}, ["clause"]),
        ({"why": ""}, ["why"]),
        ({"starts_at": "soon"}, ["starts_at"]),
        ({"ends_at": "2025-01-01 00:00"}, ["ends_at"]),
        ({"source": "plan"}, ["source"]),
        ({"source_ref": "taken"}, ["source_ref"]),
    ],
)
def test_what_is_wrong_is_said_at_its_field(at_desk, facts, fields):
    a_licence(a_user(), source=Source.COMP, source_ref="taken")
    person = {} if "person" in facts or not facts else {"person": a_user().email}
    form = a_form(**{"all_products": "on"} | person | facts)

    response = at_desk(one_of(SALES)).post("/desk/licences/grant/", form)

    assert list(response.context["form"].errors) == fields
    assert Licence.objects.count() == 1


def test_a_licence_is_suspended_resumed_and_ended_with_a_reason(at_desk):
    at = now()
    licence = a_licence(a_user(), starts_at=at - DAY, ends_at=at + DAY, at=at - DAY)
    client = at_desk(one_of(SALES))

    without = client.post(f"/desk/licences/{licence.pk}/suspend/", {"why": ""})
    for change in ("suspend", "resume", "end"):
        client.post(f"/desk/licences/{licence.pk}/{change}/", {"why": f"To {change}."})
    page = client.get(f"/desk/licences/{licence.pk}/").content.decode()

    assert without.context["form"].errors == {"why": ["This field is required."]}
    assert list(licence.versions.order_by("number").values_list("suspended", "why")) == [
        (False, ""),
        (True, "To suspend."),
        (False, "To resume."),
        (False, "To end."),
    ]
    assert ("ended" in page, "To suspend." in page) == (True, True)


def test_a_licence_of_a_plan_is_not_changed_by_hand(at_desk):
    licence = a_licence(a_user(), source=Source.PLAN)
    client = at_desk(one_of(SALES))

    assert client.post(f"/desk/licences/{licence.pk}/end/", {"why": "No."}).status_code == 404
    assert "not changed by hand" in client.get(f"/desk/licences/{licence.pk}/").content.decode()
    assert licence.versions.count() == 1


def test_the_list_is_narrowed_by_holder_source_and_state(at_desk):
    at = now()
    paper = an_organisation("Daily Zebra")
    in_force = a_licence(paper, source=Source.CONTRACT, starts_at=at - DAY, ends_at=None, at=at - DAY)
    ended = a_licence(a_user("reader@zebra.example"), starts_at=at - 2 * DAY, ends_at=at - DAY, at=at - 2 * DAY)
    to_come = a_licence(a_user(), starts_at=at + DAY, ends_at=at + 2 * DAY, at=at)
    client = at_desk(one_of(FINANCE))

    def shown(query: str) -> set[int]:
        return {each.licence_id for each in client.get(f"/desk/licences/?{query}").context["object_list"]}

    assert shown("") == {in_force.pk, ended.pk, to_come.pk}
    assert shown("words=zebra") == {in_force.pk, ended.pk}
    assert shown("source=contract") == {in_force.pk}
    assert shown("state=in_force") == {in_force.pk}
    assert shown("state=ended") == {ended.pk}
    assert shown("state=to_come") == {to_come.pk}
    assert shown("state=nonsense") == {in_force.pk, ended.pk, to_come.pk}


def test_the_list_asks_the_same_few_queries_for_one_and_for_three(at_desk, django_assert_max_num_queries):
    client = at_desk(one_of(FINANCE))
    for _ in range(3):
        a_licence(a_user())

    with django_assert_max_num_queries(16):
        client.get("/desk/licences/")


@pytest.mark.parametrize(
    "path", ["licences/", "licences/grant/", "licences/{pk}/", "licences/{pk}/end/", "products/", "audit/"]
)
def test_the_newsroom_has_no_business_there(at_desk, path):
    licence = a_licence(a_user())

    response = at_desk(staff_of()).get(f"/desk/{path.format(pk=licence.pk)}", follow=True)

    assert response.redirect_chain == [("/desk/", 302)]


def test_finance_reads_and_does_not_grant(at_desk):
    licence = a_licence(a_user())
    client = at_desk(one_of(FINANCE))

    assert client.get(f"/desk/licences/{licence.pk}/").status_code == 200
    assert client.get("/desk/licences/grant/").status_code == 302
    assert client.post(f"/desk/licences/{licence.pk}/end/", {"why": "No."}).status_code == 302
    assert licence.versions.count() == 1


def test_the_audit_is_read_by_deed_and_by_person(at_desk):
    a_licence(a_user())
    a_release()
    client = at_desk(one_of(FINANCE))

    def shown(query: str) -> list[str]:
        return [each.action for each in client.get(f"/desk/audit/?{query}").context["object_list"]]

    assert shown("action=licence") == ["licence.started"]
    assert shown("action=item") == ["item.new"]
    assert shown("actor=nobody-like-this") == []


def test_moments_are_read_in_the_desks_own_zone(at_desk):
    person = a_user()

    at_desk(one_of(SALES)).post(
        "/desk/licences/grant/", a_form(person=person.email, all_products="on", starts_at="2026-01-01 03:00")
    )

    assert Licence.objects.get().versions.get().starts_at.utcoffset() in {timedelta(0), timedelta(hours=3)}
    assert Licence.objects.get().versions.get().starts_at.isoformat() == "2026-01-01T00:00:00+00:00"

"""Setting the meter, giving a day pass or a single story by hand: with a reason, by those who may."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from newsroom.core.clock import now
from newsroom.core.models import AuditEntry
from newsroom.licensing import meter
from newsroom.licensing.meter import Setting
from newsroom.licensing.models import Licence
from newsroom.newsdesk.actions import FINANCE, SALES
from tests.factories import a_product, a_release, a_user, an_organisation, staff_of

pytestmark = pytest.mark.django_db
METER = {"anonymous": "3", "registered": "5", "budget": "30", "all_products": "on", "why": "Spring."}


def one_of(group: str):
    user = a_user(is_staff=True, name="Sam Seller")
    user.groups.add(Group.objects.get(name=group))
    return user


def a_story_form(**facts):
    values = {"uses": ["read", "publish"], "clause": "One use.", "why": "Asked by phone.", "duration": "30"}
    return values | facts


def test_the_meter_is_off_and_then_set_with_its_reason(at_desk):
    client = at_desk(one_of(SALES))
    assert "The meter is off" in client.get("/desk/offers/").content.decode()
    assert client.get("/desk/offers/meter/").context["form"]["anonymous"].value() == 0

    response = client.post("/desk/offers/meter/", METER)

    assert response.headers["Location"] == "/desk/offers/"
    assert meter.setting(now()) == Setting(3, 5, 30)
    page = client.get("/desk/offers/").content.decode()
    assert ("3 stories a month" in page, "every product" in page) == (True, True)
    assert set(AuditEntry.objects.values_list("action", "why")) == {("licence.started", "Spring.")}


def test_the_meter_may_be_for_some_products_and_off_for_strangers(at_desk):
    client, product = at_desk(one_of(SALES)), a_product("some")
    client.post(
        "/desk/offers/meter/",
        {"anonymous": "0", "registered": "5", "budget": "0", "products": [str(product.pk)], "why": "x"},
    )
    assert meter.setting(now()) == Setting(0, 5, 0, frozenset({product.pk}))
    assert "Some" in client.get("/desk/offers/").content.decode()
    assert client.get("/desk/offers/meter/").context["form"]["products"].value() == [product.pk]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"anonymous": "-1"}, "anonymous"),
        ({"anonymous": "two"}, "anonymous"),
        ({"registered": "2"}, "registered"),
        ({"registered": ""}, "registered"),
        ({"budget": "1"}, "budget"),
        ({"all_products": ""}, "products"),
        ({"why": " "}, "why"),
    ],
)
def test_a_fault_of_the_meter_is_named_at_its_field(at_desk, facts, field):
    response = at_desk(one_of(SALES)).post("/desk/offers/meter/", METER | facts)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert not Licence.objects.exists()


def test_a_day_pass_runs_from_now_and_shows_as_a_licence(at_desk):
    user = a_user()
    response = at_desk(one_of(SALES)).post(
        "/desk/offers/day-pass/", {"person": user.email.upper(), "all_products": "on", "why": "An outage yesterday."}
    )
    licence = Licence.objects.get(user=user, source="day-pass")
    said = licence.versions.get()
    assert response.headers["Location"] == f"/desk/licences/{licence.pk}/"
    assert (said.ends_at - said.starts_at, said.why) == (timedelta(hours=24), "An outage yesterday.")


@pytest.mark.parametrize(
    ("facts", "field"), [({"person": "nobody@example.com"}, "person"), ({"why": ""}, "why"), ({"all_products": ""}, "products")]
)  # fmt: skip
def test_a_fault_of_a_day_pass_is_named_at_its_field(at_desk, facts, field):
    form = {"person": a_user().email, "all_products": "on", "why": "x"} | facts
    response = at_desk(one_of(SALES)).post("/desk/offers/day-pass/", form)
    assert (list(response.context["form"].errors), Licence.objects.exists()) == ([field], False)


@pytest.mark.parametrize("by", ["address", "whole address", "uri"])
def test_a_single_story_is_licensed_by_its_address_or_its_uri(at_desk, by):
    item, paper = a_release().item, an_organisation()
    named = {"address": item.slug, "whole address": f"https://x.example/story/{item.slug}/", "uri": item.uri}[by]
    form = a_story_form(
        organisation=paper.pk, item=named, channels=["print"], territories="TR, Germany", circulation="at most 20,000"
    )
    client = at_desk(one_of(SALES))
    response = client.post("/desk/offers/story/", form)

    licence = Licence.objects.get(organisation=paper)
    said = licence.versions.get()
    assert response.headers["Location"] == f"/desk/licences/{licence.pk}/"
    assert (said.item_ids, said.product_ids, said.all_products) == ([item.pk], [], False)
    assert (said.uses, said.channels, said.territories) == (["publish", "read"], ["print"], ["DE", "TR"])
    assert (said.ends_at - said.starts_at, said.clauses) == (timedelta(days=30), {"circulation": "at most 20,000"})
    assert client.get(response.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"item": "unknown"}, "item"),
        ({"person": ""}, "person"),
        ({"territories": "Atlantis"}, "territories"),
        ({"duration": "0"}, "duration"),
        ({"duration": "-3"}, "duration"),
        ({"duration": "40000"}, "duration"),
        ({"uses": []}, "uses"),
        ({"channels": ["pigeon"]}, "channels"),
        ({"clause": ""}, "clause"),
        ({"why": ""}, "why"),
    ],
)
def test_a_fault_of_a_single_story_is_named_at_its_field(at_desk, facts, field):
    form = a_story_form(person=a_user().email, item=a_release().item.slug) | facts
    response = at_desk(one_of(SALES)).post("/desk/offers/story/", form)
    assert (list(response.context["form"].errors), Licence.objects.exists()) == ([field], False)


def test_finance_looks_and_the_newsroom_does_not(at_desk):
    finance, newsroom = at_desk(one_of(FINANCE)), at_desk(staff_of())
    assert finance.get("/desk/offers/").status_code == 200
    for path in ("meter/", "day-pass/", "story/"):
        assert finance.post(f"/desk/offers/{path}", METER).status_code == 302
        assert newsroom.get(f"/desk/offers/{path}").status_code == 302
    assert newsroom.get("/desk/offers/").status_code == 302
    assert not Licence.objects.exists()

"""Every limit of a licence, written on one form."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from newsroom.core.money import Money
from newsroom.licensing.models import Licence
from newsroom.licensing.rules import Limits, Quota, Rendition, SeatKind, Source
from newsroom.newsdesk.actions import SALES
from newsroom.newsdesk.licences.limits import LimitsForm, initial_of
from tests.factories import a_licence, a_user, an_organisation

pytestmark = pytest.mark.django_db
EVERYTHING = Limits(
    channels=frozenset({"web", "print"}),
    territories=frozenset({"DE", "TR"}),
    formats=frozenset({"ninjs"}),
    delay=timedelta(minutes=15),
    archive=timedelta(days=30),
    rendition=Rendition.PRINT,
    under_embargo=True,
    seats=5,
    seat_kind=SeatKind.FLOATING,
    quotas=(Quota("read", 9, "day"), Quota("read", 100, "month", overage=Money(250, "eur"))),
    clauses={"archive": "§7, thirty days"},
)


def sales():
    user = a_user(is_staff=True)
    user.groups.add(Group.objects.get(name=SALES))
    return user


def posted(limits, **facts):
    values = initial_of(limits) | {"quota_3_period": "month"} | facts
    periods = {f"quota_{number}_period": "month" for number in (1, 2, 3)}
    return {name: value for name, value in (periods | values).items() if value not in (None, False)}


def test_what_is_written_is_what_is_read_back():
    form = LimitsForm(posted(EVERYTHING))
    assert form.is_valid(), form.errors
    assert form.limits() == EVERYTHING


def test_an_empty_form_limits_nothing():
    form = LimitsForm(posted(Limits()))
    assert form.is_valid(), form.errors
    assert form.limits() == Limits()


def test_countries_are_understood_by_name():
    form = LimitsForm(posted(Limits(), territories="germany; tr\nFrance"))
    assert form.is_valid()
    assert form.limits().territories == {"DE", "TR", "FR"}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"seats": "0"}, "seats"),
        ({"seats": "-1"}, "seats"),
        ({"territories": "Atlantis"}, "territories"),
        ({"territories": "EU"}, "territories"),
        ({"archive_days": "0"}, "archive_days"),
        ({"delay_minutes": "-5"}, "delay_minutes"),
        ({"rendition": "9"}, "rendition"),
        ({"channels": ["telepathy"]}, "channels"),
        ({"formats": ["docx"]}, "formats"),
        ({"clauses": "weather: §1"}, "clauses"),
        ({"clauses": "archive"}, "clauses"),
        ({"quota_1_use": "read"}, "quota_1_use"),
        ({"quota_1_use": "read", "quota_1_limit": "0"}, "quota_1_limit"),
        ({"quota_1_use": "read", "quota_1_limit": "-3"}, "quota_1_limit"),
        ({"quota_1_use": "read", "quota_1_limit": "3", "quota_1_price": "2"}, "quota_1_price"),
        (
            {"quota_1_use": "read", "quota_1_limit": "3", "quota_1_price": "0", "quota_1_currency": "eur"},
            "quota_1_price",
        ),
    ],
)
def test_what_no_licence_can_say_is_refused_on_its_field(facts, field):
    form = LimitsForm(posted(Limits(), **facts))
    assert not form.is_valid()
    assert field in form.errors


def test_sales_changes_the_limits_of_a_contract(at_desk):
    licence = a_licence(an_organisation(), source=Source.CONTRACT)
    response = at_desk(sales()).post(
        f"/desk/licences/{licence.pk}/limits/", posted(EVERYTHING, why="They asked for less.")
    )
    assert response.url == f"/desk/licences/{licence.pk}/"
    assert [version.limits for version in licence.versions.order_by("number")] == [Limits(), EVERYTHING]


def test_a_quota_for_a_use_that_is_not_granted_is_refused_and_nothing_changes(at_desk):
    licence = a_licence(an_organisation(), source=Source.CONTRACT)
    facts = posted(Limits(), quota_1_use="publish", quota_1_limit="3", why="More.")
    response = at_desk(sales()).post(f"/desk/licences/{licence.pk}/limits/", facts)
    assert response.context["form"].errors["quota_1_use"] == ["A quota limits a use that the licence grants."]
    assert Licence.objects.get().versions.count() == 1


def test_a_plan_follows_its_subscription_and_is_not_limited_by_hand(at_desk):
    licence = a_licence(a_user(), source=Source.PLAN)
    response = at_desk(sales()).get(f"/desk/licences/{licence.pk}/limits/")
    assert response.status_code == 404

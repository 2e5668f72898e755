"""A licence on the desk in plain words, and as a file in the rights language."""

import json

import pytest
from django.contrib.auth.models import Group

from newsroom.core.audit import SYSTEM
from newsroom.licensing import actions as licensing
from newsroom.licensing.models import Bearer
from newsroom.licensing.rights.lookup import granted_of
from newsroom.licensing.rights.odrl import read_granted
from newsroom.licensing.rules import Audience, Limits, Source
from newsroom.newsdesk.actions import FINANCE
from tests.factories import DAY, NOON, a_licence, a_product, a_user, an_organisation, staff_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(at_desk):
    user = a_user(is_staff=True)
    user.groups.add(Group.objects.get(name=FINANCE))
    return at_desk(user)


def test_a_licence_is_shown_in_plain_words_with_the_way_to_explain_it(finance):
    paper = an_organisation("The Ferry Post")
    limits = Limits(seats=5, territories=frozenset({"TR"}))
    licence = a_licence(paper, products=[a_product("sport")], limits=limits)

    page = finance.get(f"/desk/licences/{licence.pk}/")

    assert page.context["in_words"][:1] == [
        "The Ferry Post is granted these uses: read. They cover the stories of “Sport”."
    ]
    text = page.content.decode()
    for words in ("It has 5 seats, each given to a person by name.", "It holds in Türkiye, and nowhere else."):
        assert words in text
    assert f'href="/desk/explain/?who={paper.slug}"' in text
    assert f'href="/desk/licences/{licence.pk}/odrl.json"' in text


def test_the_list_says_uses_and_limits_of_each_whoever_holds_it(finance):
    a_licence(an_organisation(), limits=Limits(seats=2))
    a_licence(Bearer("f" * 64), source=Source.GIFT)
    a_licence(Audience.EVERYONE, source=Source.METER)

    page = finance.get("/desk/licences/")

    assert [short for *_, short in page.context["rows"]] == [
        "read.",
        "read.",
        "read. It has 2 seats, each given to a person by name.",
    ]
    assert [holder for _version, holder, *_ in page.context["rows"][:2]] == ["everyone", "whoever has the link"]
    assert "None" not in page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]


def test_the_licence_is_downloaded_in_the_rights_language_as_it_stands_or_stood(finance):
    licence = a_licence(an_organisation())
    licensing.extend(licence=licence, ends_at=NOON + 9 * DAY, by=SYSTEM, at=NOON, why="renewed")

    present, former = (finance.get(f"/desk/licences/{licence.pk}/odrl.json{query}") for query in ("", "?version=1"))

    assert present["Content-Type"] == "application/ld+json"
    assert present["Content-Disposition"] == f'attachment; filename="licence-{licence.pk}-2.odrl.jsonld"'
    assert present["Cache-Control"] == "private, no-store"
    assert [read_granted(json.loads(each.content)) for each in (former, present)] == [
        granted_of(version) for version in licence.versions.order_by("number")
    ]


@pytest.mark.parametrize("version", ["9", "0", "two", "-1", "9" * 30])
def test_a_version_that_there_is_not_is_not_found(finance, version):
    licence = a_licence(an_organisation())
    assert finance.get(f"/desk/licences/{licence.pk}/odrl.json?version={version}").status_code == 404


def test_a_licence_that_there_is_not_is_not_found(finance):
    assert finance.get("/desk/licences/1/odrl.json").status_code == 404


def test_the_newsroom_is_not_given_it(at_desk):
    licence = a_licence(a_user())
    assert at_desk(staff_of()).get(f"/desk/licences/{licence.pk}/odrl.json").status_code == 302

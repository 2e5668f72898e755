"""The certificate of a single story, issued at the desk."""

import pytest

from newsroom.core.clock import now
from newsroom.licensing.models import Document
from newsroom.licensing.rules import Source
from newsroom.newsdesk.actions import FINANCE, SALES
from tests.factories import DAY, a_licence, a_release, a_user
from tests.licensing.selling.world import a_seller

pytestmark = pytest.mark.django_db


@pytest.fixture
def release():
    return a_release(headline="Ferries run again")


@pytest.fixture
def licence(release):
    at = now()
    facts = {"products": (), "items": [release.item], "starts_at": at - DAY, "ends_at": at + DAY, "at": at - DAY}
    return a_licence(a_user(), source=Source.STORY, **facts)


def test_a_certificate_is_issued_and_shown(at_desk, licence, release):
    client = at_desk(a_seller(SALES))
    form = {"release": release.pk, "holder": "Daily Zebra Ltd", "circulation": "5,000", "locale": "tr"}

    answer = client.post(f"/desk/licences/{licence.pk}/certificate/", form)

    document = Document.objects.get()
    assert answer.url == f"/desk/papers/{document.number}.pdf"
    assert (document.kind, document.locale, document.data["subtitle"]) == ("certificate", "tr", "Ferries run again")
    assert client.get(answer.url).content[:5] == b"%PDF-"


@pytest.mark.parametrize(
    ("facts", "fields"), [({"release": 0}, ["release"]), ({"holder": ""}, ["holder"]), ({"locale": "xx"}, ["locale"])]
)
def test_what_is_wrong_is_said_at_its_field(at_desk, licence, release, facts, fields):
    form = {"release": release.pk, "holder": "Daily Zebra Ltd", "circulation": "", "locale": "en"} | facts

    answer = at_desk(a_seller(SALES)).post(f"/desk/licences/{licence.pk}/certificate/", form)

    assert (list(answer.context["form"].errors), Document.objects.count()) == (fields, 0)


def test_another_storys_version_is_not_offered(at_desk, licence):
    form = {"release": a_release().pk, "holder": "Daily Zebra Ltd", "circulation": "", "locale": "en"}

    answer = at_desk(a_seller(SALES)).post(f"/desk/licences/{licence.pk}/certificate/", form)

    assert list(answer.context["form"].errors) == ["release"]


def test_finance_issues_none(at_desk, licence):
    assert at_desk(a_seller(FINANCE)).get(f"/desk/licences/{licence.pk}/certificate/").status_code == 302

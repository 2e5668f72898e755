"""Evidence packs at the desk."""

import pytest

from newsroom.core.clock import now
from newsroom.licensing.models import EvidencePack
from newsroom.newsdesk.actions import SALES
from tests.factories import DAY, a_licence, a_release, an_organisation, staff_of
from tests.licensing.ledgers import a_use
from tests.newsdesk.test_reports import one_of

pytestmark = pytest.mark.django_db


def test_a_pack_is_made_listed_and_handed_out(at_desk):
    at = now()
    made = a_release(at - DAY)
    licence = a_licence(an_organisation(), starts_at=at - DAY, ends_at=None, at=at - DAY)
    a_use(licence, made, at - DAY / 2)
    client = at_desk(one_of(SALES))

    response = client.post("/desk/reports/evidence/", {"story": f"https://example.com/story/{made.item.slug}/"})
    pack = EvidencePack.objects.get()
    listed = client.get("/desk/reports/evidence/").content.decode()
    paper = client.get(f"/desk/reports/evidence/{pack.pk}/pdf/")
    file = client.get(f"/desk/reports/evidence/{pack.pk}/csv/")

    assert (response.url, pack.rows, pack.item, pack.organisation) == ("/desk/reports/evidence/", 1, made.item, None)
    assert pack.document.number in listed
    assert paper.content.startswith(b"%PDF")
    assert (paper["Cache-Control"], file["Cache-Control"]) == ("private, no-store", "private, no-store")
    assert b"".join(file.streaming_content).count(b"\r\n") == 2


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({}, ["story"]),
        ({"story": "nowhere"}, ["story"]),
        ({"organisation": "0"}, ["organisation"]),
        ({"organisation": "paper", "first": "2026-02-02", "last": "2026-02-01"}, ["last"]),
    ],
)
def test_what_is_wrong_is_said_at_its_field(at_desk, form, fields):
    paper = an_organisation()
    form = form | ({"organisation": paper.pk} if form.get("organisation") == "paper" else {})

    response = at_desk(one_of(SALES)).post("/desk/reports/evidence/", form)

    assert list(response.context["form"].errors) == fields
    assert not EvidencePack.objects.exists()


def test_who_may_not_make_packs_neither_makes_nor_fetches_them(at_desk):
    client = at_desk(staff_of())

    tried = [client.get(f"/desk/reports/evidence/{rest}").url for rest in ("", "1/csv/", "1/pdf/")]

    assert tried == ["/desk/"] * 3

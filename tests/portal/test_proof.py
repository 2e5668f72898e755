"""An organisation's usage for those who manage it; a person's own data for themselves."""

import io
import zipfile

import pytest
from django.test import Client

from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.licensing.erasure import handing, known
from newsroom.licensing.models import PersonRequest
from tests.factories import DAY, a_licence, a_member, a_release, a_user, an_organisation
from tests.licensing.ledgers import a_use

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def used(organisation, user, at, uses=1):
    licence = a_licence(organisation, starts_at=at - DAY, ends_at=None, at=at - DAY)
    for _ in range(uses):
        a_use(licence, a_release(at - DAY), at, user=user)


def test_who_manages_an_organisation_sees_its_uses_and_no_others():
    at = now()
    paper, other = an_organisation("Daily"), an_organisation("Weekly")
    owner, reader, stranger = a_member(paper, role="owner"), a_member(paper), a_member(other)
    used(paper, reader, at, uses=2)
    used(other, stranger, at, uses=5)
    a_use(a_licence(reader, starts_at=at - DAY, at=at - DAY, ends_at=None), a_release(at - DAY), at)

    client = signed_in(owner)
    page = client.get(f"/organisation/{paper.slug}/usage/report/?by=person&customer={other.pk}")
    file = client.get(f"/organisation/{paper.slug}/usage.csv?by=person")

    assert [(each.label, each.uses) for each in page.context["figures"]] == [(reader.name, 2)]
    assert page.context["total"] == 2
    assert b"".join(file.streaming_content).decode("utf-8-sig").splitlines()[1:] == [f"{reader.name},2,2"]
    assert client.get(f"/organisation/{other.slug}/usage/report/").status_code == 404


@pytest.mark.parametrize("role", ["member", "billing"])
@pytest.mark.parametrize("rest", ["usage/report/", "usage.csv"])
def test_whoever_does_not_manage_it_sees_no_ones_uses(role, rest):
    paper = an_organisation()

    assert signed_in(a_member(paper, role=role)).get(f"/organisation/{paper.slug}/{rest}").status_code == 403
    assert Client().get(f"/organisation/{paper.slug}/{rest}").status_code == 302


def test_an_inverted_period_is_said_at_its_field():
    paper = an_organisation()
    page = signed_in(a_member(paper, role="admin")).get(
        f"/organisation/{paper.slug}/usage/report/?first=2026-03-02&last=2026-03-01"
    )

    assert (page.status_code, page.context["form"].errors) == (400, {"last": ["The last day lies before the first."]})


def test_a_person_asks_for_erasure_and_takes_it_back():
    user = a_user()
    client = signed_in(user)

    client.post("/account/data/", {"ask": "erasure"})
    asked = PersonRequest.objects.get()
    page = client.get("/account/data/").content.decode()
    client.post("/account/data/", {"withdraw": asked.pk})

    asked.refresh_from_db()
    assert "Take it back" in page
    assert (asked.user, asked.state) == (user, "withdrawn")


def test_nobody_takes_back_what_another_asked():
    user = a_user()
    signed_in(user).post("/account/data/", {"ask": "export"})
    asked = PersonRequest.objects.get()

    for value in (asked.pk, "9" * 30, "x"):
        signed_in(a_user()).post("/account/data/", {"withdraw": value})

    asked.refresh_from_db()
    assert asked.state == "open"


def test_a_mailed_link_gives_the_copy_and_a_changed_one_nothing():
    user = a_user()
    signed_in(user).post("/account/data/", {"ask": "export"})
    asked = PersonRequest.objects.get()
    handing.send_link(request=asked, by=user.actor, at=now())
    token = known.token_of(asked)

    mail = Message.objects.get(kind="personal_data")
    copy = Client().get(f"/account/data/{token}/")
    wrong = [Client().get(f"/account/data/{each}/").status_code for each in (f"{token}x", "1:2:3", "1")]

    asked.refresh_from_db()
    assert (mail.to, "/account/data/" in mail.text, asked.state) == (user.email, True, "done")
    assert "data.json" in zipfile.ZipFile(io.BytesIO(copy.content)).namelist()
    assert (copy["Cache-Control"], wrong) == ("private, no-store", [404, 404, 404])

"""What a customer sees of its contracts, and does about them."""

from datetime import timedelta

import pytest
from django.test import Client

from newsroom.accounts.models import Membership
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.licensing.contracts import actions, links
from newsroom.licensing.contracts.book import today
from newsroom.licensing.models import DeletionDuty, Document
from tests.factories import DAY, a_member, a_user, an_organisation
from tests.licensing.contracts.making import a_line, kinds, on
from tests.newsdesk.test_contracts import running

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def contract():
    return running(a_line(seats=5), organisation=an_organisation("Daily Zebra"), manager=a_user(name="Sam Seller"))


def page(contract, rest=""):
    return f"/organisation/{contract.organisation.slug}/contracts/{contract.number}/{rest}"


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("billing", 200), ("member", 404)])
def test_owners_admins_and_those_who_pay_see_what_is_held_in_words(contract, role, status):
    client = signed_in(a_member(contract.organisation, role=role))

    listed = client.get(f"/organisation/{contract.organisation.slug}/contracts/")
    response = client.get(page(contract))

    assert (listed.status_code, response.status_code) == (status, status)
    if status == 200:
        text = response.content.decode()
        assert contract.number in listed.content.decode()
        assert ("5 named seats" in text, "§2: reading by the staff." in text, "Sam Seller" in text) == (True,) * 3
        assert "unless notice is given by" in text


def test_another_organisations_contract_does_not_exist(contract):
    other = signed_in(a_member(an_organisation(), role="owner"))
    former = a_member(contract.organisation, role="owner")
    Membership.objects.filter(user=former).update(valid_to=now() - DAY)

    for client in (other, signed_in(former)):
        for rest in ("", "notice/", "attest/", "documents/C-2026-00001.pdf"):
            assert client.get(page(contract, rest)).status_code == 404
    assert Client().get(page(contract)).status_code == 302


def test_the_list_is_empty_kindly_and_paged(contract, django_assert_max_num_queries):
    paper = an_organisation()
    empty = signed_in(a_member(paper, role="owner")).get(f"/organisation/{paper.slug}/contracts/")
    assert "No contract yet" in empty.content.decode()
    for _ in range(2):
        running(organisation=contract.organisation)
    client = signed_in(a_member(contract.organisation, role="owner"))
    with django_assert_max_num_queries(12):
        client.get(f"/organisation/{contract.organisation.slug}/contracts/?page=nonsense")


def test_an_owner_gives_notice_and_others_do_not(contract):
    owner, admin = (a_member(contract.organisation, role=role) for role in ("owner", "admin"))

    assert signed_in(admin).post(page(contract, "notice/"), {"sure": "on"}).status_code == 404
    unsure = signed_in(owner).post(page(contract, "notice/"), {})
    assert (unsure.status_code, list(unsure.context["form"].errors)) == (400, ["sure"])
    done = signed_in(owner).post(page(contract, "notice/"), {"sure": "on", "why": "Too dear."}, follow=True)

    assert kinds(contract) == ["activated", "notice-given"]
    assert contract.events.last().facts["side"] == "customer"
    assert "You can still change your mind" in done.content.decode()


def test_notice_that_is_too_late_says_for_when_it_counts_and_asks_again(monkeypatch):
    contract = running()
    later = on(contract.versions.get().notice_by + timedelta(days=1))
    client = signed_in(a_member(contract.organisation, role="owner"))
    monkeypatch.setattr("newsroom.portal.views.contracts.now", lambda: later)
    late = client.post(page(contract, "notice/"), {"sure": "on"})
    done = client.post(page(contract, "notice/"), {"sure": "on", "late": "on"})
    assert (late.status_code, list(late.context["form"].errors)) == (400, ["late"])
    assert "the contract renews" in late.content.decode()
    assert (done.status_code, kinds(contract)) == (302, ["activated", "notice-given"])


def test_documents_are_opened_by_the_customer(contract):
    document = Document.objects.get(subject_id=str(contract.pk))
    client = signed_in(a_member(contract.organisation, role="billing"))

    assert document.number in client.get(page(contract)).content.decode()
    pdf = client.get(page(contract, f"documents/{document.number}.pdf"))
    assert (pdf.content[:5], pdf.headers["Cache-Control"]) == (b"%PDF-", "private, no-store")
    assert client.get(page(contract, "documents/C-1999-00001.pdf")).status_code == 404


@pytest.fixture
def over(contract):
    """A contract that is over; its owner was asked by mail."""
    owner = a_member(contract.organisation, a_user("owner@zebra.example"), role="owner")
    actions.terminate(contract=contract, on=today(now()), by=SYSTEM, at=now(), why="x")
    actions.due(contract_id=contract.pk, at=now())
    return contract, owner


def test_the_deletion_is_attested_in_the_portal(over):
    contract, owner = over
    client = signed_in(owner)
    assert "Please attest" in client.get(page(contract)).content.decode()

    unsure = client.post(page(contract, "attest/"), {"name": "Ada"})
    assert (unsure.status_code, list(unsure.context["form"].errors)) == (400, ["sure"])
    client.post(page(contract, "attest/"), {"name": "Ada Lovelace", "sure": "on"})

    duty = DeletionDuty.objects.get()
    assert (duty.attested_by, duty.attested_user) == ("Ada Lovelace", owner)
    assert "was attested by Ada Lovelace" in client.get(page(contract)).content.decode()
    assert Document.objects.get(kind="attestation").data["sections"][0]["paragraphs"] == [duty.words]


def test_the_deletion_is_attested_by_the_link_of_the_mail_and_once(over):
    contract, owner = over
    text = Message.objects.get(kind="contract_deletion").text
    link = next(word for word in text.split() if "/organisation/deletion/" in word)
    path = link.partition("/organisation/")[2]
    client = Client()

    assert client.get(f"/organisation/{path}").headers["Cache-Control"] == "private, no-store"
    assert DeletionDuty.objects.open().exists()
    for name in ("Ada Lovelace", "Somebody Else"):
        shown = client.post(f"/organisation/{path}", {"name": name, "sure": "on"})
        assert "attested by Ada Lovelace" in shown.content.decode()
    assert (kinds(contract)[-1], DeletionDuty.objects.get().attested_user) == ("deletion-attested", owner)


def test_a_link_that_was_made_up_or_is_withdrawn_attests_nothing(over):
    contract, owner = over
    duty = DeletionDuty.objects.get()
    path = "/organisation/" + links.link_to(duty, owner.pk).partition("/organisation/")[2]
    nobody = "/organisation/" + links.link_to(duty, 999_999).partition("/organisation/")[2]

    made_up = Client().post(path[:-2] + "x/", {"name": "Eve", "sure": "on"})
    gone = Client().post(nobody, {"name": "Eve", "sure": "on"})
    actions.waive(contract=contract, by=SYSTEM, at=now(), why="x")
    withdrawn = Client().post(path, {"name": "Ada", "sure": "on"})

    assert (made_up.status_code, gone.status_code, withdrawn.status_code) == (410, 404, 410)
    assert DeletionDuty.objects.get().attested_at is None

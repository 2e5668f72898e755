"""Customers: found by anything, known on one page, helped with a reason."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.accounts.models import Domain, Network
from newsroom.billing.models import Account, Invoice
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry
from newsroom.licensing.models import Seat
from newsroom.licensing.rules import Limits, Source
from newsroom.newsdesk.actions import FINANCE, SALES
from newsroom.newsdesk.customers.find import customers
from newsroom.newsdesk.models import Note
from tests.factories import DAY, NOON, a_licence, a_member, a_user, an_organisation

pytestmark = pytest.mark.django_db


def one_of(group: str):
    user = a_user(is_staff=True, name="Sam Seller")
    user.groups.add(Group.objects.get(name=group))
    return user


def found(words):
    return [(match.name, match.by) for match in customers(words, NOON)]


@pytest.fixture
def paper():
    paper = an_organisation("Anadolu Postası")
    Domain.objects.create(organisation=paper, name="posta.example", valid_from=NOON - DAY)
    Network.objects.create(organisation=paper, cidr="8.8.4.0/24", valid_from=NOON - DAY)
    Network.objects.create(organisation=paper, cidr="2a00:1450::/32", valid_from=NOON - DAY)
    a_licence(paper, source=Source.CONTRACT, source_ref="C-2026-0007/1")
    return paper


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("Anadolu Postası", "name"),
        ("Anadolu", "name"),
        ("anadlu postasi", "name"),
        ("posta.example", "mail domain"),
        ("ada@posta.example", "mail domain"),
        ("POSTA.EXAMPLE.", "mail domain"),
        ("8.8.4.7", "network address"),
        ("2a00:1450:4001::1", "network address"),
        ("C-2026-0007", "contract or licence"),
        ("c-2026-0007/1", "contract or licence"),
    ],
)
def test_an_organisation_is_found_by_anything(paper, words, by):
    an_organisation("Nordsee Zeitung")
    assert (paper.name, by) in found(words)
    assert "Nordsee Zeitung" not in {name for name, _ in found(words)}


@pytest.mark.parametrize(
    "words", ["", "   ", "\x00", "evil.posta.example", "8.8.5.7", "2a00:1451::1", "%", "' OR 1=1 --"]
)
def test_nobody_is_found_by_what_is_nobodys(paper, words):
    assert found(words) == []


def test_a_person_is_found_by_name_address_and_invoice():
    user = a_user("rana.kaya@mail.example", name="Rana Kaya")
    account = Account.objects.create(user=user, created_at=NOON, stripe_customer_id="cus_7")
    Invoice.objects.create(
        account=account, stripe_id="in_7", number="A-0007", status="paid", total_minor=990, currency="eur",
        period_start=NOON, period_end=NOON, created_at=NOON, raw={},
    )  # fmt: skip
    for words in ("Rana Kaya", "rana kya", "RANA.KAYA@mail.example", "rana.k", "A-0007", "in_7", "cus_7"):
        assert [name for name, _ in found(words)] == ["Rana Kaya"], words


def test_an_ended_network_or_domain_finds_nobody(paper):
    Domain.objects.update(valid_to=NOON)
    Network.objects.update(valid_to=NOON)
    assert found("posta.example") == found("8.8.4.7") == []


def test_searching_costs_the_same_for_one_customer_and_for_twelve(paper, django_assert_max_num_queries):
    for _ in range(12):
        an_organisation("Anadolu Haber")
    with django_assert_max_num_queries(14):
        assert len(customers("Anadolu", NOON)) == 13


def test_the_page_of_an_organisation_shows_what_staff_need(at_desk, paper):
    member = a_member(paper, role="owner")
    licence = a_licence(
        paper, source=Source.CONTRACT, source_ref="C-9", limits=Limits(seats=5), starts_at=now() - DAY, ends_at=None
    )
    Seat.objects.create(licence=licence, user=member, number=1, valid_from=NOON)
    page = at_desk(one_of(SALES)).get(f"/desk/organisations/{paper.pk}/").content.decode()
    for said in ("posta.example", "8.8.4.0/24", member.email, "C-9", "1 / 5", "in force", "licence.started"):
        assert said in page, said
    assert f"/desk/licences/grant/?organisation={paper.pk}" in page


def test_a_customer_without_anything_has_a_page_that_says_so(at_desk):
    page = at_desk(one_of(SALES)).get(f"/desk/people/{a_user().pk}/").content.decode()
    assert "They hold nothing." in page
    assert "They have paid for nothing." in page


def test_pages_cost_the_same_with_one_licence_and_with_three(at_desk, paper):
    browser, address = at_desk(one_of(SALES)), f"/desk/organisations/{paper.pk}/"
    browser.get(address)
    with CaptureQueriesContext(connection) as one:
        browser.get(address)
    for number in range(2):
        a_licence(paper, source_ref=f"more-{number}")
        a_member(paper)
    with CaptureQueriesContext(connection) as three:
        browser.get(address)
    assert len(three) == len(one)


def test_notes_are_kept_with_who_wrote_them_and_an_empty_one_is_refused(at_desk, paper):
    sam = one_of(SALES)
    browser, address = at_desk(sam), f"/desk/organisations/{paper.pk}/"
    assert browser.post(address, {"text": "  "}).context["note_form"].errors["text"]
    assert browser.post(address, {"text": "Asks for <b>sport</b> only."}).status_code == 302
    note = Note.objects.get()
    assert (note.text, note.by, note.organisation) == ("Asks for <b>sport</b> only.", sam, paper)
    assert "&lt;b&gt;sport&lt;/b&gt;" in browser.get(address).content.decode()
    assert AuditEntry.objects.get(action="customer.note").facts == {"note": note.pk}


def test_a_licence_is_extended_and_given_seats_with_a_reason(at_desk, paper):
    licence = a_licence(paper, source=Source.COMP)
    browser = at_desk(one_of(SALES))
    until = {"ends_at": "2027-01-01 00:00", "why": "They were patient."}
    assert browser.post(f"/desk/licences/{licence.pk}/extend/", until).status_code == 302
    assert browser.post(f"/desk/licences/{licence.pk}/seats/", {"seats": "8", "why": "More staff."}).status_code == 302
    said = licence.versions.get(recorded_to=None)
    assert (said.ends_at.year, said.seats) == (2026, 8)  # midnight at the desk is still the old year in UTC
    assert list(licence.versions.order_by("number").values_list("why", flat=True))[1:] == [
        "They were patient.",
        "More staff.",
    ]


@pytest.mark.parametrize(
    ("address", "facts", "field"),
    [
        ("extend", {"ends_at": "1999-01-01 00:00", "why": "Oops."}, "ends_at"),
        ("extend", {"ends_at": "2027-01-01 00:00"}, "why"),
        ("seats", {"seats": "0", "why": "None."}, "seats"),
        ("seats", {"seats": "-2", "why": "Less."}, "seats"),
        ("seats", {"seats": "many", "why": "Many."}, "seats"),
    ],
)
def test_what_cannot_be_is_refused_on_its_field(at_desk, paper, address, facts, field):
    licence = a_licence(paper, source=Source.COMP)
    response = at_desk(one_of(SALES)).post(f"/desk/licences/{licence.pk}/{address}/", facts)
    assert field in response.context["form"].errors
    assert licence.versions.count() == 1


@pytest.mark.parametrize("path", ["customers/", "organisations/{}/", "people/{}/"])
def test_customers_are_for_those_who_see_licences(at_desk, paper, path):
    stranger = a_user(is_staff=True)
    address = f"/desk/{path}".format(paper.pk if "organ" in path else stranger.pk)
    assert at_desk(one_of(FINANCE)).get(address).status_code == 200
    assert at_desk(stranger).get(address).status_code in {302, 403}

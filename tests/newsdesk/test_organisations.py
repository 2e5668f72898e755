"""Staff does for a customer what its admins could, with a reason; and makes two accounts one."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.accounts.models import Domain, Membership, Merger, Network, Organisation
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry, Message
from newsroom.licensing.models import Invitation, Seat, SeatRequest
from newsroom.licensing.organisations import requests
from newsroom.licensing.rules import Limits, Source
from newsroom.newsdesk.actions import FINANCE, SALES
from tests.factories import DAY, a_licence, a_member, a_user, an_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    return an_organisation("Daily Zebra")


@pytest.fixture
def owner(paper):
    return a_member(paper, a_user("olga@zebra.example", name="Olga Owner"), role="owner")


@pytest.fixture
def licence(paper):
    at = now()
    terms = {"starts_at": at - DAY, "ends_at": None, "at": at - DAY}
    return a_licence(paper, source=Source.CONTRACT, source_ref="C-7", limits=Limits(seats=1), **terms)


@pytest.fixture
def sales(at_desk):
    user = a_user(is_staff=True, name="Sam Seller")
    user.groups.add(Group.objects.get(name=SALES))
    return at_desk(user)


def held(paper, user) -> Membership:
    return Membership.objects.get(organisation=paper, user=user, valid_to=None)


def url(paper, *parts) -> str:
    return f"/desk/organisations/{paper.pk}/people/" + "".join(f"{part}/" for part in parts)


def test_the_page_shows_people_seats_invitations_requests_and_places(sales, paper, owner, licence):
    sales.post(url(paper, "give-seat", held(paper, owner).pk), {"licence": licence.pk, "why": "asked by phone"})
    sales.post(url(paper, "invite"), {"email": "new@zebra.example", "role": "admin", "why": "new colleague"})
    sales.post(url(paper, "domain"), {"name": "zebra.example", "why": "known for years"})
    sales.post(url(paper, "network"), {"cidr": "93.184.216.0/24", "why": "letter of 3 March"})
    sales.post(url(paper, "rule"), {"join_rule": "ask", "why": "asked by phone"})

    page = sales.get(url(paper)).content.decode()

    for words in ("Olga Owner", "contract C-7", "1 of 1", "new@zebra.example", "zebra.example", "93.184.216.0/24"):
        assert words in page
    assert (Seat.objects.get().user, Domain.objects.get().proof) == (owner, "staff")
    assert (Network.objects.get().cidr, Organisation.objects.get().join_rule) == ("93.184.216.0/24", "ask")
    assert Invitation.objects.get().invited_by is None
    assert "Sam Seller" in set(AuditEntry.objects.values_list("actor_label", flat=True))
    assert Message.objects.get().to == "new@zebra.example"


def test_each_deed_wants_its_reason(sales, paper, owner, licence):
    pk = held(paper, owner).pk
    for parts, form in (
        (("invite",), {"email": "a@b.example", "role": "member"}),
        (("role", pk), {"role": "admin"}),
        (("remove", pk), {}),
        (("give-seat", pk), {"licence": licence.pk}),
        (("network",), {"cidr": "93.184.216.0/24"}),
    ):
        response = sales.post(url(paper, *parts), form)
        assert response.context["form"].errors == {"why": ["This field is required."]}


@pytest.mark.parametrize(
    ("deed", "form", "field"),
    [
        ("network", {"cidr": "10.0.0.0/24"}, "cidr"),
        ("network", {"cidr": "93.0.0.0/8"}, "cidr"),
        ("domain", {"name": "gmail.com"}, "name"),
        ("invite", {"email": "olga@zebra.example", "role": "member"}, "email"),
        ("rule", {"join_rule": "maybe"}, "join_rule"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(sales, paper, owner, deed, form, field):
    response = sales.post(url(paper, deed), form | {"why": "x"})
    assert list(response.context["form"].errors) == [field]


def test_the_only_owner_is_not_removed_and_a_member_is(sales, paper, owner):
    member = a_member(paper)
    refused = sales.post(url(paper, "role", held(paper, owner).pk), {"role": "member", "why": "x"})
    sales.post(url(paper, "remove", held(paper, member).pk), {"why": "left"})

    assert list(refused.context["form"].errors) == ["role"]
    assert [each.user for each in Membership.objects.open()] == [owner]
    assert AuditEntry.objects.get(action="organisation.removed").why == "left"


def test_seats_are_moved_and_taken_back_and_requests_decided(sales, paper, owner, licence):
    member, pk = a_member(paper, a_user("mia@zebra.example")), held(paper, owner).pk
    asked = requests.ask(organisation=paper, user=member, licence=licence, by=member.actor, at=now())
    sales.post(url(paper, "give-seat", pk), {"licence": licence.pk, "why": "x"})
    full = sales.post(url(paper, "grant", asked.pk), {"why": "x"})
    assert "Every seat" in str(full.context["form"].errors)

    nobody = sales.post(url(paper, "move-seat", pk), {"licence": licence.pk, "user": "no@one.example", "why": "x"})
    sales.post(url(paper, "move-seat", pk), {"licence": licence.pk, "user": "mia@zebra.example", "why": "x"})
    sales.post(url(paper, "refuse", asked.pk), {"why": "moved instead"})
    assert list(nobody.context["form"].errors) == ["user"]
    assert (Seat.objects.taken().get().user, SeatRequest.objects.get().granted) == (member, False)

    sales.post(url(paper, "take-seat", held(paper, member).pk), {"licence": licence.pk, "why": "left"})
    assert not Seat.objects.taken().exists()


def test_an_invitation_is_taken_back_and_places_are_ended(sales, paper, owner):
    for deed, form in (
        ("invite", {"email": "new@zebra.example", "role": "member"}),
        ("domain", {"name": "zebra.example"}),
        ("network", {"cidr": "93.184.216.0/24"}),
    ):
        sales.post(url(paper, deed), form | {"why": "x"})
    for deed, row in (
        ("revoke", Invitation.objects.get()),
        ("end-domain", Domain.objects.get()),
        ("end-network", Network.objects.get()),
    ):
        assert sales.post(url(paper, deed, row.pk), {"why": "over"}).status_code == 302

    assert Invitation.objects.get().revoked_at is not None
    assert (Domain.objects.get().valid_to is None, Network.objects.get().valid_to is None) == (False, False)


def test_finance_looks_and_changes_nothing_and_others_are_not_let_in(at_desk, paper, owner):
    finance = a_user(is_staff=True)
    finance.groups.add(Group.objects.get(name=FINANCE))
    client = at_desk(finance)

    page = client.get(url(paper))
    assert (page.status_code, "Invite somebody" in page.content.decode()) == (200, False)
    for address in (url(paper, "invite"), "/desk/people/merge/"):
        assert client.post(address, {}).headers["Location"] == "/desk/"
    assert at_desk(owner).get(url(paper)).status_code == 302


@pytest.mark.parametrize("parts", [("conquer",), ("remove",), ("invite", 1), ("remove", 0)])
def test_there_is_no_such_deed(sales, paper, parts):
    assert sales.get(url(paper, *parts)).status_code == 404


def test_nothing_of_another_organisation_is_touched(sales, paper, owner):
    other = an_organisation()
    stranger = a_member(other, role="owner")
    assert sales.post(url(paper, "remove", held(other, stranger).pk), {"why": "x"}).status_code == 404


def test_two_accounts_are_made_one_with_a_reason_and_two_again(sales):
    keep, gone = a_user("here@zebra.example"), a_user("there@home.example")
    form = {"keep": "HERE@zebra.example", "gone": gone.email, "why": "left the paper, address is dead"}

    wrong = sales.post("/desk/people/merge/", form | {"gone": keep.email})
    unknown = sales.post("/desk/people/merge/", form | {"gone": "no@one.example", "why": ""})
    sales.post("/desk/people/merge/", form)
    merger = Merger.objects.get()
    page = sales.get("/desk/people/mergers/").content.decode()
    sales.post(f"/desk/people/mergers/{merger.pk}/undo/", {"why": "two people after all"})

    assert list(wrong.context["form"].errors) == ["gone"]
    assert list(unknown.context["form"].errors) == ["gone", "why"]
    assert (merger.keep, merger.gone, merger.one_sided) == (keep, gone, True)
    assert ("One address is dead." in page, "Undo" in page) == (True, True)
    assert Merger.objects.get().valid_to is not None
    again = sales.post(f"/desk/people/mergers/{merger.pk}/undo/", {"why": "again"})
    assert "can be undone no longer" in str(again.context["form"].errors)


def test_three_people_cost_as_many_queries_as_one(sales, paper, owner, licence):

    sales.get(url(paper))
    with CaptureQueriesContext(connection) as one:
        sales.get(url(paper))
    for _ in range(2):
        a_member(paper)
    with CaptureQueriesContext(connection) as three:
        sales.get(url(paper))
    assert len(one) == len(three)

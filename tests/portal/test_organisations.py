"""An organisation's own pages, as its owner, admin, member and payer see them."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsroom.accounts.addresses import follow
from newsroom.accounts.models import Domain, DomainClaim, JoinRule, Membership, Network, Organisation, User
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.licensing import seats
from newsroom.licensing.models import Invitation, Licence, Seat, SeatRequest
from newsroom.licensing.rules import Limits, Source, Use
from tests.factories import DAY, a_licence, a_member, a_release, a_user, an_organisation

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


@pytest.fixture
def paper() -> Organisation:
    return an_organisation("Daily Zebra")


@pytest.fixture
def owner(paper: Organisation) -> User:
    return a_member(paper, a_user("olga@zebra.example", name="Olga Owner"), role="owner")


def a_contract(paper: Organisation, count: int = 1) -> Licence:
    at = now()
    terms = {"starts_at": at - DAY, "ends_at": None, "at": at - DAY}
    return a_licence(paper, source=Source.CONTRACT, limits=Limits(seats=count), **terms)


def url(paper: Organisation, *parts: object) -> str:
    return f"/organisation/{paper.slug}/" + "".join(f"{part}/" for part in parts)


def held(paper: Organisation, user: User) -> Membership:
    found: Membership = Membership.objects.get(organisation=paper, user=user, valid_to=None)
    return found


def link(kind: str) -> str:
    message = Message.objects.filter(kind=kind).order_by("-pk")[0]
    found = re.search(r"http://[^/]+(/\S+)", message.text)
    assert found is not None
    return found[1]


def test_who_belongs_to_one_is_led_there_and_who_belongs_to_none_is_told(
    signed_in: Browser, paper: Organisation, owner: User
) -> None:
    assert signed_in(owner).get("/organisation/").headers["Location"] == url(paper)
    assert "You belong to no organisation" in signed_in(a_user()).get("/organisation/").content.decode()
    assert Client().get(url(paper)).headers["Location"].startswith("/account/login/")


def test_who_belongs_to_several_sees_all_and_chooses_which_to_look_after(
    signed_in: Browser, paper: Organisation, owner: User
) -> None:
    other = an_organisation("Weekly Yak")
    a_member(other, owner)
    browser = signed_in(owner)

    before = browser.get("/organisation/").content.decode()
    answer = browser.post(url(other, "choose"))
    after = browser.get("/organisation/").content.decode()

    assert ("Daily Zebra" in before, "Weekly Yak" in before, "This one" in before) == (True, True, False)
    assert (answer.headers["Location"], after.count("This one")) == (url(other), 1)
    assert signed_in(a_user()).post(url(other, "choose")).status_code == 404


@pytest.mark.parametrize(
    ("role", "open_to"),
    [
        ("owner", {"", "invitations", "requests", "usage", "settings", "ask", "leave"}),
        ("admin", {"", "invitations", "requests", "usage", "settings", "ask", "leave"}),
        ("billing", {"", "usage", "ask", "leave"}),
        ("member", {"", "ask", "leave"}),
    ],
)
def test_each_role_is_shown_its_pages(
    signed_in: Browser, paper: Organisation, owner: User, role: str, open_to: set[str]
) -> None:
    browser = signed_in(a_member(paper, role=role))
    pages = ("", "invitations", "requests", "usage", "settings", "ask", "leave")

    answers = {page: browser.get(url(paper, *([page] if page else []))).status_code for page in pages}

    assert {page for page, status in answers.items() if status == 200} == open_to
    assert set(answers.values()) <= {200, 403}
    page = browser.get(url(paper)).content.decode()
    assert ("Olga Owner" in page, ">People<" in page) == (True, role != "member")


def test_to_others_an_organisation_is_not_there(signed_in: Browser, paper: Organisation, owner: User) -> None:
    stranger = signed_in(a_user())
    former = a_member(paper)
    Membership.objects.filter(user=former).update(valid_to=now())
    for browser in (stranger, signed_in(former)):
        for page in ("", "invitations", "requests", "usage", "settings", f"people/{held(paper, owner).pk}"):
            assert browser.get(url(paper, *([page] if page else []))).status_code == 404
    assert stranger.get("/organisation/nothing/").status_code == 404


def test_people_are_searched_and_paged_in_the_same_number_of_queries(
    signed_in: Browser, paper: Organisation, owner: User
) -> None:
    browser, licence = signed_in(owner), a_contract(paper, 60)
    browser.get(url(paper))
    with CaptureQueriesContext(connection) as one:
        browser.get(url(paper))
    for number in range(55):
        user = a_member(paper, a_user(f"p{number:02}@zebra.example", name=f"Reader {number:02}"))
        if number < 3:
            seats.give(licence=licence, user=user, by=SYSTEM, at=now())
    with CaptureQueriesContext(connection) as many:
        first = browser.get(url(paper)).content.decode()

    assert len(one) == len(many)
    assert ("Page 1 of 2" in first, "3 of 60" in first) == (True, True)
    second = browser.get(url(paper) + "?page=2").content.decode()
    assert ("Reader 54" in first, "Reader 54" in second) == (False, True)
    found = browser.get(url(paper) + "?q=READER+0").content.decode()
    assert len(re.findall(r">Reader \d\d<", found)) == 10
    assert "Nobody is called so" in browser.get(url(paper) + "?q=unknown").content.decode()


def test_an_admin_gives_moves_and_takes_back_a_seat(signed_in: Browser, paper: Organisation, owner: User) -> None:
    licence, ben, mia = a_contract(paper), a_member(paper), a_member(paper, a_user("mia@zebra.example"))
    browser, page = signed_in(owner), url(paper, "people", held(paper, ben).pk)

    browser.post(page, {"deed": "give", "licence": licence.pk})
    assert Seat.objects.taken().get().user == ben
    wrong = browser.post(page, {"deed": "move", "licence": licence.pk, "user": "nobody@zebra.example"})
    assert (wrong.status_code, "This person is not of the organisation." in wrong.content.decode()) == (400, True)
    browser.post(page, {"deed": "move", "licence": licence.pk, "user": "MIA@zebra.example"})
    assert Seat.objects.taken().get().user == mia
    full = browser.post(page, {"deed": "give", "licence": licence.pk}, follow=True)
    assert "Every seat of this licence is taken." in full.content.decode()
    browser.post(url(paper, "people", held(paper, mia).pk), {"deed": "take", "licence": licence.pk})
    assert not Seat.objects.taken().exists()


def test_anothers_licence_is_not_there(signed_in: Browser, paper: Organisation, owner: User) -> None:
    page, foreign = url(paper, "people", held(paper, owner).pk), a_contract(an_organisation())
    for form in ({"deed": "give", "licence": foreign.pk}, {"deed": "give", "licence": "x"}, {"deed": "conquer"}):
        assert signed_in(owner).post(page, form).status_code == 404


def test_an_admin_makes_no_owner_and_unmakes_none(signed_in: Browser, paper: Organisation, owner: User) -> None:
    admin, member = a_member(paper, role="admin"), a_member(paper)
    browser = signed_in(admin)

    promoted = browser.post(url(paper, "people", held(paper, member).pk), {"deed": "role", "role": "owner"})
    demoted = browser.post(url(paper, "people", held(paper, owner).pk), {"deed": "role", "role": "member"})
    browser.post(url(paper, "people", held(paper, owner).pk), {"deed": "remove"})
    invited = browser.post(url(paper, "invitations"), {"email": "a@b.example", "role": "owner", "licence": ""})

    assert (promoted.status_code, demoted.status_code, invited.status_code) == (400, 400, 400)
    assert (held(paper, member).role, held(paper, owner).role) == ("member", "owner")


def test_who_is_removed_or_leaves_is_out_with_the_next_request(
    signed_in: Browser, paper: Organisation, owner: User
) -> None:
    a_licence(paper, source=Source.CONTRACT, starts_at=now() - DAY, ends_at=None, at=now() - DAY)
    story = a_release(now() - DAY).item.get_absolute_url()
    ben, mia = a_member(paper), a_member(paper)
    readers = {user.pk: signed_in(user) for user in (ben, mia)}
    text = "The first ferry left at dawn."
    assert all(text in reader.get(story).content.decode() for reader in readers.values())

    signed_in(owner).post(url(paper, "people", held(paper, ben).pk), {"deed": "remove"})
    readers[mia.pk].post(url(paper, "leave"))

    assert not any(text in reader.get(story).content.decode() for reader in readers.values())
    assert readers[ben.pk].get("/account/").status_code == 200  # the session goes on
    last = signed_in(owner).post(url(paper, "leave"), follow=True)
    assert last.redirect_chain[-1][0] == "/organisation/"


def test_somebody_is_invited_signs_in_and_joins(signed_in: Browser, paper: Organisation, owner: User) -> None:
    licence = a_contract(paper)
    form = {"email": "New@zebra.example", "role": "member", "licence": licence.pk}
    signed_in(owner).post(url(paper, "invitations"), form)
    address, user = link("organisation_invitation"), a_user("new@zebra.example")

    stranger = Client().get(address)
    before = signed_in(user).get(address).content.decode()
    answer = signed_in(user).post(address)

    assert "Create an account" in stranger.content.decode()
    assert f"next={address.replace('/', '%2F')}" in stranger.content.decode()
    assert stranger.headers["Referrer-Policy"] == "same-origin"
    assert "consent" not in before
    assert (answer.headers["Location"], held(paper, user).role) == (url(paper), "member")
    assert Seat.objects.taken().get().user == user
    assert Client().get(address).status_code == 410


def test_another_account_joins_only_after_saying_so(signed_in: Browser, paper: Organisation, owner: User) -> None:
    signed_in(owner).post(url(paper, "invitations"), {"email": "new@zebra.example", "role": "member", "licence": ""})
    address, user = link("organisation_invitation"), a_user("me@home.example")
    follow(user_id=user.pk, email=user.email, verified=True, at=now())
    browser = signed_in(user)

    assert "That is not the address that was invited." in browser.get(address).content.decode()
    assert browser.post(address, {}).status_code == 400
    assert browser.post(address, {"consent": "on"}).status_code == 302
    assert held(paper, user).role == "member"


def test_invitations_are_listed_sent_again_and_taken_back(signed_in: Browser, paper: Organisation, owner: User) -> None:
    browser = signed_in(owner)
    browser.post(url(paper, "invitations"), {"email": "new@zebra.example", "role": "billing", "licence": ""})
    made = Invitation.objects.get()
    soon = browser.post(url(paper, "invitations", made.pk, "again"), follow=True)
    twice = browser.post(url(paper, "invitations"), {"email": "new@zebra.example", "role": "member", "licence": ""})
    browser.post(url(paper, "invitations", made.pk, "revoke"))

    assert ("new@zebra.example" in soon.content.decode(), "five minutes" in soon.content.decode()) == (True, True)
    assert (twice.status_code, "is invited already" in twice.content.decode()) == (400, True)
    assert "Nobody is invited" in browser.get(url(paper, "invitations")).content.decode()
    assert browser.post(url(paper, "invitations", made.pk, "again")).status_code == 404


def test_a_member_asks_for_a_seat_and_an_admin_decides(signed_in: Browser, paper: Organisation, owner: User) -> None:
    licence, ben = a_contract(paper), a_member(paper)
    empty = signed_in(ben).post(url(paper, "ask"), {"licence": "", "note": ""})
    signed_in(ben).post(url(paper, "ask"), {"licence": licence.pk, "note": "I write about ferries."})
    browser = signed_in(owner)
    page = browser.get(url(paper, "requests")).content.decode()
    browser.post(url(paper, "requests", SeatRequest.objects.get().pk), {"answer": "grant"})

    assert (empty.status_code, "Say in which licence" in empty.content.decode()) == (400, True)
    assert ("I write about ferries." in page, "Requests (1)" in page) == (True, True)
    assert Seat.objects.taken().get().user == ben
    assert "Granted" in browser.get(url(paper, "requests")).content.decode()
    assert link("organisation_request") == url(paper, "requests")


def test_a_colleague_joins_by_mail_domain_or_asks(signed_in: Browser, paper: Organisation, owner: User) -> None:
    Domain.objects.create(organisation=paper, name="zebra.example", valid_from=now() - DAY)
    colleague = a_user("x@zebra.example")
    follow(user_id=colleague.pk, email="x@zebra.example", verified=True, at=now() - DAY)
    browser, join = signed_in(colleague), url(paper, "join")

    assert browser.post(join).status_code == 404
    Organisation.objects.update(join_rule=JoinRule.ASK)
    assert "Ask to join Daily Zebra" in browser.get("/organisation/").content.decode()
    browser.post(join)
    assert (SeatRequest.objects.get().user, Membership.objects.filter(user=colleague).exists()) == (colleague, False)
    Organisation.objects.update(join_rule=JoinRule.OPEN)
    browser.post(join)
    assert held(paper, colleague).role == "member"


def test_settings_are_saved_and_what_is_wrong_is_said_at_its_field(
    signed_in: Browser, paper: Organisation, owner: User
) -> None:
    browser, page = signed_in(owner), url(paper, "settings")
    other = an_organisation()
    Network.objects.create(organisation=other, cidr="93.184.217.0/24", valid_from=now())

    browser.post(page, {"form": "rule", "join_rule": "open"})
    browser.post(page, {"form": "domain", "name": "Zebra.Example."})
    browser.post(page, {"form": "network", "cidr": "93.184.216.0/24", "note": "library"})
    wrong = {
        form["form"]: browser.post(page, form).content.decode()
        for form in (
            {"form": "rule", "join_rule": "maybe"},
            {"form": "domain", "name": "gmail.com"},
            {"form": "network", "cidr": "93.184.0.0/16"},
        )
    }
    shown = browser.get(page).content.decode()

    assert Organisation.objects.get(pk=paper.pk).join_rule == "open"
    assert ("_newsroom.zebra.example" in shown, DomainClaim.objects.get().token in shown) == (True, True)
    assert "93.184.216.0/24" in shown
    assert "Everybody can have an address" in wrong["domain"]
    assert "hold" in wrong["network"] or "another organisation" in wrong["network"]
    assert other.name not in wrong["network"]
    assert "Select a valid choice" in wrong["rule"]


class Records:
    """A Domain Name System in which the first claim is proven."""

    def texts(self, name: str) -> list[str]:
        return [DomainClaim.objects.earliest("pk").token]


def test_a_domain_is_proven_given_up_and_ended_and_a_network_ended(
    signed_in: Browser, paper: Organisation, owner: User, settings: pytest.FixtureRequest
) -> None:
    settings.DOMAIN_RESOLVER = f"{__name__}.Records"  # type: ignore[attr-defined]  # pytest-django's
    browser, page = signed_in(owner), url(paper, "settings")
    for name in ("zebra.example", "yak.example"):
        browser.post(page, {"form": "domain", "name": name})
    browser.post(page, {"form": "network", "cidr": "93.184.216.0/24"})
    first, second = DomainClaim.objects.order_by("pk")

    browser.post(url(paper, "settings", "claims", first.pk, "check"))
    missing = browser.post(url(paper, "settings", "claims", second.pk, "check"), follow=True).content.decode()
    browser.post(url(paper, "settings", "claims", second.pk, "withdraw"))
    domain, network = Domain.objects.get(), Network.objects.get()
    assert (domain.name, domain.proof, "not there yet" in missing) == ("zebra.example", "dns", True)
    browser.post(url(paper, "settings", "domains", domain.pk, "end"))
    browser.post(url(paper, "settings", "networks", network.pk, "end"))

    assert (Domain.objects.get().valid_to is None, Network.objects.get().valid_to is None) == (False, False)
    assert not DomainClaim.objects.filter(closed_at=None).exists()
    assert browser.post(url(paper, "settings", "networks", network.pk, "end")).status_code == 404


def test_usage_is_counted_by_use(signed_in: Browser, paper: Organisation, owner: User) -> None:
    browser = signed_in(owner)
    assert "Nothing was used" in browser.get(url(paper, "usage")).content.decode()
    terms = {"starts_at": now() - DAY, "ends_at": None, "at": now() - DAY}
    a_licence(paper, source=Source.CONTRACT, uses=[Use.READ], **terms)
    browser.get(a_release(now() - DAY).item.get_absolute_url())

    page = browser.get(url(paper, "usage")).content.decode()

    assert re.search(r"<td>Read</td><td>1</td><td>1</td>", page) is not None


def test_two_accounts_become_one_when_both_addresses_agree(signed_in: Browser, owner: User) -> None:
    gone = a_user("old@home.example")
    browser, other = signed_in(owner), signed_in(gone)
    wrong = browser.post("/account/merge/", {"email": owner.email})
    said = [browser.post("/account/merge/", {"email": email}, follow=True) for email in ("no@one.example", gone.email)]
    links = {each.to: re.search(r"(/account/merge/\S+/)", each.text)[1] for each in Message.objects.all()}  # type: ignore[index]

    assert (wrong.status_code, "signed in with" in wrong.content.decode()) == (400, True)
    assert len({re.sub(r'value="[^"]{60,}"|request [0-9a-f]+', "", each.content.decode()) for each in said}) == 1
    for address in links.values():
        assert Client().get(address).status_code == 200
        Client().post(address, {"answer": "agree"})
    assert other.get("/account/").status_code == 302
    assert browser.get("/account/").status_code == 200
    assert {Client().get(address).status_code for address in links.values()} == {410}

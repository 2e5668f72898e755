"""Joining by mail domain, and requests that admins decide."""

import pytest

from newsroom.accounts.actions import set_join_rule
from newsroom.accounts.addresses import follow
from newsroom.accounts.models import JoinRule, Membership, Organisation
from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry, Message
from newsroom.licensing import seats
from newsroom.licensing.models import Seat, SeatRequest
from newsroom.licensing.organisations import domains, members, requests
from tests.factories import HOUR, NOON, a_licence, a_user
from tests.licensing.organisations.people import LONG_AGO, a_paper, at_domain, belong, membership, seated

pytestmark = pytest.mark.django_db


def ask(paper, user, at=NOON, **facts):
    return requests.ask(organisation=paper, user=user, by=user.actor, at=at, **facts)


def decide(asked, grant, by, at=NOON):
    requests.decide(request=asked, grant=grant, by=by.actor, at=at)


def mails() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("pk").values_list("kind", "to"))


def test_where_it_is_open_a_colleague_joins_at_once_as_a_member():
    uni, _owner = a_paper()
    user = at_domain(uni, JoinRule.OPEN)

    assert domains.joinable(user, NOON) == [uni]
    domains.join(organisation=uni, user=user, by=user.actor, at=NOON)

    assert (membership(uni, user).role, domains.joinable(user, NOON)) == ("member", [])


def test_where_admins_decide_a_colleague_asks_and_they_get_a_mail():
    uni, owner = a_paper()
    admin, _member, _payer = (belong(uni, role=role) for role in ("admin", "member", "billing"))
    user, licence = at_domain(uni, JoinRule.ASK), seated(uni, 1)

    with pytest.raises(domains.NotOpen):
        domains.join(organisation=uni, user=user, by=user.actor, at=NOON)
    asked = ask(uni, user, licence=licence, note="I teach.")
    ask(uni, user, licence=licence)
    decide(asked, True, owner)

    assert mails() == [
        ("organisation_request", owner.email),
        ("organisation_request", admin.email),
        ("organisation_request_decided", user.email),
    ]
    assert membership(uni, user).role == "member"
    assert Seat.objects.taken().get().user == user
    assert SeatRequest.objects.values_list("granted", "decided_by").get() == (True, "Olga Owner")


def test_where_it_is_closed_nobody_joins_or_asks():
    uni, _owner = a_paper()
    user = at_domain(uni, JoinRule.OFF)

    assert domains.joinable(user, NOON) == []
    for deed in (domains.join, requests.ask):
        with pytest.raises(domains.NotOpen):
            deed(organisation=uni, user=user, by=user.actor, at=NOON)


@pytest.mark.parametrize(
    "email",
    [
        "user@evil.example.uni.example",
        "user@sub.uni.example",
        "user@uni.example.evil.example",
        "user@notuni.example",
        '"user@uni.example"@evil.example',
    ],
)
def test_only_exactly_this_domain_counts(email):
    uni, _owner = a_paper()
    at_domain(uni, JoinRule.OPEN)
    stranger = a_user()
    follow(user_id=stranger.pk, email=email, verified=True, at=LONG_AGO)

    with pytest.raises(domains.NotOfDomain) as refusal:
        domains.join(organisation=uni, user=stranger, by=stranger.actor, at=NOON)

    assert (refusal.value.field, domains.joinable(stranger, NOON)) == ("email", [])


def test_an_address_that_is_verified_no_longer_joins_nothing():
    uni, _owner = a_paper()
    user = at_domain(uni, JoinRule.OPEN)
    follow(user_id=user.pk, email=f"{user.pk}@uni.example", verified=False, at=NOON - HOUR)

    with pytest.raises(domains.NotOfDomain):
        domains.join(organisation=uni, user=user, by=user.actor, at=NOON)


def test_a_member_asks_for_a_seat_and_gets_it_or_does_not():
    paper, owner = a_paper()
    licence = seated(paper, 1)
    ada, ben = belong(paper), belong(paper)

    decide(ask(paper, ada, licence=licence), True, owner)
    refused = ask(paper, ben, licence=licence)
    with pytest.raises(seats.SeatsFull):
        decide(refused, True, owner)
    assert SeatRequest.objects.open().get() == refused
    decide(refused, False, owner)

    assert [each.user for each in Seat.objects.taken().filter(licence=licence)] == [ada]
    assert SeatRequest.objects.get(user=ben).granted is False
    with pytest.raises(requests.AlreadyDecided):
        decide(refused, True, owner)


def test_what_cannot_be_asked_for_is_said_at_its_field():
    paper, _owner = a_paper()
    licence, user = seated(paper, 1), belong(paper)
    seats.give(licence=licence, user=user, by=SYSTEM, at=NOON)

    for facts in ({}, {"licence": licence}, {"licence": a_licence(paper)}):
        with pytest.raises(requests.RequestRefused) as refusal:
            ask(paper, user, **facts)
        assert refusal.value.field == "licence"


def test_the_rule_is_changed_with_a_line_in_the_audit():
    paper, owner = a_paper()

    for rule in (JoinRule.OPEN, JoinRule.OPEN):
        set_join_rule(organisation=paper, rule=rule, by=owner.actor, at=NOON)

    assert Organisation.objects.get(pk=paper.pk).join_rule == "open"
    assert AuditEntry.objects.get(action="organisation.join_rule").facts == {"from": "off", "to": "open"}


def test_who_joined_already_does_not_join_again():
    uni, _owner = a_paper()
    user = at_domain(uni, JoinRule.OPEN)
    domains.join(organisation=uni, user=user, by=user.actor, at=NOON)

    with pytest.raises(members.AlreadyMember):
        domains.join(organisation=uni, user=user, by=user.actor, at=NOON)
    assert Membership.objects.filter(user=user).count() == 1

"""Invitations: by mail, once, for as long as whoever sent it may invite."""

import re
from datetime import timedelta

import pytest

from newsroom.accounts.addresses import follow
from newsroom.accounts.models import Membership
from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry, Message
from newsroom.licensing import seats
from newsroom.licensing.models import Invitation, SeatRequest
from newsroom.licensing.organisations import invitations, members
from newsroom.licensing.organisations.invitations import (
    LIVES,
    ConsentNeeded,
    InvitationDead,
    InvitationRefused,
)
from tests.factories import DAY, HOUR, NOON, a_licence, a_user
from tests.licensing.organisations.people import LONG_AGO, a_paper, belong, membership, seated

pytestmark = pytest.mark.django_db


def invite(paper, owner, email="new@paper.example", role="member", at=NOON, **facts):
    return invitations.invite(
        organisation=paper, email=email, role=role, by=owner.actor, sender=owner, at=at, locale="en", **facts
    )


def token_of(message: Message) -> str:
    found = re.search(r"/organisation/invitation/([^/\s]+)/", message.text)
    assert found is not None
    return found[1]


def last_token() -> str:
    return token_of(Message.objects.order_by("-pk")[0])


def accept(user, at=NOON, consent=False, token=""):
    return invitations.accept(token=token or last_token(), user=user, consent=consent, by=user.actor, at=at)


def test_an_invitation_is_a_mail_with_128_bits_of_which_only_the_digest_is_kept():
    paper, owner = a_paper()

    made = invite(paper, owner, email=" New@Paper.Example ")

    message = Message.objects.get()
    assert (message.to, message.kind) == ("new@paper.example", "organisation_invitation")
    assert paper.name in message.subject
    assert "Olga Owner asks you to join" in message.text
    assert len(token_of(message)) == 22
    assert token_of(message) not in str(Invitation.objects.values().get())
    assert made.expires_at == NOON + LIVES
    assert AuditEntry.objects.get(action="organisation.invited").facts["role"] == "member"


def test_who_accepts_is_a_member_and_sits():
    paper, owner = a_paper()
    licence, user = seated(paper, 1), a_user("new@paper.example")
    invite(paper, owner, licence=licence, role="admin")

    accepted = accept(user)

    assert (accepted.membership.role, accepted.seat.number) == ("admin", 1)
    assert Invitation.objects.values_list("accepted_by", "accepted_at").get() == (user.pk, NOON)


def test_a_link_is_used_once():
    paper, owner = a_paper()
    invite(paper, owner)
    accept(a_user("new@paper.example"))

    with pytest.raises(InvitationDead):
        accept(a_user(), consent=True)


def test_another_verified_address_joins_by_consent_only():
    paper, owner = a_paper()
    other = a_user("me@home.example")
    invite(paper, owner)

    with pytest.raises(ConsentNeeded, match="Confirm your own"):
        accept(other, consent=True)
    follow(user_id=other.pk, email="me@home.example", verified=True, at=LONG_AGO)
    with pytest.raises(ConsentNeeded, match="with this account"):
        accept(other)
    accept(other, consent=True)

    assert membership(paper, other).role == "member"


def test_a_second_verified_address_of_a_person_is_theirs_without_asking():
    paper, owner = a_paper()
    user = a_user("me@home.example")
    follow(user_id=user.pk, email="new@paper.example", verified=True, at=LONG_AGO)
    invite(paper, owner)

    accept(user)

    assert membership(paper, user).valid_from == NOON


@pytest.mark.parametrize("later", [LIVES, LIVES + HOUR])
def test_a_link_that_ran_out_is_dead(later):
    paper, owner = a_paper()
    invite(paper, owner)

    with pytest.raises(InvitationDead):
        accept(a_user("new@paper.example"), at=NOON + later)


def test_a_link_that_was_taken_back_is_dead():
    paper, owner = a_paper()
    invitations.revoke(invitation=invite(paper, owner), by=owner.actor, at=NOON)

    with pytest.raises(InvitationDead):
        accept(a_user("new@paper.example"))


@pytest.mark.parametrize("fate", ["removed", "made a member"])
def test_a_link_dies_with_the_right_of_whoever_sent_it(fate):
    paper, _owner = a_paper()
    admin = belong(paper, role="admin")
    invite(paper, admin)

    if fate == "removed":
        members.remove(membership=membership(paper, admin), by=SYSTEM, at=NOON)
    else:
        members.change_role(membership=membership(paper, admin), role="member", by=SYSTEM, at=NOON)

    with pytest.raises(InvitationDead):
        accept(a_user("new@paper.example"))


def test_staff_invites_the_first_owner_and_no_token_opens_by_being_empty():
    paper, _owner = a_paper()
    invitations.invite(organisation=paper, email="a@b.example", role="owner", by=SYSTEM, at=NOON, locale="fr")

    message = Message.objects.get()
    assert (message.locale, "Anka Wire" in message.text) == ("fr", True)
    for token in ("", "x" * 22):
        with pytest.raises(InvitationDead):
            invitations.find(token=token, at=NOON)


def test_sent_again_the_former_link_is_dead_and_the_time_begins_anew():
    paper, owner = a_paper()
    made = invite(paper, owner)
    first = last_token()

    later = NOON + 10 * DAY
    invitations.resend(invitation=made, by=owner.actor, at=later, locale="en")

    with pytest.raises(InvitationDead):
        invitations.find(token=first, at=later)
    assert invitations.find(token=last_token(), at=later + LIVES - HOUR).sent == 2


def test_it_is_not_sent_again_too_soon_nor_too_often_nor_when_it_is_over():
    paper, owner = a_paper()
    made = invite(paper, owner)
    with pytest.raises(InvitationRefused, match="five minutes"):
        invitations.resend(invitation=made, by=owner.actor, at=NOON + timedelta(minutes=4), locale="en")
    Invitation.objects.update(sent=invitations.MOST_SENT)
    with pytest.raises(InvitationRefused, match="too often"):
        invitations.resend(invitation=made, by=owner.actor, at=NOON + HOUR, locale="en")
    invitations.revoke(invitation=made, by=owner.actor, at=NOON)
    with pytest.raises(InvitationRefused, match="no longer open"):
        invitations.resend(invitation=made, by=owner.actor, at=NOON + HOUR, locale="en")


def test_when_every_seat_is_taken_the_person_joins_and_the_admins_are_asked():
    paper, owner = a_paper()
    licence = seated(paper, 1)
    user = a_user("new@paper.example")
    invite(paper, owner, licence=licence)
    seats.give(licence=licence, user=owner, by=SYSTEM, at=NOON)

    accepted = accept(user)

    assert (accepted.membership.user, accepted.seat) == (user, None)
    asked = SeatRequest.objects.get()
    assert (asked.user, asked.licence, asked.decided_at) == (user, licence, None)


def test_what_is_wrong_with_an_invitation_is_said_at_its_field():
    paper, owner = a_paper()
    other, _other_owner = a_paper()
    belong(paper, a_user("here@paper.example"))
    invite(paper, owner, email="twice@paper.example")

    def field(**facts) -> str:
        with pytest.raises(members.MemberRefused) as refusal:
            invite(paper, owner, **facts)
        return refusal.value.field

    assert [
        field(email="nobody"),
        field(email="a@b@c.example"),
        field(email="here@paper.example"),
        field(email="TWICE@paper.example"),
        field(role="emperor"),
        field(licence=a_licence(other)),
    ] == ["email", "email", "email", "email", "role", "licence"]
    assert Membership.objects.filter(organisation=paper).count() == 2


def test_nobody_is_invited_to_a_seat_when_every_seat_is_taken():
    paper, owner = a_paper()
    licence = seated(paper, 1)
    seats.give(licence=licence, user=owner, by=SYSTEM, at=NOON)
    with pytest.raises(InvitationRefused, match="Every seat of this licence is taken") as refusal:
        invite(paper, owner, licence=licence)
    assert refusal.value.field == "licence"

"""Roles, leaving and removal."""

import pytest
from django.db import IntegrityError, connection, transaction

from newsroom.accounts.models import Membership
from newsroom.accounts.readers import reader_of
from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from newsroom.licensing import seats
from newsroom.licensing.models import Seat
from newsroom.licensing.organisations import members
from newsroom.licensing.organisations.roles import Deed, NotAllowed, check_over, may, stronger
from tests.factories import HOUR, NOON, a_user, an_organisation
from tests.licensing.organisations.people import a_paper, belong, membership, seated

pytestmark = pytest.mark.django_db


def settle() -> None:
    """What the database checks at the commit, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def changed_and_settled(change) -> None:
    change()
    settle()


def test_a_role_changes_from_a_moment_on_and_what_it_was_is_kept():
    paper, _owner = a_paper()
    user = belong(paper)

    members.change_role(membership=membership(paper, user), role="admin", by=SYSTEM, at=NOON, why="promoted")

    rows = Membership.objects.filter(organisation=paper, user=user).order_by("valid_from")
    assert [(each.role, each.valid_to) for each in rows] == [("member", NOON), ("admin", None)]
    assert reader_of(user, NOON).organisation_ids == {paper.pk}
    line = AuditEntry.objects.get(action="organisation.role_changed")
    assert (line.why, line.facts) == ("promoted", {"user": user.pk, "from": "member", "to": "admin"})


def test_the_only_owner_neither_steps_down_nor_leaves():
    paper, owner = a_paper()
    belong(paper)

    for deed in (
        lambda: members.change_role(membership=membership(paper, owner), role="admin", by=SYSTEM, at=NOON),
        lambda: members.remove(membership=membership(paper, owner), by=owner.actor, at=NOON),
    ):
        with pytest.raises(members.LastOwner) as refusal:
            deed()
        assert refusal.value.field == "role"


def test_the_last_member_of_all_may_leave():
    paper, owner = a_paper()

    members.remove(membership=membership(paper, owner), by=owner.actor, at=NOON)
    settle()

    assert not Membership.objects.valid(NOON).filter(organisation=paper).exists()


def test_the_first_member_is_an_owner():
    with pytest.raises(members.LastOwner):
        members.join(organisation=an_organisation(), user=a_user(), role="member", by=SYSTEM, at=NOON)


def test_the_database_refuses_members_without_an_owner_at_the_commit():
    paper, owner = a_paper()
    belong(paper)
    settle()

    for change in (
        lambda: Membership.objects.filter(user=owner).update(valid_to=NOON),
        lambda: Membership.objects.filter(user=owner).update(role="admin"),
        lambda: Membership.objects.filter(user=owner).delete(),
        lambda: Membership.objects.create(user=owner, organisation=an_organisation(), valid_from=NOON),
    ):
        with pytest.raises(IntegrityError, match="has members and no owner"), transaction.atomic():
            changed_and_settled(change)


def test_the_database_lets_an_owner_be_replaced_within_one_transaction():
    paper, owner = a_paper()
    other = belong(paper)

    Membership.objects.filter(user=owner).update(role="member")
    Membership.objects.filter(user=other).update(role="owner")

    settle()


def test_one_open_membership_a_person():
    paper, owner = a_paper()

    with pytest.raises(members.AlreadyMember) as refusal:
        members.join(organisation=paper, user=owner, role="member", by=SYSTEM, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        belong(paper, owner)

    assert refusal.value.field == "email"


def test_who_is_removed_sits_nowhere_and_may_nothing_from_that_moment_on():
    paper, _owner = a_paper()
    other, _other_owner = a_paper()
    user = belong(other, belong(paper))
    licence, elsewhere = seated(paper, 1), seated(other, 1)
    for each in (licence, elsewhere):
        seats.give(licence=each, user=user, by=SYSTEM, at=NOON - HOUR)

    members.remove(membership=membership(paper, user), by=SYSTEM, at=NOON, why="left the paper")

    assert [each.licence for each in Seat.objects.taken().filter(user=user)] == [elsewhere]
    assert reader_of(user, NOON).organisation_ids == {other.pk}
    assert reader_of(user, NOON - HOUR).organisation_ids == {paper.pk, other.pk}
    assert AuditEntry.objects.get(action="organisation.removed").why == "left the paper"


def test_who_is_gone_is_not_removed_again():
    paper, _owner = a_paper()
    held = membership(paper, belong(paper))
    members.remove(membership=held, by=SYSTEM, at=NOON)

    with pytest.raises(members.NotMember):
        members.remove(membership=held, by=SYSTEM, at=NOON)


@pytest.mark.parametrize(
    ("role", "people", "manages", "settings", "usage"),
    [
        ("owner", True, True, True, True),
        ("admin", True, True, True, True),
        ("billing", True, False, False, True),
        ("member", False, False, False, False),
    ],
)
def test_what_each_role_does(role, people, manages, settings, usage):
    deeds = (Deed.PEOPLE, Deed.MANAGE, Deed.SETTINGS, Deed.USAGE)
    assert [may(role, deed) for deed in deeds] == [people, manages, settings, usage]


@pytest.mark.parametrize(
    ("own", "roles"), [("admin", ("owner",)), ("admin", ("member", "owner")), ("billing", ("member",)), ("member", ())]
)
def test_who_may_not_change_whom(own, roles):
    with pytest.raises(NotAllowed):
        check_over(own, *roles)


def test_an_owner_changes_owners_and_the_stronger_role_counts():
    check_over("owner", "owner", "admin")
    check_over("admin", "admin", "member")
    assert (stronger("member", "billing"), stronger("owner", "admin")) == ("billing", "owner")

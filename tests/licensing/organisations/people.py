"""Organisations with people, for the tests of this folder."""

from typing import Any

from newsroom.accounts.actions import add_domain
from newsroom.accounts.addresses import follow
from newsroom.accounts.models import JoinRule, Membership, Organisation, User
from newsroom.core.audit import SYSTEM
from newsroom.licensing.models import Licence
from newsroom.licensing.rules import Limits, Source
from tests.factories import DAY, NOON, a_licence, a_user, an_organisation

LONG_AGO = NOON - 100 * DAY


def a_paper(**facts: Any) -> tuple[Organisation, User]:
    """An organisation and its owner."""
    paper, owner = an_organisation(**facts), a_user(name="Olga Owner")
    belong(paper, owner, "owner")
    return paper, owner


def belong(paper: Organisation, user: User | None = None, role: str = "member") -> User:
    user = user or a_user()
    Membership.objects.create(user=user, organisation=paper, role=role, valid_from=LONG_AGO)
    return user


def membership(paper: Organisation, user: User) -> Membership:
    return Membership.objects.get(organisation=paper, user=user, valid_to=None)


def seated(paper: Organisation, seats: int, **facts: Any) -> Licence:
    """A licence of so many named seats."""
    return a_licence(paper, source=Source.CONTRACT, limits=Limits(seats=seats), **facts)


def at_domain(paper: Organisation, rule: JoinRule, domain: str = "uni.example") -> User:
    """Somebody with a verified address at the organisation's mail domain."""
    add_domain(organisation=paper, name=domain, by=SYSTEM, at=LONG_AGO, why="known")
    Organisation.objects.filter(pk=paper.pk).update(join_rule=rule)
    user = a_user()
    follow(user_id=user.pk, email=f"{user.pk}@{domain}", verified=True, at=LONG_AGO)
    return user

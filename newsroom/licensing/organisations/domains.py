"""Joining by a verified address at an organisation's mail domain."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import Address, Domain, JoinRule, Membership, Organisation, User
from newsroom.core.audit import Actor
from newsroom.licensing.organisations import members
from newsroom.licensing.organisations.members import MemberRefused


class NotOfDomain(MemberRefused):
    """No verified address of this person is at a mail domain of the organisation's."""


class NotOpen(MemberRefused):
    """The organisation does not let people join in this way."""


def joinable(user: User, at: datetime) -> list[Organisation]:
    """The organisations that this person could join or ask. One query."""
    hosts = Address.objects.valid(at).filter(user=user).values("host")
    theirs = Domain.objects.valid(at).filter(name__in=hosts).values("organisation_id")
    mine = Membership.objects.valid(at).filter(user=user).values("organisation_id")
    found = Organisation.objects.filter(pk__in=theirs).exclude(pk__in=mine).exclude(join_rule=JoinRule.OFF)
    return list(found.order_by("name", "pk"))


def check_may_ask(organisation: Organisation, user: User, at: datetime) -> None:
    """Raises `NotOfDomain`, `NotOpen`."""
    domains = Domain.objects.valid(at).filter(organisation=organisation).values("name")
    if not Address.objects.valid(at).filter(user=user, host__in=domains).exists():
        raise NotOfDomain("email", _("Your address is not at a mail domain of this organisation."))
    rule = Organisation.objects.values_list("join_rule", flat=True).get(pk=organisation.pk)
    if rule == JoinRule.OFF:
        raise NotOpen("organisation", _("This organisation is joined by invitation only."))


@transaction.atomic
def join(*, organisation: Organisation, user: User, by: Actor, at: datetime) -> Membership:
    """The person joins at once, as a member. Raises `NotOfDomain`, `NotOpen`, `AlreadyMember`."""
    members.hold(organisation)
    check_may_ask(organisation, user, at)
    if Organisation.objects.values_list("join_rule", flat=True).get(pk=organisation.pk) != JoinRule.OPEN:
        raise NotOpen("organisation", _("An admin of the organisation decides. Ask them here."))
    role = Membership.Role.MEMBER
    return members.join(organisation=organisation, user=user, role=role, by=by, at=at, why="by mail domain")

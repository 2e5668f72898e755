"""Members of an organisation: they join, change roles, leave and are removed. A change closes a row and adds the next."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import Membership, Organisation, User
from newsroom.accounts.querysets import ValidQuerySet
from newsroom.accounts.signals import belonging_changed
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused
from newsroom.core.jobs import announce
from newsroom.licensing import seats


class MemberRefused(Refused):
    """This cannot be done with a member. `field` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class AlreadyMember(MemberRefused):
    """The person belongs to the organisation already."""


class NotMember(MemberRefused):
    """The person does not belong to the organisation."""


class LastOwner(MemberRefused):
    """An organisation with members has at least one owner."""


@transaction.atomic
def join(*, organisation: Organisation, user: User, role: str, by: Actor, at: datetime, why: str = "") -> Membership:
    """The person belongs to the organisation from now on. Raises `AlreadyMember`; `LastOwner` for a first non-owner."""
    hold(organisation)
    if _open(organisation, user) is not None:
        raise AlreadyMember("email", _("This person is a member already."))
    if role != Membership.Role.OWNER and not _owners(organisation).exists():
        raise LastOwner("role", _("The first member of an organisation is an owner."))
    made = begin(organisation, user, role, at)
    facts = {"user": user.pk, "role": role}
    audit.record("organisation.joined", by=by, of=organisation, at=at, why=why, facts=facts)
    return made


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: Actor, at: datetime, why: str = "") -> Membership:
    """The member has this role from now on. Raises `NotMember`, `LastOwner`."""
    membership = _current(membership)
    if membership.role == role:
        return membership
    if membership.role == Membership.Role.OWNER:
        _check_other_owner(membership)
    finish(membership, at)
    made = begin(membership.organisation, membership.user, role, at)
    facts = {"user": membership.user_id, "from": membership.role, "to": role}
    audit.record("organisation.role_changed", by=by, of=membership.organisation, at=at, why=why, facts=facts)
    return made


@transaction.atomic
def remove(*, membership: Membership, by: Actor, at: datetime, why: str = "") -> None:
    """The person belongs no longer, and sits in none of the organisation's licences. Sessions go on; what they opened
    does not, from the next request. Raises `NotMember`, `LastOwner`."""
    membership = _current(membership)
    if membership.role == Membership.Role.OWNER and _others(membership).exists():
        _check_other_owner(membership)
    seats.clear(organisation_id=membership.organisation_id, user=membership.user, by=by, at=at, why=why)
    finish(membership, at)
    action = "organisation.left" if by.id == membership.user_id else "organisation.removed"
    facts = {"user": membership.user_id, "role": membership.role}
    audit.record(action, by=by, of=membership.organisation, at=at, why=why, facts=facts)


def hold(organisation: Organisation) -> None:
    """Nobody else changes who belongs to it, until this transaction ends."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def begin(organisation: Organisation, user: User, role: str, at: datetime) -> Membership:
    """Write that it begins."""
    announce(belonging_changed, user_id=user.pk)
    return Membership.objects.create(user=user, organisation=organisation, role=role, valid_from=at)


def finish(membership: Membership, at: datetime) -> None:
    """Write that it ends."""
    Membership.objects.filter(pk=membership.pk).update(valid_to=max(at, membership.valid_from))
    announce(belonging_changed, user_id=membership.user_id)


def _open(organisation: Organisation, user: User) -> Membership | None:
    found: Membership | None = Membership.objects.open().filter(organisation=organisation, user=user).first()
    return found


def _current(membership: Membership) -> Membership:
    hold(membership.organisation)
    rows = Membership.objects.open().filter(pk=membership.pk)
    found: Membership | None = rows.select_related("user", "organisation").first()
    if found is None:
        raise NotMember("user", _("This person is a member no longer."))
    return found


def _owners(organisation: Organisation) -> ValidQuerySet:
    return Membership.objects.open().filter(organisation=organisation, role=Membership.Role.OWNER)


def _others(membership: Membership) -> ValidQuerySet:
    return Membership.objects.open().filter(organisation=membership.organisation_id).exclude(pk=membership.pk)


def _check_other_owner(membership: Membership) -> None:
    if not _others(membership).filter(role=Membership.Role.OWNER).exists():
        raise LastOwner("role", _("This is the only owner. Make somebody else an owner first."))

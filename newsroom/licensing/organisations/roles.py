"""What each role may do in its organisation. Pure."""

from enum import StrEnum

from django.utils.translation import gettext as _

from newsroom.accounts.models import Membership
from newsroom.core.errors import Refused

Role = Membership.Role


class Deed(StrEnum):
    """What is done on an organisation's pages."""

    PEOPLE = "people"  # see everybody with their roles and seats
    MANAGE = "manage"  # invite, give seats, decide requests, change roles, remove
    SETTINGS = "settings"  # join rule, domains, networks
    USAGE = "usage"  # how much was used
    CONTRACTS = "contracts"  # what is agreed, with its documents
    INVOICES = "invoices"  # what is to be paid, and was


MAY: dict[Deed, frozenset[str]] = {
    Deed.PEOPLE: frozenset({Role.OWNER, Role.ADMIN, Role.BILLING}),
    Deed.MANAGE: frozenset({Role.OWNER, Role.ADMIN}),
    Deed.SETTINGS: frozenset({Role.OWNER, Role.ADMIN}),
    Deed.USAGE: frozenset({Role.OWNER, Role.ADMIN, Role.BILLING}),
    Deed.CONTRACTS: frozenset({Role.OWNER, Role.ADMIN, Role.BILLING}),
    Deed.INVOICES: frozenset({Role.OWNER, Role.BILLING}),
}
STRENGTH = (Role.MEMBER, Role.BILLING, Role.ADMIN, Role.OWNER)


class NotAllowed(Refused):
    """Another role may do this. `field` is always `role`."""

    status = 403
    field = "role"


def may(role: str, deed: Deed) -> bool:
    """Whether somebody of this role does such things."""
    return role in MAY[deed]


def check_over(own: str, *roles: str) -> None:
    """Only an owner makes, changes and removes owners. Raises `NotAllowed`."""
    if not may(own, Deed.MANAGE):
        raise NotAllowed(_("Only owners and admins may do this."))
    if Role.OWNER in roles and own != Role.OWNER:
        raise NotAllowed(_("Only an owner may make, change or remove an owner."))


def stronger(one: str, other: str) -> str:
    """The role of two that may do more."""
    return max(one, other, key=STRENGTH.index)

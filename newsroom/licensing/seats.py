"""Named seats of a licence: given, taken back, moved. Never more than the licence has; the database counts as well.

Each deed holds the licence's row while it counts, as every change of what the licence says does (`actions`): of two
who take the last seat one waits, and then finds none.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from newsroom.accounts.models import Address, Domain, Membership, Organisation, User
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused
from newsroom.core.jobs import announce
from newsroom.licensing.models import Licence, LicenceVersion, Seat
from newsroom.licensing.rules import SeatKind, Source
from newsroom.licensing.signals import changed
from newsroom.licensing.terms import BadTerms


class SeatRefused(Refused):
    """This seat cannot be given. `field` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class SeatsFull(SeatRefused):
    """Every seat is taken."""


class NoNamedSeats(SeatRefused):
    """The licence has no seats that are given to people by name."""


class NotOfOrganisation(SeatRefused):
    """Only an organisation's own people sit in its licences."""


class NotSeated(SeatRefused):
    """The person has no seat in this licence."""


class SeatsOccupied(BadTerms):
    """So few seats cannot be: more people sit. `people` says who."""

    def __init__(self, people: list[str], seats: int) -> None:
        who = ", ".join(people)
        words = _("%(count)s people sit in this licence: %(who)s. Take seats back first.")
        super().__init__("seats", words % {"count": len(people), "who": who})
        self.people = people
        self.seats = seats


@transaction.atomic
def give(*, licence: Licence, user: User, by: Actor, at: datetime, why: str = "") -> Seat:
    """The person sits in the lowest free seat. Who sits already keeps theirs.

    Raises `SeatsFull`, `NoNamedSeats`, `NotOfOrganisation`, all of field `licence` or `user`.
    """
    version = _held(licence)
    seat = Seat.objects.taken().filter(licence=licence, user=user).first()
    if seat is not None:
        return seat
    _check_belongs(licence, user, at)
    seat = _seat(licence, user, _free(licence, version), at)
    _tell(licence, "seat.given", seat, by=by, at=at, why=why)
    return seat


@transaction.atomic
def check_room(*, licence: Licence) -> None:
    """Raises `NoNamedSeats` or `SeatsFull` where nobody more could be given a seat now."""
    _free(licence, _held(licence))


def take_back(*, licence: Licence, user: User, by: Actor, at: datetime, why: str = "") -> None:
    """The person sits no longer; the right is gone with the next request. Raises `NotSeated`."""
    _held(licence)
    _tell(licence, "seat.taken_back", _leave(licence, user, at), by=by, at=at, why=why)


@transaction.atomic
def move(*, licence: Licence, user: User, to: User, by: Actor, at: datetime, why: str = "") -> Seat:
    """Another person sits in this person's very seat. Raises `NotSeated`, `SeatRefused`, `NotOfOrganisation`."""
    _held(licence)
    _check_belongs(licence, to, at)
    if Seat.objects.taken().filter(licence=licence, user=to).exists():
        raise SeatRefused("user", _("This person has a seat already."))
    left = _leave(licence, user, at)
    seat = _seat(licence, to, left.number, at)
    facts = {"from": user.pk}
    _tell(licence, "seat.moved", seat, by=by, at=at, why=why, facts=facts)
    return seat


def clear(*, organisation_id: int, user: User, by: Actor, at: datetime, why: str = "") -> list[Seat]:
    """Take back every seat that the person has in licences of this organisation. Answers those seats."""
    found = Seat.objects.taken().filter(user=user, licence__organisation_id=organisation_id)
    left = []
    for seat in found.select_related("licence").order_by("licence_id"):
        take_back(licence=seat.licence, user=user, by=by, at=at, why=why)
        left.append(seat)
    return left


def make_room(*, licence: Licence, seats: int | None, at: datetime) -> None:
    """Seat people so that no number is above `seats`. Inside the transaction that lowers them, under the licence's lock.

    Raises `SeatsOccupied` when more people sit than there would be seats.
    """
    sitting = list(Seat.objects.taken().filter(licence=licence).select_related("user").order_by("number"))
    if seats is None or not sitting or sitting[-1].number <= seats:
        return
    if len(sitting) > seats:
        raise SeatsOccupied([str(each.user) for each in sitting], seats)
    free = [number for number in range(1, seats + 1) if number not in {each.number for each in sitting}]
    for each in sitting:
        if each.number > seats:
            _leave(licence, each.user, at)
            _seat(licence, each.user, free.pop(0), at)


def of_organisation(organisation_id: int, at: datetime) -> list[LicenceVersion]:
    """What this organisation's licences with named seats say at the moment `at`. One query."""
    running = Q(ends_at=None) | Q(ends_at__gt=at)
    found = LicenceVersion.objects.recorded(at).filter(running, licence__organisation_id=organisation_id)
    named = (
        found.filter(starts_at__lte=at, suspended=False)
        .filter(seats__isnull=False, seat_kind=SeatKind.NAMED)
        .exclude(licence__source=Source.NETWORK)
    )
    return list(named.select_related("licence").order_by("licence_id"))


def _held(licence: Licence) -> LicenceVersion:
    """What the licence says now, which nobody changes meanwhile; nor who belongs to its organisation."""
    if licence.organisation_id is not None:
        Organisation.objects.select_for_update(no_key=True).get(pk=licence.organisation_id)
    Licence.objects.select_for_update(of=("self",)).get(pk=licence.pk)
    return licence.versions.get(recorded_to=None)


def _free(licence: Licence, version: LicenceVersion) -> int:
    if version.seats is None or version.seat_kind != SeatKind.NAMED:
        raise NoNamedSeats("licence", _("This licence has no seats that are given by name."))
    taken = set(Seat.objects.taken().filter(licence=licence).values_list("number", flat=True))
    free = next((number for number in range(1, version.seats + 1) if number not in taken), None)
    if free is None:
        raise SeatsFull("licence", _("Every seat of this licence is taken. Take one back, or ask us for more."))
    return free


def _check_belongs(licence: Licence, user: User, at: datetime) -> None:
    """A member; in a mail domain's licence also who has a verified address there."""
    members = Membership.objects.valid(at).filter(user=user, organisation_id=licence.organisation_id)
    if licence.organisation_id is None or members.exists():
        return
    domains = Domain.objects.valid(at).filter(organisation_id=licence.organisation_id).values("name")
    of_domain = Address.objects.valid(at).filter(user=user, host__in=domains)
    if licence.source != Source.DOMAIN or not of_domain.exists():
        raise NotOfOrganisation("user", _("This person is not of the organisation."))


def _seat(licence: Licence, user: User, number: int, at: datetime) -> Seat:
    return Seat.objects.create(licence=licence, user=user, number=number, valid_from=at)


def _leave(licence: Licence, user: User, at: datetime) -> Seat:
    seat = Seat.objects.taken().filter(licence=licence, user=user).first()
    if seat is None:
        raise NotSeated("user", _("This person has no seat in this licence."))
    Seat.objects.filter(pk=seat.pk).update(valid_to=max(at, seat.valid_from))
    return seat


def _tell(
    licence: Licence, action: str, seat: Seat, *, by: Actor, at: datetime, why: str, facts: dict[str, int] | None = None
) -> None:
    said = {"user": seat.user_id, "number": seat.number} | (facts or {})
    audit.record(action, by=by, of=licence, at=at, why=why, facts=said)
    announce(changed, licence_id=licence.pk)

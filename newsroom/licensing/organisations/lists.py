"""What an organisation's pages show: its people with their seats, and how much was used. Few queries, however many rows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from newsroom.accounts.models import Membership
from newsroom.accounts.querysets import ValidQuerySet
from newsroom.licensing.models import LicenceVersion, Seat, Usage
from newsroom.licensing.rules import Use


@dataclass(frozen=True, slots=True)
class SeatsOf:
    """A licence with named seats: how many there are, and how many are taken."""

    version: LicenceVersion
    taken: int

    @property
    def free(self) -> int:
        return max(0, (self.version.seats or 0) - self.taken)


def people(organisation_id: int, words: str, at: datetime) -> ValidQuerySet:
    """The memberships of this moment, by name; of those whose name or address holds these words."""
    found = Membership.objects.valid(at).filter(organisation_id=organisation_id).select_related("user")
    if words:
        found = found.filter(Q(user__name__icontains=words) | Q(user__email__icontains=words))
    return found.order_by("user__name", "user__email", "pk")


def seats_of(members: Iterable[Membership], organisation_id: int) -> dict[int, list[Seat]]:
    """The seats in this organisation's licences, by person. One query."""
    found: dict[int, list[Seat]] = defaultdict(list)
    users = [each.user_id for each in members]
    sitting = Seat.objects.taken().filter(user_id__in=users, licence__organisation_id=organisation_id)
    for seat in sitting.select_related("licence").order_by("licence_id"):
        found[seat.user_id].append(seat)
    return dict(found)


def counted(versions: Iterable[LicenceVersion]) -> list[SeatsOf]:
    """These licences with how many seats of each are taken. One query."""
    versions = list(versions)
    sitting = Seat.objects.taken().filter(licence_id__in=[each.licence_id for each in versions])
    taken = dict(sitting.values_list("licence_id").annotate(Count("pk")))
    return [SeatsOf(each, taken.get(each.licence_id, 0)) for each in versions]


def used(organisation_id: int, since: datetime) -> list[tuple[str, int, int]]:
    """By use: its name, how often, and by how many people."""
    found = Usage.objects.filter(organisation_id=organisation_id, at__gte=since)
    rows = found.values_list("use").annotate(Count("pk"), Count("user", distinct=True)).order_by("use")
    return [(str(Use(use).label), times, readers) for use, times, readers in rows]

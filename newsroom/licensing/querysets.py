"""Questions about licences and uses."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from newsroom.accounts.readers import Reader
from newsroom.licensing.rules import Audience, Source

if TYPE_CHECKING:
    from newsroom.licensing.models import Invitation, LicenceVersion, Seat, SeatRequest, Usage  # noqa: F401  # named in the generics below


class LicenceVersionQuerySet(models.QuerySet["LicenceVersion"]):
    def recorded(self, at: datetime) -> Self:
        """What we knew at the moment `at`."""
        return self.filter(Q(recorded_to=None) | Q(recorded_to__gt=at), recorded_from__lte=at)

    def in_force(self, at: datetime) -> Self:
        """Known at `at`, started, not ended, not suspended: what gives a right at that moment."""
        return self.recorded(at).filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at, suspended=False)

    def held_by(self, reader: Reader) -> Self:
        """Held by the person, by an organisation they belong to, by whose network or mail domain they come, by the
        bearer of what they show, or by the audience they are part of."""
        return self.of(**holders(reader))

    def of(
        self,
        *,
        user_id: int | None,
        organisation_ids: Collection[int],
        network_ids: Collection[int],
        domain_ids: Collection[int],
        bearers: Collection[str],
        audience: str | None,
        former_ids: Collection[int] = (),
    ) -> Self:
        """Held by one of these. A network's or a mail domain's licence is not the members'."""
        held = Q(pk__in=[])
        if user_id is not None:
            held |= Q(licence__user_id=user_id)
        if former_ids:
            held |= Q(licence__user_id__in=former_ids)
        if organisation_ids:
            by_place = Q(licence__source__in=[Source.NETWORK, Source.DOMAIN])
            held |= Q(licence__organisation_id__in=organisation_ids) & ~by_place
        if network_ids:
            held |= Q(licence__organisation_id__in=network_ids, licence__source=Source.NETWORK)
        if domain_ids:
            held |= Q(licence__organisation_id__in=domain_ids, licence__source=Source.DOMAIN)
        if bearers:
            held |= Q(licence__bearer__in=bearers)
        if audience is not None:
            held |= Q(licence__audience=audience)
        return self.filter(held)


def holders(reader: Reader) -> dict[str, Any]:
    """By what a reader holds licences: the arguments of `LicenceVersionQuerySet.of`."""
    audience = Audience.REGISTERED if reader.user_id is not None else Audience.EVERYONE if reader.visitor else None
    return {
        "user_id": reader.user_id,
        "organisation_ids": reader.organisation_ids,
        "network_ids": reader.network_ids,
        "domain_ids": reader.domain_ids,
        "bearers": reader.bearers,
        "audience": audience.value if audience else None,
        "former_ids": reader.former_ids,
    }


class UsageQuerySet(models.QuerySet["Usage"]):
    def of_item(self, item_id: int) -> Self:
        """Every use of any release of this item."""
        return self.filter(item_id=item_id)


class SeatQuerySet(models.QuerySet["Seat"]):
    def valid(self, at: datetime) -> Self:
        """Taken at the moment `at`."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)

    def taken(self) -> Self:
        """Somebody's, with no end: named seats."""
        return self.filter(valid_to=None)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Neither accepted nor taken back; perhaps run out."""
        return self.filter(accepted_at=None, revoked_at=None)

    def alive(self, at: datetime) -> Self:
        """Could be accepted at the moment `at`."""
        return self.open().filter(expires_at__gt=at)


class SeatRequestQuerySet(models.QuerySet["SeatRequest"]):
    def open(self) -> Self:
        """Not decided yet."""
        return self.filter(decided_at=None)

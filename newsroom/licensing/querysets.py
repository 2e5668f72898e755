"""Questions about licences and uses."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from newsroom.accounts.readers import Reader

if TYPE_CHECKING:
    from newsroom.licensing.models import LicenceVersion, Usage  # noqa: F401  # named in the generics below


class LicenceVersionQuerySet(models.QuerySet["LicenceVersion"]):
    def recorded(self, at: datetime) -> Self:
        """What we knew at the moment `at`."""
        return self.filter(Q(recorded_to=None) | Q(recorded_to__gt=at), recorded_from__lte=at)

    def in_force(self, at: datetime) -> Self:
        """Known at `at`, started, not ended, not suspended: what gives a right at that moment."""
        return self.recorded(at).filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at, suspended=False)

    def held_by(self, reader: Reader) -> Self:
        """Held by the person or by an organisation that the person belongs to."""
        holders = Q(licence__organisation_id__in=reader.organisation_ids)
        if reader.user_id is not None:
            holders |= Q(licence__user_id=reader.user_id)
        return self.filter(holders)


class UsageQuerySet(models.QuerySet["Usage"]):
    def of_item(self, item_id: int) -> Self:
        """Every use of any release of this item."""
        return self.filter(item_id=item_id)

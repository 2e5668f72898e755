"""Questions about who belongs where."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from newsroom.accounts.models import Membership  # noqa: F401  # named in the generic below


class MembershipQuerySet(models.QuerySet["Membership"]):
    def valid(self, at: datetime) -> Self:
        """Begun and not ended at the moment `at`."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)

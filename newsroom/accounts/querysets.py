"""Questions about who belongs where."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q


class ValidQuerySet(models.QuerySet[Any]):
    """Of rows that hold from one moment to another."""

    def valid(self, at: datetime) -> Self:
        """Begun and not ended at the moment `at`."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)

    def open(self) -> Self:
        """With no end."""
        return self.filter(valid_to=None)


class NetworkQuerySet(ValidQuerySet):
    """Of networks."""

    def overlapping(self, cidr: str) -> Self:
        """With at least one address in common."""
        return self.filter(cidr__overlaps=cidr)

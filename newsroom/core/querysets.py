"""Questions about mail."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from newsroom.core.models import Message  # noqa: F401  # named in the generic below


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, at: datetime) -> Self:
        """Not sent yet, and not waiting for its next try."""
        return self.filter(state="queued", next_attempt_at__lte=at)

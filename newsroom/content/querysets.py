"""Questions about what is being written."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Q

from newsroom.wire.words import fold

if TYPE_CHECKING:
    from newsroom.accounts.models import User
    from newsroom.content.models import DeskRole, Schedule, Story  # noqa: F401  # named in the generics
    from newsroom.wire.models import Desk

STORY_WORDS = SearchVector("headline", "slugline", "summary", "body", config="simple")
"""What the desk searches: an index of the same expression stands on the table."""


class StoryQuerySet(models.QuerySet["Story"]):
    def seen_by(self, user: "User") -> Self:
        """Of the desks where this person has a role; an administrator sees all."""
        if user.is_superuser:
            return self
        return self.filter(desk__roles__user=user)

    def headline_only(self) -> Self:
        """Without a summary: the public sees the headline alone."""
        return self.filter(summary="")

    def on_the_wire(self) -> Self:
        return self.filter(item__isnull=False)

    def with_words(self, text: str) -> Self:
        """With these words in headline, slugline, summary or body, or with this URI."""
        asked = SearchQuery(text[:200], config="simple", search_type="websearch")
        folded = SearchQuery(fold(text[:200]), config="simple", search_type="websearch")
        return self.annotate(words=STORY_WORDS).filter(Q(words=asked) | Q(words=folded) | Q(uri=text.strip()))


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def waiting(self) -> Self:
        return self.filter(state="waiting")

    def failed(self) -> Self:
        return self.filter(state="failed")

    def due(self, at: datetime) -> Self:
        """Waiting, and their time has come."""
        return self.waiting().filter(due_at__lte=at).order_by("due_at", "pk")


class DeskRoleQuerySet(models.QuerySet["DeskRole"]):
    def role_on(self, desk: "Desk | int", user: "User") -> str | None:
        """What this person is on this desk; None for nothing."""
        key = desk if isinstance(desk, int) else desk.pk
        return self.filter(desk_id=key, user=user).values_list("role", flat=True).first()

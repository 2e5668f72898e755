"""Questions about what was released."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from newsroom.wire.rules import LIVE, Tier

if TYPE_CHECKING:
    from newsroom.wire.models import Item, ProductVersion, Release, Topic  # noqa: F401  # named in the generics below


class ItemQuerySet(models.QuerySet["Item"]):
    def with_head(self) -> Self:
        """The present release comes along in the same query."""
        return self.select_related("head", "head__desk", "head__place")


class ReleaseQuerySet(models.QuerySet["Release"]):
    def heads(self) -> Self:
        """The present release of its item."""
        return self.filter(is_head=True)

    def live(self, at: datetime) -> Self:
        """Head of its item, neither withheld nor killed, past its embargo."""
        return self.heads().filter(Q(embargo_until=None) | Q(embargo_until__lte=at), signal__in=LIVE)

    def public(self, at: datetime) -> Self:
        """Live, with a public tier: what the website shows to everybody."""
        return self.live(at).filter(public_tier__gt=Tier.NOTHING)

    def about(self, topic: "Topic") -> Self:
        """About this topic or one below it."""
        return self.filter(topics_all__contains=[topic.code])

    def newest_first(self) -> Self:
        """By the moment it came on the wire, latest first; `pk` settles ties, so pages never repeat."""
        return self.order_by("-shown_at", "-pk")

    def before(self, shown_at: datetime, pk: int) -> Self:
        """What stands behind this place in `newest_first`."""
        return self.filter(Q(shown_at__lt=shown_at) | Q(shown_at=shown_at, pk__lt=pk))


class ProductVersionQuerySet(models.QuerySet["ProductVersion"]):
    def valid(self, at: datetime) -> Self:
        """The versions of rules in force at the moment `at`."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)

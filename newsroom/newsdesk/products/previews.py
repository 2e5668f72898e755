"""What a rule would hold, before it is saved. Counts are of the last thirty days, and end at a number."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from newsroom.wire.models import Product, Release, Stamp
from newsroom.wire.querysets import ReleaseQuerySet
from newsroom.wire.rules import LIVE

SPAN = timedelta(days=30)
COUNTED_TO = 10_000
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Count:
    """A number, exact up to `COUNTED_TO`."""

    number: int

    @property
    def value(self) -> int:
        return min(self.number, COUNTED_TO)

    @property
    def more(self) -> bool:
        return self.number > COUNTED_TO


@dataclass(frozen=True, slots=True)
class Row:
    """A release as those who sell may see it: its headline when everybody may."""

    headline: str
    desk: str
    language: str
    shown_at: datetime


@dataclass(frozen=True, slots=True)
class Slice:
    """Some releases: how many, how many of them are public, and the newest."""

    count: Count
    public: Count
    newest: tuple[Row, ...]


def preview(rule: Any, at: datetime) -> Slice:
    """What the rule holds of the last thirty days."""
    return _slice(_recent(at).within(rule), at)


def compare(new: Any, former: Any, at: datetime) -> tuple[Slice, Slice]:
    """What the new rule would gain and lose of the last thirty days."""
    recent = _recent(at)
    after, before = recent.within(new), recent.within(former)
    gains = after.exclude(pk__in=before.values("pk"))
    loses = before.exclude(pk__in=after.values("pk"))
    return _slice(gains, at), _slice(loses, at)


def held(product: Product) -> Count:
    """How many releases the product holds now."""
    return counted(Stamp.objects.effective().filter(product=product))


def counted(found: Any) -> Count:
    """At most one more than `COUNTED_TO` is looked at."""
    return Count(found.order_by()[: COUNTED_TO + 1].count())


def _recent(at: datetime) -> ReleaseQuerySet:
    return Release.objects.heads().filter(signal__in=LIVE, shown_at__gte=at - SPAN)


def _slice(found: ReleaseQuerySet, at: datetime) -> Slice:
    newest = found.select_related("desk").defer("public_vector").newest_first()[:SHOWN]
    rows = list(newest)
    public = set(Release.objects.public(at).filter(pk__in=[each.pk for each in rows]).values_list("pk", flat=True))
    return Slice(
        counted(found),
        counted(found.public(at)),
        tuple(
            Row(each.headline if each.pk in public else "", str(each.desk), each.language, each.shown_at)
            for each in rows
        ),
    )

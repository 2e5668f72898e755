"""What of an invoice's line is earned in which month: straight-line by day, in minor units that add up exactly. Pure.

A line is a dictionary as in `Invoice.lines`: `amount`, `discount`, `tax`, `inclusive`, and `period_start` and
`period_end` in seconds. What it earns is its amount without discount and without a tax that is in the amount. Days
are days at the desk; the day on which a period ends is no part of it, except of a period within one day.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from django.utils import timezone

Line = Mapping[str, Any]


def net(line: Line) -> int:
    """What the line earns in all, in minor units; negative for a credit."""
    included = line.get("tax", 0) if line.get("inclusive") else 0
    return int(line["amount"] - line.get("discount", 0) - included)


def days_of(line: Line, zone: tzinfo | None = None) -> tuple[date, date]:
    """The first day of the line's period, and the first day after it; at least one day."""
    where = zone or timezone.get_default_timezone()
    first, until = (
        datetime.fromtimestamp(line[name], UTC).astimezone(where).date() for name in ("period_start", "period_end")
    )
    return first, max(until, first + timedelta(days=1))


def recognised(line: Line, month: date, zone: tzinfo | None = None) -> int:
    """What of the line is earned in the month in which this day lies, in minor units. All its months sum to `net`."""
    start = month.replace(day=1)
    return earned_before(line, next_month(start), zone) - earned_before(line, start, zone)


def earned_before(line: Line, day: date, zone: tzinfo | None = None) -> int:
    """What of the line is earned by the beginning of this day: a running sum, rounded towards nothing."""
    first, until = days_of(line, zone)
    over = min(max((day - first).days, 0), (until - first).days)
    whole = net(line)
    earned = abs(whole) * over // (until - first).days
    return earned if whole >= 0 else -earned


def deferred(line: Line, day: date, zone: tzinfo | None = None) -> int:
    """What of the line is not earned yet at the beginning of this day."""
    return net(line) - earned_before(line, day, zone)


def months_of(line: Line, zone: tzinfo | None = None) -> Iterator[tuple[date, int]]:
    """The first day of each month the line lies in, with what is earned in it."""
    first, until = days_of(line, zone)
    month = first.replace(day=1)
    while month < until:
        yield month, recognised(line, month, zone)
        month = next_month(month)


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)

"""Billing periods. A month that is too short ends the period on its last day; the next one returns to the anchor's day."""

import calendar
from datetime import UTC, datetime, timedelta

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


def boundary(anchor: int, interval: str, count: int, number: int) -> int:
    """The moment (Unix seconds, UTC) `number` periods after the anchor."""
    start = datetime.fromtimestamp(anchor, UTC)
    if interval in _DAYS:
        return int((start + timedelta(days=_DAYS[interval] * count * number)).timestamp())
    months = start.year * 12 + start.month - 1 + _MONTHS[interval] * count * number
    year, month = months // 12, months % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())


def period_end(anchor: int, interval: str, count: int, start: int) -> int:
    """The first boundary after `start`."""
    shortest = {"day": 86_400, "week": 604_800, "month": 31 * 86_400, "year": 366 * 86_400}[interval] * count
    number = max(1, (start - anchor) // shortest)
    while boundary(anchor, interval, count, number) <= start:
        number += 1
    return boundary(anchor, interval, count, number)

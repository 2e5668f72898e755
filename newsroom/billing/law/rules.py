"""How a withdrawal is judged, and what it gives back. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from newsroom.billing.law.countries import FULL, Row

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment for a period: what of it is ours still."""

    charge: str
    left: int
    amount: int
    period_start: datetime
    period_end: datetime


def deadline(concluded_at: datetime, row: Row) -> datetime:
    """The first moment that is too late: the end of the last day, where the consumer lives.

    The day of the contract does not count; in the Union a last day on a weekend moves on to Monday
    (Regulation 1182/71, art. 3). Local midnights are counted, so a change to summer time costs nobody an hour.
    """
    zone = ZoneInfo(row.zone)
    last = concluded_at.astimezone(zone).date() + timedelta(days=row.days)
    while row.working_day and last.weekday() >= SATURDAY:
        last += timedelta(days=1)
    return datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=zone)


def last_day(deadline_at: datetime, row: Row) -> date:
    """The day that was the last one in time, where the consumer lives."""
    return (deadline_at.astimezone(ZoneInfo(row.zone)) - timedelta(microseconds=1)).date()


def in_time(concluded_at: datetime, declared_at: datetime, row: Row) -> bool:
    """Declared before the period was over."""
    return declared_at < deadline(concluded_at, row)


def back(paid: Paid, declared_at: datetime, row: Row) -> int:
    """Minor units that go back: all, or the share of the time that is left, to the second, rounded up for the consumer."""
    if row.refund == FULL:
        return paid.left
    whole = int((paid.period_end - paid.period_start).total_seconds())
    left = int((paid.period_end - max(declared_at, paid.period_start)).total_seconds())
    if whole <= 0 or left <= 0:
        return 0
    return min(paid.left, -(-paid.amount * min(left, whole) // whole))

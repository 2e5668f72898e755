"""Months and days at the desk. A month is its first day. Pure."""

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone


def day_of(at: datetime) -> date:
    """The day it is at the desk at this moment."""
    return at.astimezone(timezone.get_default_timezone()).date()


def day_of_seconds(seconds: int) -> date:
    return day_of(datetime.fromtimestamp(seconds, UTC))


def first_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def previous_month(month: date) -> date:
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def last_of(month: date) -> date:
    """The last day of the month."""
    return next_month(month) - timedelta(days=1)


def moment(day: date) -> datetime:
    """When this day begins at the desk."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def end_of(month: date) -> datetime:
    """The first moment that no longer belongs to the month."""
    return moment(next_month(month))


def months_between(first: date, last: date) -> list[date]:
    """Each month from that of the first day to that of the last."""
    found, month = [], first_of(first)
    while month <= last:
        found.append(month)
        month = next_month(month)
    return found


def number_of(month: date) -> int:
    """202603 for March 2026."""
    return month.year * 100 + month.month


def month_of(number: int) -> date:
    return date(number // 100, number % 100, 1)


def between(earlier: date, later: date) -> int:
    """How many months lie between two."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month

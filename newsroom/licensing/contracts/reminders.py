"""Which reminder is due. Pure."""

from collections.abc import Collection
from datetime import date, timedelta

THRESHOLDS = (90, 60, 30)
"""Days before the end of a period on which both sides are reminded of it."""
AFTER_DUE = (-7, 0, 7, 14, 28)
"""Days from the last day to attest, on which a customer who has not is reminded."""


def reminder_days(period_from: date, period_to: date) -> dict[int, date]:
    """The day of each reminder of this period's end. A period that is too short for one has none."""
    days = {each: period_to - timedelta(days=each) for each in THRESHOLDS}
    return {each: day for each, day in days.items() if period_from < day}


def reminder_due(period_from: date, period_to: date, today: date, sent: Collection[int]) -> int | None:
    """The reminder to send now: the latest whose day has come. Earlier ones that nobody sent are not caught up with."""
    come = [each for each, day in reminder_days(period_from, period_to).items() if day <= today]
    latest = min(come, default=None)
    return None if latest in sent or today >= period_to else latest


def duty_days(due_on: date) -> list[date]:
    """When a customer who has not attested is reminded."""
    return [due_on + timedelta(days=each) for each in AFTER_DUE]

"""Terms by the calendar. Pure.

A contract speaks of days, and a day begins at midnight of the desk's zone. A term of so many months ends with the day
before the same day of the month; where the month has no such day, its last day stands in for it (as Stripe bills).
Every end is counted from the anchor, the first day of all, never from the end before it, so that nothing drifts:
31 January, 28 February, 31 March. Twelve months from 29 February 2028 run to the end of 27 February 2029, and the
fourth anniversary is 29 February again.
"""

import calendar
from datetime import date, datetime, time, timedelta, tzinfo


def add_months(anchor: date, months: int) -> date:
    """The same day of the month, so many months later; the month's last day where there is none."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return date(year, month + 1, min(anchor.day, calendar.monthrange(year, month + 1)[1]))


def moment(day: date, zone: tzinfo) -> datetime:
    """When this day begins. Where the clocks skip midnight it is the moment they skip; of two midnights the first."""
    return datetime.combine(day, time.min, tzinfo=zone)


def day_of(at: datetime, zone: tzinfo) -> date:
    """The day it is at this moment."""
    return at.astimezone(zone).date()


def last_day(until: date) -> date:
    """The last day of a period that runs until, and without, the day `until`: how people say it."""
    return until - timedelta(days=1)

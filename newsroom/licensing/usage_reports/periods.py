"""A period of whole days in the desk's time zone. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext as _

from newsroom.core.errors import Refused

LONGEST = timedelta(days=366 * 10)


class BadPeriod(Refused):
    """The period cannot be. `field` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day's midnight to the midnight after the last: both days belong to it, whatever the clocks do."""

    first: date
    last: date
    zone: tzinfo

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadPeriod("last", _("The last day lies before the first."))
        if self.last - self.first > LONGEST:
            raise BadPeriod("last", _("A period is at most ten years."))

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone)

    @property
    def ends_at(self) -> datetime:
        """The first moment that no longer belongs to it."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


def last_days(number: int, at: datetime, zone: tzinfo) -> Days:
    """So many days up to and with the one that holds `at`."""
    today = at.astimezone(zone).date()
    return Days(today - timedelta(days=number - 1), today, zone)

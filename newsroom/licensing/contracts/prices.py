"""What is due when: invoices, a year's price, days that are credited. Integers only, and nothing lost. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from newsroom.core.money import Money
from newsroom.licensing.contracts.dates import add_months
from newsroom.licensing.contracts.terms import MONTHS_OF, Agreed


class Scheduled(Protocol):
    """What a schedule needs of a version of a contract. Days; `until` is the first day it is no more."""

    @property
    def agreed(self) -> tuple[Agreed, ...]: ...
    @property
    def anchor(self) -> date: ...
    @property
    def period_from(self) -> date: ...
    @property
    def valid_days(self) -> tuple[date, date]: ...
    @property
    def interval(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Due:
    """One line of one invoice, due on its first day, for the days from `on` until `until`."""

    on: date
    until: date
    key: int
    title: str
    amount: Money


def schedule(version: Scheduled) -> tuple[Due, ...]:
    """Every amount this version makes due, by day and line, invoiced in advance at each interval from the anchor.

    A price for longer than an interval is spread over its intervals so that they sum to it exactly; an interval that
    is cut (by an amendment, an end, a line that begins later) counts by its days, so that the parts sum to the whole.
    A price to be paid once is due on the line's first day.
    """
    found = [due for each in version.agreed for due in _of_line(version, each)]
    return tuple(sorted(found, key=lambda due: (due.on, due.key)))


@dataclass(frozen=True, slots=True)
class Share:
    """A line's part of one interval: of `whole`, which is for the days `begins` to `ends`, those from `on` to `until`.

    What is paid once is one share of one day. Shares of one interval that meet sum to the whole, whoever cuts them.
    """

    key: int
    title: str
    begins: date
    ends: date
    whole: Money
    on: date
    until: date
    once: bool = False

    def of_days(self, on: date, until: date) -> int:
        """What these days of the interval cost, in minor units."""
        days = (self.ends - self.begins).days
        return _cut(self.whole.minor, (on - self.begins).days, (until - self.begins).days, days)


def shares(version: Scheduled) -> Iterator[Share]:
    """Every part of an interval that this version is paid for, line by line."""
    for agreed in version.agreed:
        yield from _shares(version, agreed)


def _shares(version: Scheduled, agreed: Agreed) -> Iterator[Share]:
    line, (first, until) = agreed.line, version.valid_days
    if line.interval == "once":
        if first <= agreed.since < until:
            day = agreed.since + timedelta(days=1)
            yield Share(agreed.key, line.title, agreed.since, day, line.price, agreed.since, day, once=True)
        return
    step = MONTHS_OF[version.interval]
    number = max(0, _months_before(version.anchor, first) // step)
    while (begins := add_months(version.anchor, number * step)) < until:
        ends = add_months(version.anchor, (number + 1) * step)
        on, off = max(begins, first, agreed.since), min(ends, until)
        if on < off:
            whole = Money(_share(line.price.minor, MONTHS_OF[line.interval], step, number), line.price.currency)
            yield Share(agreed.key, line.title, begins, ends, whole, on, off)
        number += 1


def _of_line(version: Scheduled, agreed: Agreed) -> Iterator[Due]:
    for each in _shares(version, agreed):
        amount = each.of_days(each.on, each.until)
        until = version.valid_days[1] if each.once else each.until
        if amount:
            yield Due(each.on, until, each.key, each.title, Money(amount, each.whole.currency))


def _months_before(anchor: date, day: date) -> int:
    """A number of months after the anchor that certainly lies on or before the day."""
    return (day.year - anchor.year) * 12 + day.month - anchor.month - 1


def _share(price: int, months: int, step: int, number: int) -> int:
    """What interval `number` (of `step` months, from 0) bears of a price for `months`: a running sum, rounded down."""
    return price * (number + 1) * step // months - price * number * step // months


def _cut(amount: int, since: int, until: int, days: int) -> int:
    """What the days `since` to `until` of an interval of `days` bear of its amount. Cuts that meet sum to the whole."""
    return amount * until // days - amount * since // days


def a_year(lines: Iterable[Agreed], currency: str) -> Money:
    """What the lines cost in twelve months, without what is paid once."""
    priced = [each.line for each in lines if each.line.interval in MONTHS_OF]
    return Money(sum(line.price.minor * 12 // MONTHS_OF[line.interval] for line in priced), currency)


def each_interval(lines: Iterable[Agreed], currency: str) -> dict[str, Money]:
    """The prices of the lines summed by what they are for: a month, a quarter, a year, once."""
    totals: dict[str, int] = {}
    for each in lines:
        totals[each.line.interval] = totals.get(each.line.interval, 0) + each.line.price.minor
    return {interval: Money(minor, currency) for interval, minor in totals.items()}


def credit(version: Scheduled, first: date, until: date) -> Money | None:
    """What is given back for the days from `first` until `until`: what the schedule asked for them. None: no line."""
    currency = next((each.line.price.currency for each in version.agreed), None)
    if currency is None:
        return None
    total = 0
    for due in schedule(version):
        line = next(each.line for each in version.agreed if each.key == due.key)
        on, off = max(due.on, first), min(due.until, until)
        if line.interval != "once" and on < off:
            days = (due.until - due.on).days
            total += _cut(due.amount.minor, (on - due.on).days, (off - due.on).days, days)
    return Money(total, currency)

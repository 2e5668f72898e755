"""What is to be billed: what a contract costs, less what was billed of it. Pure: no database, no clock.

Each line is billed by its intervals (a month, a quarter, a year from the contract's first day). Of an interval, days
are billed, whichever days are agreed: a late start, an end, an amendment or a suspension leaves some out. What any run
of days costs is read off the whole interval's price by a running sum, so that parts add up to the whole, to the minor
unit, in whatever order they are billed and credited.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from newsroom.core.money import Money
from newsroom.licensing.contracts.prices import Scheduled, Share, shares

Days = tuple[date, date]
"""From the first day until, and without, the second."""


class Version(Scheduled, Protocol):
    """A version of a contract as planning needs it."""

    @property
    def number(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Span:
    """Days of one interval of one line. `row`: the planned row that billed them; 0 for what is only agreed."""

    share: Share
    version: int
    row: int = 0

    @property
    def days(self) -> Days:
        return self.share.on, self.share.until

    @property
    def base(self) -> tuple[int, date, date, Money]:
        """What makes two runs of days comparable: the same interval of the same line at the same price."""
        return self.share.key, self.share.begins, self.share.ends, self.share.whole

    @property
    def minor(self) -> int:
        return self.share.of_days(*self.days)

    def cut(self, days: Days) -> "Span":
        return replace(self, share=replace(self.share, on=days[0], until=days[1]))


@dataclass(frozen=True, slots=True)
class Wish:
    """A row to be planned: a charge, or a credit of the row `credits`. `minor` has its sign."""

    span: Span
    minor: int
    due: date
    credits: int = 0


def agreed(versions: Iterable[Version], without: Sequence[Days] = (), since: date = date.min) -> list[Span]:
    """Every day that is to be paid for, with its price. `without`: days that nobody pays, though what is paid once is
    paid all the same; `since`: nothing before this day is billed here."""
    found = [Span(share, version.number) for version in versions for share in shares(version)]
    before = [(date.min, since)]
    return [
        each.cut(days)
        for each in found
        for days in minus([each.days], before if each.share.once else [*before, *without])
    ]


def minus(days: Iterable[Days], without: Iterable[Days]) -> list[Days]:
    """The days that are in no run of `without`, as runs, earliest first."""
    left = [each for each in sorted(days) if each[0] < each[1]]
    for first, until in without:
        left = [part for each in left for part in _outside(each, first, until) if part[0] < part[1]]
    return left


def _outside(days: Days, first: date, until: date) -> list[Days]:
    if first >= until:
        return [days]
    return [(days[0], min(days[1], max(first, days[0]))), (max(days[0], min(until, days[1])), days[1])]


def plan(wanted: Sequence[Span], billed: Sequence[Span], *, arrears: bool) -> list[Wish]:
    """What brings the billed days to the agreed ones: credits for days that are not agreed any more, charges for those
    that are not billed. Earliest due first; nothing that costs nothing."""
    found = [*_credits(wanted, billed), *_charges(wanted, billed, arrears=arrears)]
    return sorted(found, key=lambda each: (each.due, each.credits == 0, each.span.share.key, each.span.days))


def _charges(wanted: Sequence[Span], billed: Sequence[Span], *, arrears: bool) -> Iterable[Wish]:
    for span in wanted:
        for days in minus([span.days], [each.days for each in billed if each.base == span.base]):
            part = span.cut(days)
            if part.minor > 0:
                yield Wish(part, part.minor, part.share.until if arrears and not part.share.once else part.share.on)


def _credits(wanted: Sequence[Span], billed: Sequence[Span]) -> Iterable[Wish]:
    for span in billed:
        for days in minus([span.days], [each.days for each in wanted if each.base == span.base]):
            part = span.cut(days)
            if part.minor > 0:
                yield Wish(part, -part.minor, part.share.on, credits=span.row)


def standing(charges: Iterable[Span], credits: Iterable[tuple[int, Days]]) -> list[Span]:
    """The days that are billed and not credited. `credits`: of which row, which days."""
    taken: dict[int, list[Days]] = {}
    for row, days in credits:
        taken.setdefault(row, []).append(days)
    return [each.cut(days) for each in charges for days in minus([each.days], taken.get(each.row, []))]


def due(wishes: Iterable[Wish], through: date, *, rests_since: date | None = None) -> list[Wish]:
    """Those to be billed by this day. While a contract rests, days from then on wait until it is known what they cost."""
    return [
        each
        for each in wishes
        if each.due <= through and (rests_since is None or each.minor < 0 or each.span.share.until <= rests_since)
    ]

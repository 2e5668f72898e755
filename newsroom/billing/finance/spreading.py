"""What an invoice earns, day by day, and what is left of that when it is credited. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from newsroom.billing import revenue
from newsroom.billing.finance.months import last_of


@dataclass(frozen=True, slots=True)
class Reduction:
    """What a credit takes: first of what is not earned yet, then of what is."""

    unearned: int
    earned: int


@dataclass(slots=True)
class Earning:
    """The days on which an invoice's revenue is earned, each with its amount. Credits change what is still to come."""

    days: dict[date, int] = field(default_factory=dict)

    def pending(self, day: date) -> int:
        return sum(amount for when, amount in self.days.items() if when >= day)

    def reduce(self, day: date, amount: int) -> Reduction:
        """Take this amount away on this day; what is still to come is spread anew, in its old proportions."""
        pool = self.pending(day)
        taken = max(0, min(amount, pool))
        self._respread(day, pool - taken)
        return Reduction(taken, amount - taken)

    def restore(self, day: date, taken: Reduction) -> None:
        """Give back what a credit took that counts no more."""
        if self.pending(day):
            self._respread(day, self.pending(day) + taken.unearned)
        else:
            last = max(self.days, default=day)
            self.days[max(day, last)] = self.days.get(max(day, last), 0) + taken.unearned

    def _respread(self, day: date, total: int) -> None:
        later = sorted(when for when in self.days if when >= day)
        shares = spread(total, [self.days[when] for when in later])
        self.days.update(zip(later, shares, strict=True))


def earning(lines: Sequence[revenue.Line], since: date) -> Earning:
    """What these lines earn, at the end of each month; what was earned before the invoice is final, on that day."""
    found: dict[date, int] = {}
    for line in lines:
        for month, amount in revenue.months_of(line):
            day = max(last_of(month), since)
            found[day] = found.get(day, 0) + amount
    return Earning(found)


def at_once(line: revenue.Line) -> bool:
    """Sold for a day or less: earned when it is invoiced."""
    first, until = revenue.days_of(line)
    return (until - first).days <= 1


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Whole shares in proportion to the weights that sum to the total; all to the last where the weights sum to 0."""
    if not weights:
        return []
    whole = sum(weights)
    if whole == 0:
        return [*[0] * (len(weights) - 1), total]
    shares, running, given = [], 0, 0
    for weight in weights:
        running += weight
        until = total * running // whole
        shares.append(until - given)
        given = until
    return shares

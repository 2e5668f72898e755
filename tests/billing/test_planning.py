"""What is billed of a contract: every agreed day once, no other, and to the minor unit, whatever happens in between."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.billing.invoicing.planning import Span, agreed, due, minus, plan, standing
from newsroom.core.money import Money
from newsroom.licensing.contracts.dates import add_months
from newsroom.licensing.contracts.terms import Agreed
from newsroom.licensing.lines import Line
from newsroom.licensing.rules import NO_LIMITS

JANUARY, NEXT = date(2026, 1, 1), date(2027, 1, 1)


@dataclass(frozen=True)
class Version:
    """As the book has it."""

    number: int
    agreed: tuple[Agreed, ...]
    valid_days: tuple[date, date] = (JANUARY, NEXT)
    anchor: date = JANUARY
    period_from: date = JANUARY
    interval: str = "year"


@dataclass
class Ledger:
    """Rows as a run would write them."""

    charges: list[Span] = field(default_factory=list)
    credits: list[tuple[int, tuple[date, date]]] = field(default_factory=list)
    sums: list[int] = field(default_factory=list)

    @property
    def billed(self) -> list[Span]:
        return standing(self.charges, self.credits)

    def run(self, versions, through, *, without=(), arrears=False, rests_since=None):
        """What the run wrote: (days, amount)."""
        wishes = plan(agreed(versions, without), self.billed, arrears=arrears)
        written = due(wishes, through, rests_since=rests_since)
        for each in written:
            if each.credits:
                self.credits.append((each.credits, each.span.days))
            else:
                row = len(self.charges) + 1
                self.charges.append(Span(each.span.share, each.span.version, row))
            self.sums.append(each.minor)
        return [(*each.span.days, each.minor) for each in written]


def a_line(minor=120_000, interval="year", currency="eur", key=1, since=JANUARY) -> Agreed:
    line = Line("Full wire", ("everything",), ("read",), NO_LIMITS, "§2", Money(minor, currency), interval)
    return Agreed(key, line, since)


def test_a_yearly_price_is_billed_each_quarter_in_advance():
    ledger, version = Ledger(), Version(1, (a_line(100_000),), interval="quarter")

    assert ledger.run([version], JANUARY) == [(JANUARY, date(2026, 4, 1), 25_000)]
    assert ledger.run([version], date(2026, 3, 31)) == []
    assert ledger.run([version], date(2026, 12, 31)) == [
        (date(2026, 4, 1), date(2026, 7, 1), 25_000),
        (date(2026, 7, 1), date(2026, 10, 1), 25_000),
        (date(2026, 10, 1), NEXT, 25_000),
    ]


def test_in_arrears_it_is_billed_when_it_is_over():
    ledger, version = Ledger(), Version(1, (a_line(1_000, "month"),), interval="month")

    assert ledger.run([version], date(2026, 1, 31), arrears=True) == []
    assert ledger.run([version], date(2026, 2, 1), arrears=True) == [(JANUARY, date(2026, 2, 1), 1_000)]


def test_what_is_paid_once_is_billed_once_on_its_day_and_not_again_at_renewal():
    ledger, once = Ledger(), a_line(50_000, "once")
    first = Version(1, (once,))
    second = Version(2, (once,), (NEXT, date(2028, 1, 1)), period_from=NEXT)

    assert ledger.run([first], NEXT) == [(JANUARY, date(2026, 1, 2), 50_000)]
    assert ledger.run([first, second], date(2028, 1, 1)) == []


def test_a_dearer_line_credits_the_old_days_and_bills_them_anew():
    ledger, july = Ledger(), date(2026, 7, 1)
    ledger.run([Version(1, (a_line(36_500),))], JANUARY)
    versions = [Version(1, (a_line(36_500),), (JANUARY, july)), Version(2, (a_line(73_000),), (july, NEXT))]

    assert ledger.run(versions, date(2026, 6, 30)) == []
    assert ledger.run(versions, july) == [(july, NEXT, -18_400), (july, NEXT, 36_800)]
    assert ledger.run(versions, NEXT) == []
    assert sum(ledger.sums) == 18_100 + 36_800


def test_an_end_within_the_period_credits_the_rest():
    ledger, may = Ledger(), date(2026, 5, 1)
    ledger.run([Version(1, (a_line(36_500),))], JANUARY)

    assert ledger.run([Version(1, (a_line(36_500),), (JANUARY, may))], may) == [(may, NEXT, -24_500)]


def test_suspended_days_are_credited_once_and_days_still_to_come_wait():
    ledger, version = Ledger(), Version(1, (a_line(3_100, "month"),), interval="month")
    ledger.run([version], JANUARY)
    tenth, fifth = date(2026, 1, 10), date(2026, 2, 5)

    assert ledger.run([version], date(2026, 2, 2), rests_since=tenth) == []
    assert ledger.run([version], fifth, without=[(tenth, fifth)]) == [
        (tenth, date(2026, 2, 1), -2_200),
        (fifth, date(2026, 3, 1), 3_100 - 3_100 * 4 // 28),
    ]
    assert ledger.run([version], fifth, without=[(tenth, fifth)]) == []


def test_an_amendment_that_is_withdrawn_is_undone_to_the_minor_unit():
    ledger, july = Ledger(), date(2026, 7, 1)
    before = [Version(1, (a_line(100_001),))]
    ledger.run(before, JANUARY)
    ledger.run([Version(1, (a_line(100_001),), (JANUARY, july)), Version(2, (a_line(7),), (july, NEXT))], july)
    ledger.run(before, july)

    assert sum(ledger.sums) == 100_001


@pytest.mark.parametrize(
    ("anchor", "number", "begins", "ends"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28), date(2026, 3, 31)),
        (date(2028, 1, 31), 1, date(2028, 2, 29), date(2028, 3, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28), date(2029, 3, 29)),
    ],
)
def test_months_that_are_too_short_end_on_their_last_day(anchor, number, begins, ends):
    until = add_months(anchor, 24)
    version = Version(1, (a_line(1_000, "month", since=anchor),), (anchor, until), anchor, anchor, "month")

    written = Ledger().run([version], until)

    assert written[number] == (begins, ends, 1_000)
    assert len(written) == 24


def test_days_taken_out_of_days():
    week = (date(2026, 1, 1), date(2026, 1, 8))

    assert minus([week], [(date(2026, 1, 3), date(2026, 1, 4)), (date(2026, 1, 6), date(2026, 2, 1))]) == [
        (date(2026, 1, 1), date(2026, 1, 3)),
        (date(2026, 1, 4), date(2026, 1, 6)),
    ]
    assert minus([week], [(date(2025, 1, 1), date(2027, 1, 1))]) == []
    assert minus([week], [(date(2026, 1, 5), date(2026, 1, 5))]) == [week]


PRICES = st.integers(0, 10**9)
CURRENCIES = st.sampled_from(["eur", "gbp", "jpy", "kwd", "try", "usd"])
INTERVALS = st.sampled_from(["month", "quarter", "year"])


@st.composite
def lives(draw):
    """A contract's versions at successive days, each with the days nobody pays: what a run finds when it looks."""
    anchor = draw(st.dates(date(2023, 12, 1), date(2024, 3, 31)))
    ends = add_months(anchor, draw(st.sampled_from([12, 24, 36])))
    currency, invoiced, each = draw(CURRENCIES), draw(INTERVALS), draw(INTERVALS)
    lines = tuple(a_line(draw(PRICES), each, currency, key, anchor) for key in (1, 2))
    looks, versions, without, day = [], [Version(1, lines, (anchor, ends), anchor, anchor, invoiced)], [], anchor
    for _ in range(draw(st.integers(1, 6))):
        looks.append((day, list(versions), list(without)))
        day = min(day + timedelta(days=draw(st.integers(1, 250))), ends)
        last = versions[-1]
        what = draw(st.sampled_from(["amend", "end", "nothing", "rest"]))
        if day <= last.valid_days[0] or day >= last.valid_days[1]:
            continue
        if what == "rest":
            first = day - timedelta(days=draw(st.integers(0, 60)))
            without.append((max(first, anchor), day))
        elif what != "nothing":
            versions[-1] = Version(last.number, last.agreed, (last.valid_days[0], day), anchor, anchor, invoiced)
            if what == "end":
                ends = day
            else:
                changed = (a_line(draw(PRICES), each, currency, 1, anchor), last.agreed[-1])
                versions.append(Version(last.number + 1, changed, (day, ends), anchor, anchor, invoiced))
    looks.append((ends, list(versions), list(without)))
    return looks


@given(lives(), st.booleans())
def test_no_day_is_billed_twice_none_is_left_out_and_the_sum_is_exact(looks, arrears):
    ledger = Ledger()
    for day, versions, without in looks:
        ledger.run(versions, day, without=without, arrears=arrears)
        assert ledger.run(versions, day, without=without, arrears=arrears) == []

    _, versions, without = looks[-1]
    wanted = agreed(versions, without)
    assert sum(ledger.sums) == sum(each.minor for each in wanted)
    for key in (1, 2):
        days = sorted(each.days for each in ledger.billed if each.share.key == key)
        assert all(before[1] <= after[0] for before, after in pairwise(days))
    assert sum(each.minor for each in ledger.billed) == sum(ledger.sums)
    for each in wanted:
        left = minus([each.days], [billed.days for billed in ledger.billed if billed.base == each.base])
        assert sum(each.cut(days).minor for days in left) == 0


@given(lives())
def test_however_often_and_whenever_one_looks_the_outcome_is_the_same(looks):
    often, once = Ledger(), Ledger()
    for day, versions, without in looks:
        often.run(versions, day, without=without)
    day, versions, without = looks[-1]
    once.run(versions, day, without=without)

    assert sum(often.sums) == sum(once.sums)

"""Terms by the calendar, and what is due when."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.core.money import Money
from newsroom.licensing.contracts.dates import add_months, day_of, last_day, moment
from newsroom.licensing.contracts.prices import a_year, credit, schedule
from newsroom.licensing.contracts.reminders import duty_days, reminder_days, reminder_due
from newsroom.licensing.contracts.terms import MONTHS_OF, Agreed, Terms
from tests.licensing.contracts.making import a_line

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
quick = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(
    ("first", "months", "until"),
    [
        (date(2026, 1, 1), 12, date(2027, 1, 1)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 8, 31), 3, date(2026, 11, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_a_term_runs_until_the_same_day_of_the_month_or_its_last(first, months, until):
    assert add_months(first, months) == until


def test_twelve_months_from_a_leap_day_last_until_the_end_of_27_february():
    assert last_day(add_months(date(2028, 2, 29), 12)) == date(2029, 2, 27)


@quick
@given(DAYS, st.integers(1, 60), st.integers(1, 40))
def test_terms_counted_from_the_anchor_never_drift(anchor, term, periods):
    ends = [add_months(anchor, term * number) for number in range(periods + 1)]

    assert ends == sorted(set(ends))
    assert all(
        (end.year * 12 + end.month) - (anchor.year * 12 + anchor.month) == term * n for n, end in enumerate(ends)
    )
    assert all(end.day == anchor.day or (end + timedelta(days=1)).day == 1 for end in ends)


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("Europe/Istanbul", date(2026, 3, 29), datetime(2026, 3, 28, 21, tzinfo=UTC)),
        ("Europe/Paris", date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        ("Europe/Paris", date(2026, 3, 30), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        ("Europe/Paris", date(2026, 10, 26), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        # In Cairo the clocks skip midnight itself: the day begins when they do.
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_of_the_desk_whatever_the_clocks_do(zone, day, instant):
    zone = ZoneInfo(zone)

    assert moment(day, zone).astimezone(UTC) == instant
    assert (day_of(instant, zone), day_of(instant - timedelta(seconds=1), zone)) == (day, last_day(day))


@dataclass(frozen=True)
class Said:
    """A version, as far as its schedule asks."""

    agreed: tuple[Agreed, ...]
    anchor: date
    valid_days: tuple[date, date]
    interval: str
    period_from: date = date(2026, 1, 1)


def said(first, until, interval, *lines, since=None):
    agreed = tuple(Agreed(key, line, since or first) for key, line in enumerate(lines, start=1))
    return Said(agreed, first, (first, until), interval)


def amounts(version):
    return [(due.on, due.amount.minor) for due in schedule(version)]


@quick
@given(DAYS, st.integers(1, 10**9), st.sampled_from([*MONTHS_OF]), st.sampled_from([*MONTHS_OF]))
def test_the_invoices_of_a_year_sum_to_the_price_exactly(first, minor, price_for, invoiced):
    version = said(first, add_months(first, 12), invoiced, a_line(price=Money(minor, "eur"), interval=price_for))

    assert sum(amount for _on, amount in amounts(version)) == minor * 12 // MONTHS_OF[price_for]
    assert a_year(version.agreed, "eur").minor == minor * 12 // MONTHS_OF[price_for]


@quick
@given(DAYS, st.integers(1, 10**8), st.sampled_from([*MONTHS_OF]), st.sampled_from([*MONTHS_OF]), st.data())
def test_a_cut_loses_and_adds_nothing(first, minor, price_for, invoiced, data):
    line = a_line(price=Money(minor, "eur"), interval=price_for)
    whole = said(first, add_months(first, 24), invoiced, line)
    cut = first + timedelta(days=data.draw(st.integers(0, 700)))
    parts = [replace(whole, valid_days=(first, cut)), replace(whole, valid_days=(cut, add_months(first, 24)))]

    assert sum(amount for part in parts for _on, amount in amounts(part)) == sum(a for _on, a in amounts(whole))


def test_a_yearly_price_is_spread_over_months_with_no_cent_lost():
    version = said(date(2026, 1, 31), date(2027, 1, 31), "month", a_line(price=Money(1000, "eur")))

    assert [amount for _on, amount in amounts(version)] == [83, 83, 84, 83, 83, 84, 83, 83, 84, 83, 83, 84]
    assert [due.on for due in schedule(version)][:3] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


def test_what_is_paid_once_is_due_on_the_lines_first_day_and_never_again():
    once = a_line(price=Money(500, "eur"), interval="once")
    first = said(date(2026, 1, 1), date(2027, 1, 1), "year", once)
    again = replace(first, valid_days=(date(2027, 1, 1), date(2028, 1, 1)))

    assert (amounts(first), amounts(again), a_year(first.agreed, "eur")) == (
        [(date(2026, 1, 1), 500)],
        [],
        Money(0, "eur"),
    )


def test_a_line_that_begins_later_costs_its_days():
    version = said(
        date(2026, 1, 1), date(2027, 1, 1), "year", a_line(price=Money(36500, "eur")), since=date(2026, 7, 1)
    )

    assert amounts(version) == [(date(2026, 7, 1), 18400)]


def test_suspended_days_are_credited_as_they_were_asked_for():
    version = said(date(2026, 1, 1), date(2027, 1, 1), "year", a_line(price=Money(36500, "eur")))

    assert credit(version, date(2026, 3, 1), date(2026, 3, 11)) == Money(1000, "eur")
    assert credit(version, date(2026, 1, 1), date(2027, 1, 1)) == Money(36500, "eur")
    assert credit(replace(version, agreed=()), date(2026, 3, 1), date(2026, 3, 11)) is None


@pytest.mark.parametrize(
    ("points", "before", "after"), [(0, 999, 999), (250, 1000, 1025), (250, 1020, 1046), (333, 10, 10), (10_000, 7, 14)]
)
def test_prices_rise_by_basis_points_rounded_halves_up(points, before, after):
    risen = Agreed(1, a_line(price=Money(before, "eur")), date(2026, 1, 1)).risen(points)

    assert risen.line.price == Money(after, "eur")


@pytest.mark.parametrize(
    ("indexation", "cap", "index", "rise"),
    [
        (None, None, None, 0),
        (250, None, None, 250),
        (250, None, 900, 900),
        (250, 500, 900, 500),
        (None, None, 900, 900),
    ],
)
def test_the_index_counts_up_to_the_cap(indexation, cap, index, rise):
    assert Terms(indexation=indexation, cap=cap).rise(index) == (0 if indexation is None else rise)


@pytest.mark.parametrize(
    ("today", "sent", "due"),
    [
        (date(2026, 10, 2), (), None),
        (date(2026, 10, 3), (), 90),
        (date(2026, 10, 3), (90,), None),
        (date(2026, 11, 5), (), 60),
        (date(2026, 12, 30), (90, 60), 30),
        (date(2027, 1, 1), (), None),
    ],
)
def test_the_latest_reminder_that_has_come_is_the_one_to_send(today, sent, due):
    assert reminder_due(date(2026, 1, 1), date(2027, 1, 1), today, sent) == due


def test_a_period_of_a_month_is_reminded_of_by_nobody_before_it_began():
    assert reminder_days(date(2026, 1, 1), date(2026, 2, 1)) == {30: date(2026, 1, 2)}
    assert reminder_days(date(2026, 2, 1), date(2026, 3, 1)) == {}
    assert duty_days(date(2026, 2, 1))[0] == date(2026, 1, 25)

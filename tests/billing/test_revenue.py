"""What is earned when: every day counts alike, and nothing is lost to rounding."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from newsroom.billing.revenue import days_of, deferred, earned_before, months_of, net, recognised


def a_line(amount: int, first: date, until: date, **facts) -> dict:
    start, end = (int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) for day in (first, until))
    return {"amount": amount, "period_start": start, "period_end": end, **facts}


def test_a_quarter_is_earned_by_its_days():
    line = a_line(9_000, date(2026, 1, 1), date(2026, 4, 1))

    assert list(months_of(line, UTC)) == [
        (date(2026, 1, 1), 3_100),
        (date(2026, 2, 1), 2_800),
        (date(2026, 3, 1), 3_100),
    ]
    assert recognised(line, date(2026, 5, 9), UTC) == 0


def test_the_29th_of_february_earns_like_any_other_day():
    line = a_line(36_600, date(2028, 1, 1), date(2029, 1, 1))

    assert recognised(line, date(2028, 2, 11), UTC) == 2_900


def test_what_is_no_revenue_is_not_earned():
    line = a_line(12_000, date(2026, 1, 1), date(2026, 2, 1), discount=1_000, tax=2_000, inclusive=True)
    added = a_line(12_000, date(2026, 1, 1), date(2026, 2, 1), tax=2_400, inclusive=False)

    assert (net(line), net(added)) == (9_000, 12_000)


def test_what_lies_within_one_day_is_earned_on_it():
    line = a_line(500, date(2026, 3, 31), date(2026, 3, 31))

    assert days_of(line, UTC) == (date(2026, 3, 31), date(2026, 4, 1))
    assert list(months_of(line, UTC)) == [(date(2026, 3, 1), 500)]


@given(
    amount=st.integers(-(10**12), 10**12),
    first=st.dates(date(2023, 1, 1), date(2029, 1, 1)),
    days=st.integers(0, 1_500),
    at=st.dates(date(2022, 1, 1), date(2034, 1, 1)),
)
def test_the_months_of_a_line_sum_to_it_and_what_is_earned_and_deferred_does_at_any_day(amount, first, days, at):
    line = a_line(amount, first, first + timedelta(days=days))

    assert sum(minor for _, minor in months_of(line, UTC)) == amount
    assert earned_before(line, at, UTC) + deferred(line, at, UTC) == amount
    assert all(minor * amount >= 0 for _, minor in months_of(line, UTC))

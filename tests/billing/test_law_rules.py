"""Whether a withdrawal is in time, and what it gives back. To the second, through summer time and weekends."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.billing.law.countries import OTHERS, TABLE, longest_price_notice, row_of
from newsroom.billing.law.rules import Paid, back, deadline, in_time, last_day

SECOND = timedelta(seconds=1)
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
ROWS = st.sampled_from([TABLE[each] for each in sorted(TABLE)] + [OTHERS])
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # made aware


@pytest.mark.parametrize("country", sorted(TABLE))
def test_each_row_names_its_sources_and_lets_everybody_withdraw(country):
    row = TABLE[country]

    assert row.sources
    assert all(len(each) > 10 for each in row.sources)
    assert row.days >= 14
    assert row.price_notice >= 30
    assert ZoneInfo(row.zone)


def test_where_we_know_of_no_rule_our_own_word_holds():
    assert row_of("") is row_of("ZZ") is OTHERS
    assert row_of("de") is TABLE["DE"]
    assert longest_price_notice() == 30


@pytest.mark.parametrize(
    ("country", "concluded", "first_too_late"),
    [
        # Tuesday 3 March + 14 days = Tuesday the 17th, to its last second in Berlin
        ("DE", datetime(2026, 3, 3, 12, tzinfo=UTC), datetime(2026, 3, 17, 23, tzinfo=UTC)),
        # the clocks go forward on 29 March: midnight is at 22:00 UTC
        ("DE", datetime(2026, 3, 17, 12, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC)),
        # and back on 25 October: midnight is at 23:00 UTC again
        ("DE", datetime(2026, 10, 13, 12, tzinfo=UTC), datetime(2026, 10, 27, 23, tzinfo=UTC)),
        # 23:30 UTC on the 3rd is the 4th in Berlin already
        ("DE", datetime(2026, 3, 3, 23, 30, tzinfo=UTC), datetime(2026, 3, 18, 23, tzinfo=UTC)),
        # a last day on Saturday moves on to Monday
        ("FR", datetime(2026, 2, 28, 12, tzinfo=UTC), datetime(2026, 3, 16, 23, tzinfo=UTC)),
        # in Türkiye it does not, and there is no summer time
        ("TR", datetime(2026, 2, 28, 12, tzinfo=UTC), datetime(2026, 3, 14, 21, tzinfo=UTC)),
        # the clocks of London go forward on 29 March
        ("GB", datetime(2026, 3, 15, 12, tzinfo=UTC), datetime(2026, 3, 29, 23, tzinfo=UTC)),
        # our own word: where the day ends last on Earth
        ("", datetime(2026, 3, 3, 12, tzinfo=UTC), datetime(2026, 3, 18, 12, tzinfo=UTC)),
    ],
)
def test_the_period_ends_with_its_last_day_where_the_consumer_lives(country, concluded, first_too_late):
    row = row_of(country)

    assert deadline(concluded, row) == first_too_late
    assert in_time(concluded, first_too_late - SECOND, row)
    assert not in_time(concluded, first_too_late, row)
    assert last_day(first_too_late, row) == (first_too_late - SECOND).astimezone(ZoneInfo(row.zone)).date()


@given(MOMENTS, ROWS)
def test_nobody_has_less_than_fourteen_times_a_day_or_more_than_eighteen(concluded, row):
    allowed = deadline(concluded, row) - concluded

    assert timedelta(days=14) - timedelta(hours=1) <= allowed <= timedelta(days=18)


def paid(left: int = 990, amount: int = 990, days: int = 30) -> Paid:
    return Paid("ch_1", left, amount, NOON, NOON + timedelta(days=days))


@pytest.mark.parametrize(
    ("after", "share", "whole"),
    [
        (timedelta(0), 990, 990),
        (SECOND, 990, 990),  # 989.99…, rounded up for the consumer
        (timedelta(days=3), 891, 990),
        (timedelta(days=15), 495, 990),
        (timedelta(days=30) - SECOND, 1, 990),
        (timedelta(days=30), 0, 990),
        (timedelta(days=40), 0, 990),
        (timedelta(days=-1), 990, 990),
    ],
)
def test_a_share_of_the_time_goes_back_or_all_of_it(after, share, whole):
    assert back(paid(), NOON + after, TABLE["DE"]) == share
    assert back(paid(), NOON + after, TABLE["TR"]) == whole


def test_what_went_back_already_does_not_go_back_again():
    assert back(paid(left=100), NOON, TABLE["DE"]) == 100
    assert back(paid(left=100), NOON, TABLE["TR"]) == 100
    assert back(paid(left=990, days=0), NOON, TABLE["DE"]) == 0


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(1, 400), st.integers(-86_400, 400 * 86_400), ROWS)
def test_never_more_than_is_ours_goes_back(amount, gone, days, seconds, row):
    left = max(amount - gone, 0)

    found = back(paid(left, amount, days), NOON + timedelta(seconds=seconds), row)

    assert 0 <= found <= left

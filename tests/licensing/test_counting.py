"""What a use is counted against: whose counter, from when, and for whom."""

from datetime import UTC, datetime, timedelta

import pytest

from newsroom.accounts.readers import ANONYMOUS, Reader
from newsroom.core.money import Money
from newsroom.licensing.counting import Standing, Tally, nameless, reader_key, tallies
from newsroom.licensing.rules import Quota, Use
from tests.factories import DAY, NOON

MARCH, APRIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)


def of(*quotas, reader=ANONYMOUS, at=NOON, use=Use.READ):
    return tallies(licence_id=7, quotas=quotas, use=use, starts_at=NOON - DAY, reader=reader, at=at)


@pytest.mark.parametrize(
    ("reader", "key"),
    [
        (ANONYMOUS, ""),
        (Reader(5, frozenset({3}), visitor="v"), "u:5"),
        (Reader(visitor="v", browser="b"), "v:v"),
        (Reader(browser="b"), "v:b"),
        (Reader(organisation_ids=frozenset({9, 3})), "o:3"),
        (Reader(network_ids=frozenset({4})), "n:4"),
    ],
)
def test_a_reader_is_told_from_others_by_the_best_that_is_known(reader, key):
    assert reader_key(reader) == key
    assert nameless(reader) == ("" if reader.user_id else key)


def test_a_shared_quota_has_one_counter_and_counts_a_story_once():
    price = Money(450, "eur")
    assert of(Quota(Use.READ, 3, overage=price), Quota(Use.DOWNLOAD, 9), reader=Reader(5)) == (
        Tally(7, "read", "month", MARCH, "", "", 3, APRIL, price),
    )


def test_a_readers_own_quota_has_a_counter_for_each():
    assert of(Quota(Use.READ, 3, per_reader=True), reader=Reader(5)) == (
        Tally(7, "read", "month", MARCH, "u:5", "u:5", 3, APRIL),
    )


def test_a_quota_of_readers_counts_each_of_them_in_one_counter():
    assert of(Quota(Use.READ, 3, "term", counts_readers=True), reader=Reader(browser="b")) == (
        Tally(7, "read", "term", NOON - DAY, "", "v:b", 3, None),
    )


@pytest.mark.parametrize("quota", [Quota(Use.READ, 3, per_reader=True), Quota(Use.READ, 3, counts_readers=True)])
def test_a_quota_by_readers_has_no_room_for_somebody_whom_nothing_tells_from_others(quota):
    assert [each.limit for each in of(quota)] == [0]


def test_an_address_range_has_a_budget_for_its_strangers_and_none_for_whom_we_know():
    quota = Quota(Use.READ, 3, per_reader=True, prefix_budget=30)
    own, shared = of(quota, reader=Reader(visitor="v", prefix="203.0.113.0/24"))
    assert (own.pool, own.limit, shared.limit) == ("v:v", 3, 30)
    assert ("203.0.113" in shared.pool, shared.reader == shared.pool) == (False, False)
    assert len(of(quota, reader=Reader(5, prefix="203.0.113.0/24"))) == 1
    (_, other) = of(quota, reader=Reader(visitor="w", prefix="203.0.113.0/24"))
    assert (other.pool == shared.pool, other.reader == shared.reader) == (True, False)


@pytest.mark.parametrize(
    ("period", "at", "begins", "resets"),
    [
        ("day", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC), datetime(2024, 2, 29, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)),
        ("month", datetime(2024, 2, 29, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)),
        ("month", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        ("year", datetime(2024, 2, 29, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_periods_are_those_of_utc_also_at_their_ends(period, at, begins, resets):
    for zone in (UTC, datetime.now().astimezone().tzinfo):
        (tally,) = of(Quota(Use.READ, 3, period), at=at.astimezone(zone))
        assert (tally.starts_at, tally.resets_at) == (begins, resets)


def test_the_night_in_which_the_clocks_change_is_no_other_day():
    at = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert {
        each.starts_at for n in range(4) for each in of(Quota(Use.READ, 3, "day"), at=at + n * timedelta(hours=1))
    } == {datetime(2026, 3, 29, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("used", "overage", "counted", "remaining", "full"),
    [(0, 0, False, 3, False), (3, 0, False, 0, True), (3, 0, True, 0, False), (4, 1, False, 0, True), (3, 1, False, 1, False), (9, 0, False, 0, True)],
)  # fmt: skip
def test_what_is_paid_for_leaves_the_quota_as_it_was(used, overage, counted, remaining, full):
    found = Standing(Tally(7, "read", "month", MARCH, "", "", 3), used, overage, counted)
    assert (found.remaining, found.full) == (remaining, full)

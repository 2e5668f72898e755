"""Recurring money moves: opening + movements = closing, in each currency, in each scope."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.billing.finance.months import months_between
from newsroom.billing.finance.movements import Kind, Span, everything, monthly, moves, yearly

YEAR = months_between(date(2026, 1, 1), date(2026, 12, 1))
LATER = datetime(2030, 1, 1, tzinfo=UTC)
START = datetime(2025, 11, 1, tzinfo=UTC)

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def a_span(first: str, until: str, a_month: int = 990, **facts) -> Span:
    starts, ends = (datetime.fromisoformat(f"{each}T12:00:00+00:00") for each in (first, until))
    usual = {"holder": "u1", "source": "sub_1", "product": "reader", "country": "DE", "currency": "eur"}
    return Span(starts_at=starts, ends_at=ends, yearly=a_month * 12, **usual | facts)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    starts = START + timedelta(hours=draw(st.integers(0, 24 * 420)))
    return Span(
        holder=draw(st.sampled_from(["u1", "u2", "o1"])),
        source=draw(st.sampled_from(["a", "b"])),
        product=draw(st.sampled_from(["reader", "plus"])),
        country=draw(st.sampled_from(["DE", "TR"])),
        currency=draw(st.sampled_from(["eur", "jpy"])),
        starts_at=starts,
        ends_at=starts + timedelta(hours=draw(st.integers(1, 24 * 200))),
        yearly=draw(st.integers(1, 1_000_000)),
        involuntary=draw(st.booleans()),
    )


@UNHURRIED
@given(st.lists(spans(), max_size=12), st.sampled_from([monthly, yearly]), st.sampled_from(["", "reader", "plus"]))
def test_opening_and_movements_are_the_closing_and_the_next_opening(found, measure, product):
    scope = (lambda span: span.product == product) if product else everything
    sums = defaultdict(lambda: [0, 0, 0])
    for each in moves(found, YEAR, LATER, measure, scope):
        of_month = sums[each.currency, each.month]
        of_month[0] += each.opening
        of_month[1] += each.delta
        of_month[2] += each.closing
        assert (each.kind is None) == (each.delta == 0)

    for currency in ("eur", "jpy"):
        months = [sums[currency, month] for month in YEAR]
        assert all(opening + delta == closing for opening, delta, closing in months)
        assert [closing for _o, _d, closing in months[:-1]] == [opening for opening, _d, _c in months[1:]]


@UNHURRIED
@given(st.lists(spans(), max_size=12))
def test_what_stands_by_plan_sums_to_what_stands(found):
    whole, parts = defaultdict(int), defaultdict(int)
    for each in moves(found, YEAR, LATER):
        whole[each.currency, each.month] += each.closing
    for product in ("reader", "plus"):
        for each in moves(found, YEAR, LATER, scope=lambda span, product=product: span.product == product):
            parts[each.currency, each.month] += each.closing

    assert {key: sum_ for key, sum_ in whole.items() if sum_} == {key: sum_ for key, sum_ in parts.items() if sum_}


@UNHURRIED
@given(st.lists(spans(), max_size=8), st.randoms(use_true_random=False))
def test_the_order_in_which_spans_came_changes_nothing(found, chance):
    once = moves(found, YEAR, LATER)
    chance.shuffle(found)

    assert moves(found, YEAR, LATER) == once


def kinds(*found: Span, **facts) -> list[tuple[int, Kind | None, int]]:
    return [(each.month.month, each.kind, each.delta) for each in moves(found, YEAR, LATER, **facts) if each.kind]


def test_a_life_of_a_subscription_in_its_kinds():
    found = (
        a_span("2026-01-10", "2026-03-10"),
        a_span("2026-03-10", "2026-05-10", 1690),
        a_span("2026-05-10", "2026-06-10", 500, involuntary=True),
        a_span("2026-08-10", "2026-10-10"),
    )

    assert kinds(*found) == [
        (1, Kind.NEW, 990),
        (3, Kind.EXPANSION, 700),
        (5, Kind.CONTRACTION, -1190),
        (6, Kind.CHURN_INVOLUNTARY, -500),
        (8, Kind.REACTIVATION, 990),
        (10, Kind.CHURN_VOLUNTARY, -990),
    ]


def test_who_changes_the_plan_has_moved_within_that_plan_and_expanded_in_all():
    found = (
        a_span("2026-01-10", "2026-03-10"),
        a_span("2026-03-10", "2027-01-20", 1690, product="plus"),
    )

    assert kinds(*found, scope=lambda span: span.product == "plus") == [(3, Kind.MOVED, 1690)]
    assert kinds(*found, scope=lambda span: span.product == "reader") == [(1, Kind.NEW, 990), (3, Kind.MOVED, -990)]
    assert kinds(*found)[1] == (3, Kind.EXPANSION, 700)


def test_who_pays_in_another_currency_has_moved_and_nothing_is_added_across():
    found = (a_span("2026-01-10", "2026-03-10"), a_span("2026-03-10", "2027-01-20", 1200, currency="jpy"))

    assert kinds(*found) == [(1, Kind.NEW, 990), (3, Kind.MOVED, -990), (3, Kind.MOVED, 1200)]


def test_who_came_and_went_within_a_month_moved_nothing():
    assert kinds(a_span("2026-04-03", "2026-04-20")) == []


def test_the_running_month_ends_now():
    at = datetime(2026, 4, 10, tzinfo=UTC)
    found = moves([a_span("2026-04-03", "2026-04-20")], YEAR, at)

    assert [(each.month.month, each.kind, each.closing) for each in found] == [(4, Kind.NEW, 990)]

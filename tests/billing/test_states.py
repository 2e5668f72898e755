"""Every state of Stripe's, with and without each fact that matters, means exactly one thing."""

import itertools
from datetime import datetime
from typing import Any

import pytest
import stripe

from newsroom.billing.states import (
    GRACE,
    LIVE,
    SLACK,
    STANDING_OF,
    UNPAID,
    Facts,
    Right,
    Standing,
    UnknownState,
    ending,
    grace_until,
    right,
    standing,
)
from tests.factories import DAY, HOUR, NOON

START = NOON - 90 * DAY
PERIOD = NOON - 10 * DAY
END = NOON + 20 * DAY


def facts(status: str = "active", **others: Any) -> Facts:
    values: dict[str, Any] = {"started_at": START, "period_start": PERIOD, "period_end": END}
    return Facts(status, **values | others)


def test_the_table_knows_each_state_that_the_sdk_knows():
    known = stripe.Subscription.__annotations__["status"]
    in_sdk = {word.strip(" '\"") for word in str(known).partition("Literal[")[2].partition("]")[0].split(",")}

    assert set(STANDING_OF) == in_sdk


def test_every_state_has_its_standing():
    found = {status: standing(facts(status, unpaid_since=NOON - DAY), NOON) for status in STANDING_OF}

    assert found == {
        "incomplete": Standing.PENDING,
        "incomplete_expired": Standing.ENDED,
        "trialing": Standing.TRIAL,
        "active": Standing.ACTIVE,
        "past_due": Standing.GRACE,
        "unpaid": Standing.SUSPENDED,
        "paused": Standing.SUSPENDED,
        "canceled": Standing.ENDED,
    }


def test_which_standings_give_access():
    assert {each for each in Standing if each.gives_access} == {Standing.TRIAL, Standing.ACTIVE, Standing.GRACE}


def test_which_states_hold_the_one_place_of_an_account():
    assert set(LIVE) == {"trialing", "active", "past_due", "unpaid", "paused"}
    assert set(UNPAID) == {"past_due", "unpaid", "canceled"}


def test_a_state_stripe_may_add_gives_nothing_until_somebody_decides():
    for judge in (lambda each: standing(each, NOON), right, grace_until):
        with pytest.raises(UnknownState, match="'hibernating'"):
            judge(facts("hibernating"))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (facts("incomplete"), None),
        (facts("incomplete_expired"), None),
        (facts("trialing"), Right(START, END + SLACK, suspended=False)),
        (facts("trialing", cancel_at_period_end=True), Right(START, END, suspended=False)),
        (facts("active"), Right(START, END + SLACK, suspended=False)),
        (facts("active", cancel_at_period_end=True), Right(START, END, suspended=False)),
        (facts("active", cancel_at=NOON + DAY), Right(START, NOON + DAY, suspended=False)),
        (facts("active", cancel_at=NOON + DAY, cancel_at_period_end=True), Right(START, NOON + DAY, suspended=False)),
        (facts("active", cancel_at=START - DAY), Right(START, START, suspended=False)),
        (facts("active", unpaid_since=NOON - 30 * DAY), Right(START, END + SLACK, suspended=False)),
        (facts("past_due"), Right(START, PERIOD + GRACE, suspended=False)),
        (facts("past_due", unpaid_since=PERIOD + HOUR), Right(START, PERIOD + HOUR + GRACE, suspended=False)),
        (facts("past_due", unpaid_since=NOON, paid_until=NOON - DAY), Right(START, NOON + GRACE, suspended=False)),
        (facts("past_due", unpaid_since=NOON, paid_until=NOON + 300 * DAY), Right(START, NOON + 300 * DAY, False)),
        (facts("past_due", unpaid_since=NOON, cancel_at=NOON + DAY), Right(START, NOON + DAY, suspended=False)),
        (facts("past_due", unpaid_since=NOON, cancel_at=END), Right(START, NOON + GRACE, suspended=False)),
        (facts("unpaid"), Right(START, END + SLACK, suspended=True)),
        (facts("unpaid", cancel_at_period_end=True), Right(START, END, suspended=True)),
        (facts("paused"), Right(START, END + SLACK, suspended=True)),
        (facts("canceled", ended_at=NOON), Right(START, NOON, suspended=False)),
        (facts("canceled"), Right(START, END, suspended=False)),
        (facts("canceled", ended_at=START - HOUR), Right(START, START, suspended=False)),
        (facts("canceled", ended_at=NOON + 15 * DAY, unpaid_since=NOON), Right(START, NOON + GRACE, suspended=False)),
        (facts("canceled", ended_at=NOON + DAY, unpaid_since=NOON), Right(START, NOON + DAY, suspended=False)),
    ],
)
def test_what_the_licence_says(said: Facts, meant: Right | None):
    assert right(said) == meant


def test_grace_runs_from_the_first_decline_and_then_it_is_a_suspension():
    owed = facts("past_due", unpaid_since=NOON)

    assert grace_until(owed) == NOON + GRACE
    assert standing(owed, NOON + GRACE - HOUR) is Standing.GRACE
    assert standing(owed, NOON + GRACE) is Standing.SUSPENDED


def test_only_what_is_owed_has_a_grace():
    assert {status for status in STANDING_OF if grace_until(facts(status, unpaid_since=NOON))} == {"past_due"}


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        (facts(), None),
        (facts(cancel_at_period_end=True), END),
        (facts(cancel_at=NOON), NOON),
        (facts(cancel_at=NOON, cancel_at_period_end=True), NOON),
    ],
)
def test_when_a_cancellation_takes_effect(said: Facts, ends: datetime | None):
    assert ending(said) == ends


MOMENTS = (None, START - DAY, PERIOD, NOON, END + DAY)


def test_no_combination_of_facts_gives_a_licence_that_ends_before_it_starts_or_outlasts_what_was_paid():
    for status, cancel_at, ended_at, unpaid, paid, at_end in itertools.product(
        STANDING_OF, MOMENTS, MOMENTS, MOMENTS, MOMENTS, (False, True)
    ):
        said = facts(
            status,
            cancel_at=cancel_at,
            ended_at=ended_at,
            unpaid_since=unpaid,
            paid_until=paid,
            cancel_at_period_end=at_end,
        )
        found = right(said)
        if found is None:
            assert status in {"incomplete", "incomplete_expired"}
            continue
        assert found.starts_at == START <= found.ends_at
        latest = max(moment for moment in (END + SLACK, ended_at, unpaid and unpaid + GRACE, paid) if moment)
        assert found.ends_at <= latest
        if cancel_at is not None and status in LIVE:
            assert found.ends_at <= max(cancel_at, START)
        assert found.suspended == (status in {"unpaid", "paused"})

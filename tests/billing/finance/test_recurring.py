"""What recurs of a subscription, read off its invoices: trials, discounts, changes, pauses, declines, ends."""

from datetime import datetime, timedelta

from newsroom.billing.finance.recurring import rates_of
from newsroom.billing.models import Subscription
from tests.billing.finance.books import DAY, JANUARY, a_line, a_subscription, after_months, an_invoice, billed

FEBRUARY, MARCH, APRIL = (after_months(JANUARY, number) for number in (1, 2, 3))


def rates(subscription: Subscription, *invoices) -> list[tuple[datetime, datetime, int, bool]]:
    found = rates_of(subscription, invoices)
    return [(each.starts_at, each.ends_at, each.yearly, each.involuntary) for each in found]


def bill(subscription, at, *lines, **facts):
    usual = {"status": "paid", "paid_at": at, "attempted": True, "remaining_minor": 0}
    return an_invoice(at, list(lines), subscription_ref=subscription.stripe_id, **usual | facts)


def test_months_in_a_row_are_one_rate():
    subscription = a_subscription()

    assert rates(subscription, *billed(subscription, 3)) == [(JANUARY, APRIL, 990 * 12, False)]


def test_a_year_is_a_twelfth_each_month_and_tax_and_discount_are_none_of_it():
    subscription = a_subscription(interval="year")
    line = a_line(JANUARY, after_months(JANUARY, 12), 11900, tax=1710, discount=1190, inclusive=True)

    assert rates(subscription, bill(subscription, JANUARY, line)) == [(JANUARY, after_months(JANUARY, 12), 9000, False)]


def test_a_trial_counts_nothing():
    subscription = a_subscription()

    assert rates(subscription, bill(subscription, JANUARY, a_line(JANUARY, FEBRUARY, 0))) == []


def test_an_upgrade_within_a_month_counts_at_its_full_price_from_its_moment():
    subscription = a_subscription(items=[{"id": "si", "price": "price_plus", "quantity": 1, "amount": 1690}])
    moment = JANUARY + 11 * DAY
    first = bill(subscription, JANUARY, a_line(JANUARY, FEBRUARY))
    change = bill(
        subscription,
        moment,
        a_line(moment, FEBRUARY, -639, proration=True),
        a_line(moment, FEBRUARY, 1090, price="price_plus", product="newsroom_reader_plus", proration=True),
    )
    next_month = bill(
        subscription, FEBRUARY, a_line(FEBRUARY, MARCH, 1690, price="price_plus", product="newsroom_reader_plus")
    )

    assert rates(subscription, first, change) == [
        (JANUARY, moment, 990 * 12, False),
        (moment, FEBRUARY, 1690 * 12, False),
    ]
    assert rates(subscription, next_month, change, first) == [
        (JANUARY, moment, 990 * 12, False),
        (moment, MARCH, 1690 * 12, False),
    ]


def test_a_seat_more_counts_from_its_moment():
    subscription = a_subscription()
    moment = JANUARY + 10 * DAY
    change = bill(
        subscription,
        moment,
        a_line(moment, FEBRUARY, -671, proration=True),
        a_line(moment, FEBRUARY, 2013, quantity=3, proration=True),
    )

    found = rates(subscription, bill(subscription, JANUARY, a_line(JANUARY, FEBRUARY)), change)

    assert found == [(JANUARY, moment, 990 * 12, False), (moment, FEBRUARY, 3 * 990 * 12, False)]


def test_what_was_given_back_and_not_asked_for_again_is_over():
    subscription = a_subscription()
    moment = JANUARY + 10 * DAY
    given_back = bill(subscription, moment, a_line(moment, FEBRUARY, -671, proration=True))

    found = rates(subscription, bill(subscription, JANUARY, a_line(JANUARY, FEBRUARY)), given_back)

    assert found == [(JANUARY, moment, 990 * 12, False)]


def test_a_void_invoice_and_a_draft_of_a_pause_count_nothing():
    paused = a_subscription(paused_since=JANUARY)
    void = bill(paused, JANUARY, a_line(JANUARY, FEBRUARY), status="void")
    draft = bill(paused, FEBRUARY, a_line(FEBRUARY, MARCH), status="draft", finalised_at=None)

    assert rates(paused, void, draft) == []


def test_a_renewal_that_is_still_a_draft_counts():
    subscription = a_subscription()
    draft = bill(subscription, JANUARY, a_line(JANUARY, FEBRUARY), status="draft", finalised_at=None, paid_at=None)

    assert rates(subscription, draft) == [(JANUARY, FEBRUARY, 990 * 12, False)]


def test_a_declined_renewal_counts_until_the_grace_is_over_and_again_when_it_is_paid():
    subscription = a_subscription(status="past_due")
    line = a_line(JANUARY, FEBRUARY)
    grace = JANUARY + timedelta(days=7)
    declined = bill(subscription, JANUARY, line, status="open", paid_at=None)
    in_time = bill(subscription, JANUARY, line, paid_at=JANUARY + 5 * DAY)
    late = bill(subscription, JANUARY, line, paid_at=JANUARY + 12 * DAY)

    assert rates(subscription, declined) == [(JANUARY, grace, 990 * 12, True)]
    assert rates(subscription, in_time) == [(JANUARY, FEBRUARY, 990 * 12, False)]
    assert rates(subscription, late) == [
        (JANUARY, grace, 990 * 12, True),
        (JANUARY + 12 * DAY, FEBRUARY, 990 * 12, False),
    ]


def test_an_end_cuts_what_was_paid_for():
    moment = JANUARY + 3 * DAY
    ended = a_subscription(status="canceled", ended_at=moment)

    assert rates(ended, *billed(ended, 1)) == [(JANUARY, moment, 990 * 12, False)]


def test_what_stripe_gave_up_on_after_declines_ended_involuntarily():
    by_itself = a_subscription(status="canceled", ended_at=FEBRUARY)
    given_up = a_subscription(
        status="canceled", ended_at=FEBRUARY, raw={"cancellation_details": {"reason": "payment_failed"}}
    )

    assert [rates(each, *billed(each, 1))[0][3] for each in (by_itself, given_up)] == [False, True]


def test_a_contracts_subscription_is_counted_with_the_contract():
    subscription = a_subscription(metadata={"contract": "C-1"})

    assert rates(subscription, *billed(subscription, 1)) == []

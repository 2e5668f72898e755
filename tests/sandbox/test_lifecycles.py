"""What becomes of a subscription as time passes, cards fail and readers change their minds."""

import pytest
import stripe

from newsroom.sandbox.engine import portal
from newsroom.sandbox.engine.world import Settings
from tests.sandbox.shop import DAY, NOON, Shop, card_begins_to_fail, period, seconds

BOUGHT = [
    "payment_method.attached",
    "invoice.created",
    "invoice.finalized",
    "payment_intent.created",
    "customer.subscription.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice_payment.paid",
    "invoice.updated",
    "invoice.paid",
    "invoice.payment_succeeded",
    "customer.subscription.updated",
    "checkout.session.completed",
]
RENEWED = [
    "invoice.created",
    "customer.subscription.updated",
    "invoice.finalized",
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice_payment.paid",
    "invoice.updated",
    "invoice.paid",
    "invoice.payment_succeeded",
]
DECLINED_TRY = ["charge.failed", "payment_intent.payment_failed", "invoice.updated", "invoice.payment_failed"]


def test_checkout_tells_the_story_of_a_purchase_in_stripes_order(shop: Shop) -> None:
    customer = shop.customer()
    session = shop.session(customer=customer.id)
    before = len(shop.happened())

    shop.complete(session.id)

    assert shop.happened()[before:] == BOUGHT


def test_a_checkout_without_a_customer_makes_one(shop: Shop) -> None:
    subscription = shop.subscription(metadata={"account": "7"}, subscription_data={"metadata": {"account": "7"}})

    customer = shop.sdk.v1.customers.retrieve(str(subscription.customer))
    assert (customer.email, subscription.metadata["account"], subscription.status) == (
        "reader@example.org",
        "7",
        "active",
    )


def test_the_first_invoice_is_paid_and_numbered(shop: Shop) -> None:
    subscription = shop.again(shop.subscription(quantity=3))

    invoice = subscription.latest_invoice
    assert isinstance(invoice, stripe.Invoice)
    assert invoice.number is not None
    assert invoice.number.endswith("-0001")
    assert (invoice.status, invoice.total, invoice.amount_paid, invoice.amount_remaining) == ("paid", 2700, 2700, 0)
    assert (invoice.billing_reason, invoice.attempt_count) == ("subscription_create", 1)
    assert invoice.parent is not None
    assert invoice.parent.subscription_details is not None
    assert invoice.parent.subscription_details.subscription == subscription.id


def test_a_renewal_moves_the_period_at_once_and_collects_an_hour_later(shop: Shop) -> None:
    subscription = shop.subscription()
    before = len(shop.happened())

    shop.advance(days=31)
    drafted = shop.again(subscription)
    shop.advance(hours=1)
    collected = shop.again(subscription)

    assert isinstance(drafted.latest_invoice, stripe.Invoice)
    assert isinstance(collected.latest_invoice, stripe.Invoice)
    assert (drafted.status, drafted.latest_invoice.status) == ("active", "draft")
    assert (collected.status, collected.latest_invoice.status) == ("active", "paid")
    assert collected.latest_invoice.number is not None
    assert collected.latest_invoice.number.endswith("-0002")
    assert period(drafted) == (seconds(2026, 1, 31), seconds(2026, 2, 28))
    assert shop.happened()[before:] == RENEWED


def test_a_month_that_is_too_short_ends_on_its_last_day_and_the_next_returns(shop: Shop) -> None:
    """31 December, 31 January, 28 February, 31 March."""
    subscription = shop.subscription()
    ends = [period(subscription)[1]]

    for _month in range(3):
        shop.advance(days=(ends[-1] - shop.now) / DAY)
        ends.append(period(shop.again(subscription))[1])

    assert ends == [seconds(2026, 1, 31), seconds(2026, 2, 28), seconds(2026, 3, 31), seconds(2026, 4, 30)]


def test_a_year_from_the_29th_of_february_is_the_28th_and_then_the_29th_again() -> None:
    shop = Shop(now=seconds(2028, 2, 29))
    subscription = shop.subscription(price=shop.price(recurring={"interval": "year"}).id)

    shop.advance(days=366)
    first = period(shop.again(subscription))
    for _year in range(3):
        shop.advance(days=365.25)

    assert first == (seconds(2029, 2, 28), seconds(2030, 2, 28))
    assert period(shop.again(subscription))[1] == seconds(2033, 2, 28)
    assert period(shop.again(subscription))[0] == seconds(2032, 2, 29)


def test_many_renewals_at_once_make_one_invoice_each_in_the_order_of_time(shop: Shop) -> None:
    subscription = shop.subscription()

    shop.advance(days=364)

    invoices = shop.sdk.v1.invoices.list({"subscription": subscription.id, "limit": 100}).data[::-1]
    assert [invoice.status for invoice in invoices] == ["paid"] * 12
    assert [str(invoice.number)[-4:] for invoice in invoices] == [f"{number:04d}" for number in range(1, 13)]
    assert [invoice.created for invoice in invoices] == sorted(invoice.created for invoice in invoices)


def test_a_declined_renewal_is_past_due_and_tried_again_after_3_5_and_7_days(shop: Shop) -> None:
    subscription = shop.subscription()
    card_begins_to_fail(shop, subscription)
    before = len(shop.happened())

    shop.advance(days=31, hours=1)
    first = shop.again(subscription)
    declined_at = shop.now

    assert isinstance(first.latest_invoice, stripe.Invoice)
    assert (first.status, first.latest_invoice.status, first.latest_invoice.attempt_count) == ("past_due", "open", 1)
    assert first.latest_invoice.next_payment_attempt == declined_at + 3 * DAY
    assert shop.happened()[before:] == [
        *RENEWED[:4],
        *DECLINED_TRY,
        "customer.updated",
        "customer.subscription.updated",
    ]

    shop.advance(days=3)
    second = shop.again(subscription).latest_invoice
    assert isinstance(second, stripe.Invoice)
    assert (second.attempt_count, second.next_payment_attempt) == (2, declined_at + 8 * DAY)


@pytest.mark.parametrize(
    ("after_retries", "status", "last"),
    [
        ("canceled", "canceled", "customer.subscription.deleted"),
        ("unpaid", "unpaid", "customer.subscription.updated"),
        ("past_due", "past_due", "invoice.payment_failed"),
    ],
)
def test_after_the_last_retry_the_subscription_ends_as_the_settings_say(
    after_retries: str, status: str, last: str
) -> None:
    shop = Shop(settings=Settings(after_retries=after_retries))
    subscription = shop.subscription()
    card_begins_to_fail(shop, subscription)

    shop.advance(days=31 + 15, hours=1)

    dead = shop.again(subscription)
    assert isinstance(dead.latest_invoice, stripe.Invoice)
    assert dead.status == status
    assert (dead.latest_invoice.status, dead.latest_invoice.attempt_count) == ("open", 4)
    assert dead.latest_invoice.next_payment_attempt is None
    assert shop.happened()[-1] == last


def test_a_dead_subscription_says_why_and_is_never_renewed_again(shop: Shop) -> None:
    subscription = shop.subscription()
    card_begins_to_fail(shop, subscription)

    shop.advance(days=200)

    dead = shop.again(subscription)
    assert dead.cancellation_details is not None
    assert (dead.cancellation_details.reason, dead.ended_at) == (
        "payment_failed",
        seconds(2026, 1, 31) + 3600 + 15 * DAY,
    )
    assert len(shop.sdk.v1.invoices.list({"subscription": subscription.id}).data) == 2


def test_another_card_and_a_payment_recover_a_subscription(shop: Shop) -> None:
    subscription = shop.subscription()
    card_begins_to_fail(shop, subscription)
    shop.advance(days=31, hours=1)
    session = shop.sdk.v1.billing_portal.sessions.create({"customer": str(subscription.customer)})

    shop.do(lambda world: portal.change_card(world, session.id, "4242424242424242"))
    waiting = shop.again(subscription)
    shop.do(lambda world: portal.pay(world, session.id, str(waiting.latest_invoice.id)))  # type: ignore[union-attr]  # expanded
    recovered = shop.again(subscription)

    assert isinstance(recovered.latest_invoice, stripe.Invoice)
    assert (waiting.status, recovered.status, recovered.latest_invoice.status) == ("past_due", "active", "paid")
    assert shop.sdk.v1.customers.retrieve(str(subscription.customer)).delinquent is False


def test_another_card_alone_is_charged_at_the_next_retry(shop: Shop) -> None:
    subscription = shop.subscription()
    card_begins_to_fail(shop, subscription)
    shop.advance(days=31, hours=1)
    session = shop.sdk.v1.billing_portal.sessions.create({"customer": str(subscription.customer)})
    shop.do(lambda world: portal.change_card(world, session.id, "4242424242424242"))

    shop.advance(days=3)

    assert shop.again(subscription).status == "active"


def test_a_try_by_hand_does_not_move_the_schedule(shop: Shop) -> None:
    subscription = shop.subscription()
    card_begins_to_fail(shop, subscription)
    shop.advance(days=31, hours=1)
    invoice = shop.again(subscription).latest_invoice
    assert isinstance(invoice, stripe.Invoice)

    with pytest.raises(stripe.CardError) as refusal:
        shop.sdk.v1.invoices.pay(str(invoice.id))

    after = shop.sdk.v1.invoices.retrieve(str(invoice.id))
    assert (refusal.value.http_status, refusal.value.code) == (402, "card_declined")
    assert (after.attempt_count, after.next_payment_attempt) == (2, invoice.next_payment_attempt)


def test_cancelled_for_the_end_of_the_period_it_ends_there_without_an_invoice(shop: Shop) -> None:
    subscription = shop.subscription()
    end = period(subscription)[1]
    shop.sdk.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})

    shop.advance(days=30)
    before = shop.again(subscription)
    shop.advance(days=40)
    after = shop.again(subscription)

    assert (before.status, before.cancel_at, before.cancel_at_period_end) == ("active", end, True)
    assert (after.status, after.ended_at, after.canceled_at) == ("canceled", end, NOON)
    assert shop.happened()[-1] == "customer.subscription.deleted"
    assert len(shop.sdk.v1.invoices.list({"subscription": subscription.id}).data) == 1


def test_the_portal_cancels_by_a_date_and_leaves_the_old_flag_false(shop: Shop) -> None:
    subscription = shop.subscription()
    session = shop.sdk.v1.billing_portal.sessions.create({"customer": str(subscription.customer)})

    shop.do(lambda world: portal.cancel(world, session.id, subscription.id))

    found = shop.again(subscription)
    assert (found.cancel_at_period_end, found.cancel_at) == (False, period(subscription)[1])


@pytest.mark.parametrize("change", [{"cancel_at_period_end": False}, {"cancel_at": ""}])
def test_resumed_before_the_end_it_renews(shop: Shop, change: dict[str, object]) -> None:
    subscription = shop.subscription()
    shop.sdk.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})

    shop.sdk.v1.subscriptions.update(subscription.id, change)  # type: ignore[arg-type]  # two ways to say it
    shop.advance(days=32)

    found = shop.again(subscription)
    assert (found.status, found.cancel_at, found.canceled_at) == ("active", None, None)
    assert period(found)[0] == seconds(2026, 1, 31)


def test_cancelled_at_once_it_is_over(shop: Shop) -> None:
    subscription = shop.subscription()

    ended = shop.sdk.v1.subscriptions.cancel(subscription.id, {"cancellation_details": {"feedback": "too_expensive"}})

    assert (ended.status, ended.ended_at) == ("canceled", NOON)
    assert ended.cancellation_details is not None
    assert (ended.cancellation_details.reason, ended.cancellation_details.feedback) == (
        "cancellation_requested",
        "too_expensive",
    )
    with pytest.raises(stripe.InvalidRequestError):
        shop.sdk.v1.subscriptions.cancel(subscription.id)


def test_deleting_a_customer_ends_what_it_has(shop: Shop) -> None:
    subscription = shop.subscription()
    customer = str(subscription.customer)

    gone = shop.sdk.v1.customers.delete(customer)

    assert gone.deleted is True
    assert shop.sdk.v1.customers.retrieve(customer).deleted is True
    assert shop.again(subscription).status == "canceled"
    assert shop.sdk.v1.customers.list().data == []
    with pytest.raises(stripe.InvalidRequestError):
        shop.sdk.v1.customers.update(customer, {"name": "Nobody"})


def test_a_test_clock_moves_its_own_customers_only(shop: Shop) -> None:
    clock = shop.sdk.v1.test_helpers.test_clocks.create({"frozen_time": NOON + 100 * DAY})
    ahead = shop.customer("pm_card_visa", test_clock=clock.id)
    price = shop.price().id
    theirs = shop.sdk.v1.subscriptions.create({"customer": ahead.id, "items": [{"price": price}]})
    ours = shop.subscription(price=price)

    done = shop.sdk.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": NOON + 140 * DAY})

    assert (theirs.created, done.status, done.frozen_time) == (NOON + 100 * DAY, "ready", NOON + 140 * DAY)
    assert period(shop.again(theirs))[0] > NOON + 100 * DAY
    assert period(shop.again(ours)) == period(ours)
    assert [invoice.status for invoice in shop.sdk.v1.invoices.list({"customer": ahead.id}).data] == ["paid", "paid"]


def test_a_test_clock_takes_its_customers_with_it(shop: Shop) -> None:
    clock = shop.sdk.v1.test_helpers.test_clocks.create({"frozen_time": NOON})
    customer = shop.customer("pm_card_visa", test_clock=clock.id)

    shop.sdk.v1.test_helpers.test_clocks.delete(clock.id)

    assert shop.sdk.v1.customers.retrieve(customer.id).deleted is True
    with pytest.raises(stripe.InvalidRequestError):
        shop.sdk.v1.test_helpers.test_clocks.retrieve(clock.id)


def test_a_changed_price_without_proration_is_charged_from_the_next_period_on(shop: Shop) -> None:
    subscription = shop.subscription()
    dearer = shop.price(unit_amount=1900)
    item = subscription["items"].data[0]

    shop.sdk.v1.subscriptions.update(
        subscription.id, {"items": [{"id": item.id, "price": dearer.id, "quantity": 2}], "proration_behavior": "none"}
    )
    shop.advance(days=31, hours=1)

    invoice = shop.again(subscription).latest_invoice
    assert isinstance(invoice, stripe.Invoice)
    assert (invoice.total, invoice.lines.data[0].quantity) == (3800, 2)

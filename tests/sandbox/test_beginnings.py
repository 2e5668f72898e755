"""How subscriptions begin: on trial, with a bank that asks, or not at all."""

import stripe

from newsroom.sandbox.engine.world import Settings
from tests.sandbox.shop import CHALLENGED, Shop, card_begins_to_fail, period, seconds


def test_a_trial_is_free_warns_three_days_before_and_then_costs(shop: Shop) -> None:
    subscription = shop.subscription(subscription_data={"trial_period_days": 14})
    first = shop.again(subscription).latest_invoice
    before = len(shop.happened())
    shop.advance(days=11)
    warned = shop.happened()[before:]
    shop.advance(days=3, hours=1)

    assert isinstance(first, stripe.Invoice)
    assert (subscription.status, first.total, first.status) == ("trialing", 0, "paid")
    assert warned == ["customer.subscription.trial_will_end"]
    running = shop.again(subscription)
    assert isinstance(running.latest_invoice, stripe.Invoice)
    assert (running.status, running.latest_invoice.total, running.latest_invoice.status) == ("active", 900, "paid")
    assert period(running) == (seconds(2026, 1, 14), seconds(2026, 2, 14))


def test_a_trial_on_checkout_owes_nothing_today(shop: Shop) -> None:
    session = shop.session(subscription_data={"trial_period_days": 14})

    shop.complete(session.id)

    found = shop.sdk.v1.checkout.sessions.retrieve(session.id)
    assert (found.amount_total, found.payment_status, found.status) == (0, "no_payment_required", "complete")


def test_a_card_that_asks_once_renews_without_asking(shop: Shop) -> None:
    session = shop.session()
    shop.complete(session.id, CHALLENGED)
    waiting = shop.sdk.v1.checkout.sessions.retrieve(session.id)

    shop.complete(session.id, CHALLENGED, authenticated=True)
    shop.advance(days=32)

    found = shop.sdk.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert isinstance(found.subscription, stripe.Subscription)
    assert (waiting.status, found.status, found.subscription.status) == ("open", "complete", "active")


def test_a_card_that_always_asks_leaves_the_renewal_waiting_for_the_reader(shop: Shop) -> None:
    session = shop.session()
    shop.complete(session.id, "4000002760003184", authenticated=True)
    name = str(shop.sdk.v1.checkout.sessions.retrieve(session.id).subscription)

    shop.advance(days=32)

    assert shop.sdk.v1.subscriptions.retrieve(name).status == "past_due"
    assert "invoice.payment_action_required" in shop.happened()


def test_an_unpaid_first_invoice_expires_the_subscription_after_23_hours(shop: Shop) -> None:
    customer = shop.customer("pm_card_chargeCustomerFail")
    subscription = shop.sdk.v1.subscriptions.create({"customer": customer.id, "items": [{"price": shop.price().id}]})

    shop.advance(hours=23)

    found = shop.again(subscription)
    assert isinstance(found.latest_invoice, stripe.Invoice)
    assert (subscription.status, found.status, found.latest_invoice.status) == (
        "incomplete",
        "incomplete_expired",
        "void",
    )
    assert shop.sdk.v1.subscriptions.list({"customer": customer.id}).data[0].status == "incomplete_expired"


def test_an_unpaid_first_invoice_that_is_paid_activates_it(shop: Shop) -> None:
    customer = shop.customer("pm_card_chargeCustomerFail")
    subscription = shop.sdk.v1.subscriptions.create({"customer": customer.id, "items": [{"price": shop.price().id}]})
    good = shop.sdk.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})

    shop.sdk.v1.invoices.pay(str(subscription.latest_invoice), {"payment_method": good.id})

    assert shop.again(subscription).status == "active"


def test_an_unpaid_subscription_makes_drafts_that_nobody_collects() -> None:
    shop = Shop(settings=Settings(after_retries="unpaid"))
    subscription = shop.subscription()
    card_begins_to_fail(shop, subscription)

    shop.advance(days=80)

    invoices = shop.sdk.v1.invoices.list({"subscription": subscription.id}).data
    assert [invoice.status for invoice in invoices] == ["draft", "open", "paid"]

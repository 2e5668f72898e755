"""What may happen between a customer and Stripe, told step by step.

A life is a generator: after each `yield` something has happened at Stripe that the product has not heard of yet. The
first `yield` is where all that is ours is there, and no money has moved. Other capabilities add their lives here.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from newsroom.accounts.models import User
from newsroom.billing.models import Account
from newsroom.core.clock import now
from newsroom.sandbox.engine.errors import StripeError
from newsroom.sandbox.models import SandboxControls
from tests.billing.shop import DECLINED_AT_ONCE, Shop
from tests.factories import a_member, a_user, an_organisation

Life = Callable[[Shop], Iterator[str]]
LIVES: dict[str, Life] = {}
PLUS = "reader_plus_month_eur"


def life(told: Life) -> Life:
    LIVES[told.__name__.replace("_", " ")] = told
    return told


def customer_of(user: User) -> str:
    return Account.objects.get(user=user).stripe_customer_id or ""


def held(shop: Shop) -> dict[str, Any]:
    """The newest subscription at Stripe."""
    return shop.objects("subscription")[-1]


def with_card(shop: Shop, user: User, card: str = "pm_card_visa") -> str:
    """The person is a customer with a saved card; which customer."""
    shop.open(user)
    customer = customer_of(user)
    method = shop.sdk.v1.payment_methods.attach(card, {"customer": customer})
    shop.sdk.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": method.id}})
    return customer


def price(shop: Shop, lookup_key: str = "reader_month_eur") -> str:
    return shop.sdk.v1.prices.list({"lookup_keys": [lookup_key]}).data[0].id


def subscribe(shop: Shop, customer: str, **facts: Any) -> str:
    """At Stripe, without our Checkout."""
    asked = {"customer": customer, "items": [{"price": price(shop)}], "metadata": {"plan": "reader"}} | facts
    return shop.sdk.v1.subscriptions.create(asked).id  # type: ignore[arg-type]  # as a hash


def bought(shop: Shop, user: User) -> str:
    shop.pay(shop.open(user), user)
    return str(held(shop)["id"])


@life
def sign_up_after_a_declined_card(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    session = shop.open(user)
    yield "opened"
    with suppress(StripeError):  # the page says so, and stays open
        shop.pay(session, user, DECLINED_AT_ONCE)
    yield "declined"
    shop.pay(session, user)
    yield "paid"


@life
def an_abandoned_checkout_and_a_later_one(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    shop.open(user)
    yield "opened"
    shop.pass_time(hours=25)
    yield "expired"
    bought(shop, user)
    yield "bought after all"


@life
def trial_that_is_paid(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    subscribe(shop, with_card(shop, user), trial_period_days=14)
    yield "on trial"
    shop.pass_time(days=12)
    yield "warned"
    shop.pass_time(days=3)
    yield "paid"


@life
def trial_that_is_cancelled(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    name = subscribe(shop, with_card(shop, user), trial_period_days=14)
    yield "on trial"
    shop.sdk.v1.subscriptions.update(name, {"cancel_at_period_end": True})
    yield "cancelled"
    shop.pass_time(days=15)
    yield "ended"


@life
def three_renewals(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    bought(shop, user)
    yield "bought"
    for number in range(3):
        shop.pass_time(days=31, hours=2)
        yield f"renewal {number}"


@life
def seats_up_and_down(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    name = bought(shop, user)
    item = held(shop)["items"]["data"][0]["id"]
    yield "bought"
    for quantity in (3, 5, 2):
        shop.pass_time(days=3)
        change = {"items": [{"id": item, "quantity": quantity}], "proration_behavior": "none"}
        shop.sdk.v1.subscriptions.update(name, change)  # type: ignore[arg-type]  # as a hash
        yield f"{quantity} seats"
    shop.pass_time(days=25)
    yield "renewed"


@life
def upgraded_and_downgraded(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    name = bought(shop, user)
    item = held(shop)["items"]["data"][0]["id"]
    yield "bought"
    for key in (PLUS, "reader_month_eur"):
        change = {"items": [{"id": item, "price": price(shop, key)}], "proration_behavior": "none"}
        shop.sdk.v1.subscriptions.update(name, change)  # type: ignore[arg-type]  # as a hash
        yield key
    shop.pass_time(days=31, hours=2)
    yield "renewed"


@life
def declined_and_recovered(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    bought(shop, user)
    shop.change_card(user, "pm_card_chargeCustomerFail")
    yield "bought"
    shop.pass_time(days=31, hours=2)
    yield "declined"
    shop.pass_time(days=4)
    yield "declined again"
    shop.change_card(user)
    yield "paid with another card"
    shop.pass_time(days=31)
    yield "renewed"


@life
def declined_until_it_is_dead(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    bought(shop, user)
    shop.change_card(user, "pm_card_chargeCustomerFail")
    yield "bought"
    shop.pass_time(days=31, hours=2)
    yield "declined"
    shop.pass_time(days=9)
    yield "grace is over"
    shop.pass_time(days=9)
    yield "given up"


@life
def cancelled_and_ended(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    name = bought(shop, user)
    yield "bought"
    shop.sdk.v1.subscriptions.update(name, {"cancel_at_period_end": True})
    yield "cancelled"
    shop.pass_time(days=32)
    yield "ended"
    shop.pass_time(days=10)
    bought(shop, user)
    yield "won back"


@life
def cancelled_and_resumed(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    name = bought(shop, user)
    for cancels in (True, False, True, False):
        shop.pass_time(hours=5)
        shop.sdk.v1.subscriptions.update(name, {"cancel_at_period_end": cancels})
        yield "cancelled" if cancels else "resumed"
    shop.pass_time(days=31)
    yield "renewed"


@life
def cancelled_at_once(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    name = bought(shop, user)
    yield "bought"
    shop.pass_time(days=5)
    shop.sdk.v1.subscriptions.cancel(name)
    yield "ended"


@life
def first_payment_that_fails(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    subscribe(shop, with_card(shop, user, "pm_card_chargeCustomerFail"), payment_behavior="allow_incomplete")
    yield "incomplete"
    shop.pass_time(days=1)
    yield "expired"


@life
def a_second_subscription_is_undone(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    bought(shop, user)
    yield "bought"
    shop.pass_time(minutes=5)
    customer = customer_of(user)
    method = shop.sdk.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    subscribe(shop, customer, default_payment_method=method.id)
    yield "paid again"
    shop.pass_time(days=31)
    yield "renewed"


@life
def given_up_and_left_unpaid(shop: Shop) -> Iterator[str]:
    """Stripe is told to leave it unpaid; months later the reader pays."""
    SandboxControls.objects.update_or_create(pk=1, defaults={"after_retries": "unpaid"})
    user = a_user()
    yield "begun"
    bought(shop, user)
    shop.change_card(user, "pm_card_chargeCustomerFail")
    yield "bought"
    shop.pass_time(days=50)
    yield "unpaid"
    shop.change_card(user)
    yield "paid"


@life
def upgraded_and_paid_at_once_then_down_at_the_end(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    bought(shop, user)
    yield "bought"
    shop.pass_time(days=9)
    shop.upgrade(user)
    yield "upgraded"
    shop.pass_time(days=2)
    shop.downgrade(user)
    yield "to be downgraded"
    shop.pass_time(days=31)
    yield "downgraded"


@life
def paused_and_resumed(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    bought(shop, user)
    yield "bought"
    shop.pass_time(days=3)
    shop.pause(user)
    yield "paused"
    shop.pass_time(days=70)
    yield "resumed by itself"


@life
def refunded_in_part_and_then_the_rest(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    bought(shop, user)
    yield "bought"
    shop.refund(user, 300)
    yield "a part is back"
    shop.pass_time(days=2)
    shop.refund(user)
    yield "all is back"
    shop.pass_time(days=31)
    yield "a month later"


@life
def refund_that_fails(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    shop.pay(shop.open(user), user, "4000000000005126")
    yield "bought"
    shop.refund(user, 400)
    yield "a part went back"
    shop.pass_time(hours=2)
    yield "and came home"


@life
def disputed_and_won(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    bought(shop, user)
    yield "bought"
    shop.pass_time(days=4)
    shop.dispute(user)
    yield "disputed"
    shop.pass_time(days=4)
    shop.dispute_won(user)
    yield "won"
    shop.pass_time(days=31)
    yield "renewed"


@life
def disputed_and_lost(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    bought(shop, user)
    yield "bought"
    shop.pass_time(days=4)
    shop.dispute(user)
    yield "disputed"
    shop.pass_time(days=4)
    shop.dispute_lost(user)
    yield "lost"


@life
def an_organisation_overdue_and_then_paid(shop: Shop) -> Iterator[str]:
    house = an_organisation("Daily Zebra")
    a_member(house, a_user("owner@zebra.example"), role="owner")
    yield "begun"
    v1 = shop.sdk.v1
    customer = v1.customers.create({"email": "owner@zebra.example", "address": {"country": "DE"}}).id
    Account.objects.create(organisation=house, stripe_customer_id=customer, created_at=now())
    asked = {"customer": customer, "collection_method": "send_invoice", "days_until_due": 30, "currency": "eur"}
    invoice = v1.invoices.create(asked).id  # type: ignore[arg-type]  # as a hash
    v1.invoice_items.create({"customer": customer, "invoice": invoice, "amount": 120_000, "currency": "eur"})
    yield "drafted"
    v1.invoices.finalize_invoice(str(invoice))
    yield "open"
    shop.pass_time(days=40)
    v1.customers.update(customer, {"metadata": {"seen": "overdue"}})
    yield "overdue"
    v1.invoices.pay(str(invoice), {"paid_out_of_band": True})
    yield "paid"


@life
def withdrawn_in_time(shop: Shop) -> Iterator[str]:
    user = a_user()
    yield "begun"
    bought(shop, user)
    yield "bought"
    shop.pass_time(days=4)
    shop.withdraw(user)
    yield "withdrawn"
    shop.pass_time(days=31)
    yield "nothing more"

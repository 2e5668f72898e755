"""A customer on a test clock, driven by Stripe's API alone: the same at Stripe and at the stand-in."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe

from newsroom.accounts.models import User
from newsroom.billing import push
from newsroom.billing.catalogue import catalogue
from newsroom.billing.models import Account, Subscription
from newsroom.billing.sync import sync
from tests.factories import a_user

MONTHLY = "reader_month_eur"
PATIENCE = 120  # seconds that Stripe may take to let time pass


class ApiShop:
    def __init__(self, sdk: stripe.StripeClient) -> None:
        self.v1 = sdk.v1
        self.now = datetime.now(UTC).replace(microsecond=0)
        missing = [each for each in push.differences(catalogue()) if each.params.get("lookup_key", MONTHLY) == MONTHLY]
        push.push(found=missing, at=self.now)
        moment = int(self.now.timestamp())
        self.clock = self.v1.test_helpers.test_clocks.create({"frozen_time": moment, "name": "newsroom"}).id

    def close(self) -> None:
        """The clock is gone, and its customers and their subscriptions with it."""
        self.v1.test_helpers.test_clocks.delete(self.clock)

    def subscriber(self, **facts: Any) -> User:
        """A person with a good card and a monthly plan, of whom we have heard."""
        user = a_user()
        customer = self.v1.customers.create({"email": user.email, "test_clock": self.clock}).id
        Account.objects.create(user=user, stripe_customer_id=customer, created_at=self.now)
        self.card(user, "pm_card_visa")
        price = self.v1.prices.list({"lookup_keys": [MONTHLY]}).data[0].id
        asked: Any = {"customer": customer, "items": [{"price": price}]} | facts
        self.v1.subscriptions.create(asked)
        self.look(user)
        return user

    def customer(self, user: User) -> str:
        return str(Account.objects.get(user=user).stripe_customer_id)

    def card(self, user: User, token: str) -> None:
        """The card that pays from now on."""
        method = self.v1.payment_methods.attach(token, {"customer": self.customer(user)}).id
        self.v1.customers.update(self.customer(user), {"invoice_settings": {"default_payment_method": method}})

    def held(self, user: User) -> Subscription:
        return Subscription.objects.get(account__user=user)

    def look(self, user: User) -> None:
        sync(account_id=Account.objects.get(user=user).pk, at=self.now)

    def pass_time(self, user: User, **days: int) -> None:
        """Time has passed at Stripe, and we have looked."""
        self.now += timedelta(**days)
        self.v1.test_helpers.test_clocks.advance(self.clock, {"frozen_time": int(self.now.timestamp())})
        for _ in range(PATIENCE):
            if self.v1.test_helpers.test_clocks.retrieve(self.clock).status == "ready":
                break
            time.sleep(1)
        self.look(user)

"""A shop on the stand-in: Stripe's own SDK, a clock that is told the time, and every answer checked against the SDK's types."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import stripe

from newsroom.sandbox.engine import checkout, portal, time
from newsroom.sandbox.engine.engine import Answer, Engine, Request
from newsroom.sandbox.engine.store import MemoryStore, Store
from newsroom.sandbox.engine.world import Settings, World
from newsroom.sandbox.transport import SandboxClient

T = TypeVar("T")
DAY = 86_400
NOON = 1_767_182_400  # 31 December 2025, 12:00 UTC
PAYS, DECLINED, POOR, FAILS_LATER, CHALLENGED = (
    "4242424242424242",
    "4000000000000002",
    "4000000000009995",
    "4000000000000341",
    "4000002500003155",
)


class Shop:
    def __init__(self, store: Store | None = None, settings: Settings | None = None, now: int = NOON) -> None:
        self.store = store or MemoryStore()
        self.engine = Engine(self.store, settings)
        self.now = now
        self.requests: list[Request] = []
        self.sdk = stripe.StripeClient("sk_test_sandbox", http_client=SandboxClient(self.ask), max_network_retries=0)

    def ask(self, request: Request) -> Answer:
        self.requests.append(request)
        return self.engine.call(request, now=self.now)

    def do(self, deed: Callable[[World], T]) -> T:
        return self.engine.do(deed, now=self.now).result()

    def advance(self, days: float = 0, hours: float = 0) -> None:
        self.now += int(days * DAY + hours * 3600)
        self.engine.do(lambda world: time.pass_until(world, self.now), now=self.now)

    def price(self, **given: Any) -> stripe.Price:
        facts: dict[str, Any] = {
            "currency": "eur",
            "unit_amount": 900,
            "recurring": {"interval": "month"},
            "product_data": {"name": "Full access"},
        }
        return self.sdk.v1.prices.create(cast(Any, facts | given))

    def customer(self, card: str = "", **given: Any) -> stripe.Customer:
        """With a card as default, when one is named by Stripe's token for it."""
        customer = self.sdk.v1.customers.create(cast(Any, {"email": "reader@example.org", **given}))
        if card:
            method = self.sdk.v1.payment_methods.attach(card, {"customer": customer.id})
            self.sdk.v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": method.id}})
        return customer

    def session(self, **given: Any) -> stripe.checkout.Session:
        facts: dict[str, Any] = {
            "mode": "subscription",
            "success_url": "https://news.example/done?session={CHECKOUT_SESSION_ID}",
            "line_items": [
                {"price": given.pop("price", None) or self.price().id, "quantity": given.pop("quantity", 1)}
            ],
        }
        return self.sdk.v1.checkout.sessions.create(cast(Any, facts | given))

    def complete(self, session: str, number: str = PAYS, *, authenticated: bool = False) -> Mapping[str, Any]:
        return self.do(
            lambda world: checkout.complete(
                world,
                session,
                email="reader@example.org",
                holder="A Reader",
                number=number,
                authenticated=authenticated,
            )
        )

    def subscription(self, number: str = PAYS, **given: Any) -> stripe.Subscription:
        """Bought on Checkout."""
        session = self.session(**given)
        self.complete(session.id, number)
        name = self.sdk.v1.checkout.sessions.retrieve(session.id).subscription
        return self.sdk.v1.subscriptions.retrieve(str(name))

    def again(self, subscription: stripe.Subscription) -> stripe.Subscription:
        return self.sdk.v1.subscriptions.retrieve(subscription.id, {"expand": ["latest_invoice"]})

    def happened(self) -> list[str]:
        """The types of all events so far, oldest first."""
        events = self.sdk.v1.events.list({"limit": 100}).auto_paging_iter()
        return [str(event.type) for event in events][::-1]


def period(subscription: stripe.Subscription) -> tuple[int, int]:
    item = subscription["items"].data[0]
    return item.current_period_start, item.current_period_end


def seconds(year: int, month: int, day: int, hour: int = 12) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp())


def card_begins_to_fail(shop: Shop, subscription: stripe.Subscription) -> None:
    """The reader saves a card that may be saved and is then declined."""
    session = shop.sdk.v1.billing_portal.sessions.create({"customer": str(subscription.customer)})
    shop.do(lambda world: portal.change_card(world, session.id, FAILS_LATER))

"""Somebody at the pages that Stripe would host."""

from typing import Any

import stripe

from newsroom.sandbox import actions
from tests.sandbox.shop import PAYS

SITE = "http://127.0.0.1:8000"


def card(number: str = PAYS, **facts: str) -> dict[str, str]:
    return {"number": number, "expiry": "12 / 34", "cvc": "123"} | facts


def buyer(number: str = PAYS, **facts: str) -> dict[str, str]:
    return card(number, email="reader@example.org", holder="A Reader") | facts


def a_session(sdk: stripe.StripeClient, **given: Any) -> stripe.checkout.Session:
    price = sdk.v1.prices.create(
        {
            "currency": "eur",
            "unit_amount": 900,
            "recurring": {"interval": "month"},
            "product_data": {"name": "Full <b>access</b>"},
        }
    )
    facts: Any = {
        "mode": "subscription",
        "success_url": "http://testserver/done?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://testserver/pricing/",
        "line_items": [{"price": price.id, "quantity": 1}],
    }
    return sdk.v1.checkout.sessions.create(facts | given)


def bought(sdk: stripe.StripeClient, number: str = PAYS) -> stripe.Subscription:
    session = a_session(sdk)
    actions.complete_checkout(session.id, email="reader@example.org", holder="A Reader", number=number)
    return sdk.v1.subscriptions.list().data[0]


def path(session: stripe.checkout.Session) -> str:
    return f"/sandbox/checkout/{session.id}/"


def text(response: Any) -> str:
    content: bytes = response.content
    return content.decode()

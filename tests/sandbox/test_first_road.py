import pytest
import stripe

from newsroom.sandbox import actions, clock
from newsroom.sandbox.delivering import deliver_due

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def test_a_card_that_pays_ends_in_an_active_subscription_and_signed_events(sdk):
    product = sdk.v1.products.create({"name": "Full"})
    price = sdk.v1.prices.create(
        {
            "product": product.id,
            "currency": "eur",
            "unit_amount": 900,
            "recurring": {"interval": "month"},
            "lookup_key": "k",
        }
    )
    cu = sdk.v1.customers.create({"email": "a@example.org"}, {"idempotency_key": "x"})
    assert sdk.v1.customers.create({"email": "a@example.org"}, {"idempotency_key": "x"}).id == cu.id
    s = sdk.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": cu.id,
            "line_items": [{"price": price.id, "quantity": 1}],
            "success_url": "http://x/?s={CHECKOUT_SESSION_ID}",
        }
    )
    actions.complete_checkout(s.id, email="a@example.org", number="4242424242424242")
    sub = sdk.v1.subscriptions.list({"customer": cu.id}).data[0]
    assert sub.status == "active"
    seen = []

    def post(url, body, headers):
        e = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], "whsec_test")
        seen.append(e.type)
        return 200

    assert deliver_due(clock.now(), post) == len(seen)
    assert seen[-1] == "checkout.session.completed"

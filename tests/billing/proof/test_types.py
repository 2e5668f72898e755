"""Every request is read by the SDK's types at every depth, every answer held to its annotations, in every test."""

import pytest
import stripe

from newsroom.billing.gateway import Declined, gateway
from newsroom.core.clock import now
from newsroom.sandbox.engine import routes
from tests import stripe_types
from tests.billing.shop import the_subscription

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"colour": "red"}, "Received unknown parameter: colour"),
        ({"items": [{"quantitty": 2}]}, r"Received unknown parameter: items\[0\]\[quantitty\]"),
        ({"items": [{"price_data": {"recurring": {"interval": "eon"}}}]}, r"items\[0\]\[price_data\]"),
        ({"cancel_at_period_end": "perhaps"}, "Invalid boolean: perhaps"),
        ({"trial_settings": {"end_behavior": {"missing_payment_method": "pay"}}}, "must be one of cancel"),
    ],
)
def test_what_the_sdk_does_not_send_is_refused_at_any_depth(shop, params, said):
    user = shop.subscriber()

    with pytest.raises(Declined, match=said):
        gateway().change("subscription.update", {"subject": the_subscription(user).stripe_id} | params, key="k1")


@pytest.mark.parametrize(
    "odd",
    [
        {"status": 7},
        {"colour": "red"},
        {"items": []},
        {"automatic_tax": {"enabled": "yes", "disabled_reason": None, "liability": None}},
    ],
    ids=["a number for a word", "a field Stripe has not", "no list", "a word for a truth, inside"],
)
def test_an_answer_of_another_shape_fails_whichever_test_asked(shop, monkeypatch, odd):
    user = shop.subscriber()
    name = the_subscription(user).stripe_id
    plain = routes.page

    def bent(world, kind, given, *args, **kwargs):
        answer = plain(world, kind, given, *args, **kwargs)
        for each in answer["data"]:
            each |= odd if kind == "subscription" else {}
        return answer

    monkeypatch.setattr("newsroom.sandbox.engine.subscriptions.page", bent)

    with pytest.raises(stripe_types.OtherShape, match=f"Subscription.{next(iter(odd))}"):
        gateway().present(str(shop.sdk.v1.subscriptions.retrieve(name).customer))


def test_the_sdk_within_the_process_and_the_address_outside_it_pass_the_same_check(shop, client):
    before = stripe_types.seen["requests"]

    shop.sdk.v1.prices.list()
    client.get("/sandbox/v1/prices", headers={"Authorization": "Bearer sk_test_1"})
    with pytest.raises(stripe.InvalidRequestError):
        shop.sdk.v1.customers.retrieve("cus_none")

    assert stripe_types.seen["requests"] - before == 3


def test_every_event_holds_an_object_of_stripes_shape(shop):
    user = shop.subscriber()
    shop.pass_time(days=35)
    before = stripe_types.seen["objects"]

    found = list(gateway().events(int(now().timestamp()) - 40 * 86_400))

    kinds = {each["data"]["object"]["object"] for each in found}
    assert {"invoice", "subscription", "customer", "checkout.session"} <= kinds
    assert stripe_types.seen["objects"] - before >= 2 * len(found)
    assert the_subscription(user).status == "active"

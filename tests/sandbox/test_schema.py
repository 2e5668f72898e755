"""Shapes are filled in from the SDK's types, and what disagrees with them is named."""

import pytest
import stripe

from newsroom.sandbox.engine.calendar import boundary, period_end
from newsroom.sandbox.engine.cards import BY_NUMBER, luhn
from newsroom.sandbox.engine.schema import Misshapen, faults, fields, fill
from tests.sandbox.shop import NOON, Shop


def test_what_may_be_null_is_null_and_what_may_not_is_asked_for() -> None:
    given = {
        "active": True,
        "created": 1,
        "id": "prod_1",
        "images": [],
        "livemode": False,
        "marketing_features": [],
        "metadata": {},
    }
    whole = fill(
        stripe.Product, given | {"name": "A", "object": "product", "type": "service", "updated": 1, "tax_details": {}}
    )

    assert whole["tax_details"] == {"performance_location": None, "tax_code": None}
    assert set(fields(stripe.Product)) - set(whole) == {"deleted"}
    with pytest.raises(Misshapen, match="Product needs name"):
        fill(stripe.Product, given)
    with pytest.raises(Misshapen, match="Product has no color"):
        fill(stripe.Product, given | {"color": "red"})


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"status": 5}, "Subscription.status is 5"),
        ({"created": "yesterday"}, "Subscription.created is 'yesterday'"),
        ({"cancel_at_period_end": 1}, "Subscription.cancel_at_period_end is 1"),
        ({"created": True}, "Subscription.created is True"),
        ({"color": "red"}, "Subscription.color is unknown to the SDK"),
        ({"items": []}, "Subscription.items is no list object"),
        ({"discounts": {}}, "Subscription.discounts is no list"),
        ({"metadata": []}, "Subscription.metadata is []"),
        (
            {"invoice_settings": {"issuer": {"kind": "self"}}},
            "Subscription.invoice_settings.issuer.kind is unknown to the SDK",
        ),
        ({"invoice_settings": {}}, "Subscription.invoice_settings.issuer is missing"),
        ({"customer": {"object": "customer"}}, "Subscription.customer"),
    ],
)
def test_a_fault_is_named_at_any_depth(change: dict[str, object], fault: str) -> None:
    shop = Shop()
    body = shop.store.find(shop.subscription().id)
    assert body is not None
    body.pop("_")

    assert list(faults(stripe.Subscription, body)) == []
    assert fault in "\n".join(faults(stripe.Subscription, body | change))


@pytest.mark.parametrize(
    ("interval", "count", "number", "expected"),
    [
        ("day", 1, 3, NOON + 3 * 86_400),
        ("week", 2, 1, NOON + 14 * 86_400),
        ("month", 1, 2, 1_772_280_000),  # 28 February 2026
        ("month", 3, 1, 1_774_958_400),  # 31 March 2026
        ("year", 1, 1, NOON + 365 * 86_400),
    ],
)
def test_a_boundary_is_counted_from_the_anchor(interval: str, count: int, number: int, expected: int) -> None:
    assert boundary(NOON, interval, count, number) == expected
    assert period_end(NOON, interval, count, expected - 1) == expected
    assert period_end(NOON, interval, count, expected) > expected


def test_the_test_cards_have_right_check_digits() -> None:
    assert [number for number in BY_NUMBER if not luhn(number)] == []
    assert not luhn("4242424242424241")

"""Customers' tax ids: their forms, and what the register says of them in time."""

import pytest
import stripe

from newsroom.sandbox.engine import tax_ids
from tests.sandbox.shop import Shop


def status(shop: Shop, customer: str) -> list[str]:
    found = shop.sdk.v1.customers.retrieve(customer, {"expand": ["tax_ids"]}).tax_ids
    assert found is not None
    return [str(each.verification.status) for each in found.data if each.verification]


@pytest.mark.parametrize(
    ("kind", "value", "later"),
    [
        ("eu_vat", "DE123456789", "verified"),
        ("eu_vat", "DE000000000", "verified"),
        ("eu_vat", "DE111111111", "unverified"),
        ("eu_vat", "DE222222222", "pending"),
        ("eu_vat", "NL123456789B01", "verified"),
        ("gb_vat", "GB123456789", "verified"),
        ("ch_vat", "CHE-123.456.789 MWST", "unavailable"),
        ("tr_tin", "1234567890", "unavailable"),
        ("no_vat", "123456789MVA", "unavailable"),
    ],
)
def test_a_tax_id_is_verified_some_seconds_later(shop: Shop, kind, value, later):
    customer = shop.customer(name="Blatt GmbH").id
    made = shop.sdk.v1.customers.tax_ids.create(customer, {"type": kind, "value": value})
    at_first = "unavailable" if later == "unavailable" else "pending"
    assert made.verification is not None
    assert made.verification.status == at_first

    shop.advance(hours=1)

    assert status(shop, customer) == [later]
    told = ["customer.tax_id.updated"] if later in {"verified", "unverified"} else []
    assert [each for each in shop.happened() if each == "customer.tax_id.updated"] == told


@pytest.mark.parametrize(
    ("kind", "value"),
    [("eu_vat", "DE12"), ("eu_vat", "QQ123456789"), ("gb_vat", "123"), ("tr_tin", "12"), ("ch_vat", "CHE-1")],
)
def test_a_malformed_one_is_refused(shop: Shop, kind, value):
    customer = shop.customer().id
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.sdk.v1.customers.tax_ids.create(customer, {"type": kind, "value": value})
    assert (refused.value.code, status(shop, customer)) == ("tax_id_invalid", [])


def test_a_number_may_be_struck_off_later(shop: Shop):
    customer = shop.customer().id
    made = shop.sdk.v1.customers.tax_ids.create(customer, {"type": "eu_vat", "value": "DE123456789"})
    shop.advance(hours=1)

    shop.do(lambda world: tax_ids.settle(world, world.get("tax_id", made.id), "unverified"))

    assert status(shop, customer) == ["unverified"]
    assert shop.happened()[-1] == "customer.tax_id.updated"


def test_the_same_again_is_one_and_a_deleted_one_is_gone(shop: Shop):
    customer = shop.customer().id
    for _ in range(2):
        made = shop.sdk.v1.customers.tax_ids.create(customer, {"type": "eu_vat", "value": "DE123456789"})
    assert [each.id for each in shop.sdk.v1.customers.tax_ids.list(customer).data] == [made.id]

    gone = shop.sdk.v1.customers.tax_ids.delete(customer, made.id)

    assert (gone.deleted, status(shop, customer)) == (True, [])
    assert shop.happened()[-1] == "customer.tax_id.deleted"


def test_another_customers_is_not_there(shop: Shop):
    made = shop.sdk.v1.customers.tax_ids.create(shop.customer().id, {"type": "eu_vat", "value": "DE123456789"})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.sdk.v1.customers.tax_ids.retrieve(shop.customer().id, made.id)
    assert refused.value.http_status == 404

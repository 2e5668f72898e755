"""Bring Stripe's products and prices to what the catalogue says. Idempotent by product id and lookup key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from newsroom.billing import outbox, promotions
from newsroom.billing.catalogue import SOURCE_LANGUAGE, Catalogue, Plan, Price
from newsroom.billing.gateway import Body, gateway

MANAGED = ("name", "description", "metadata", "active")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing to change at Stripe, and how a person would say it."""

    operation: str
    params: Body
    words: str


def product_id(plan: str) -> str:
    """The id of a plan's product is ours, so that it is found again."""
    return f"newsroom_{plan}"


def differences(catalogue: Catalogue) -> list[Difference]:
    """What Stripe has otherwise than the catalogue. Asks Stripe; changes nothing."""
    prices = {price.lookup_key: price for price in catalogue.prices()}
    products = gateway().products([product_id(plan.code) for plan in catalogue.plans])
    sold = gateway().prices(list(prices))
    found = [each for plan in catalogue.plans for each in _product(plan, products.get(product_id(plan.code)))]
    found += [each for key, price in prices.items() for each in _price(price, sold.get(key))]
    return found + [Difference(*each) for each in promotions.differences(catalogue.coupons, catalogue.promotions)]


def push(*, found: list[Difference], at: datetime) -> None:
    """Change them, in order. Raises `Declined`, `Unanswered`; run again, it goes on where it stopped."""
    for each in found:
        with transaction.atomic():
            call = outbox.ask(operation=each.operation, params=each.params, account=None, at=at)
        outbox.send(call=call, at=at)


def _product(plan: Plan, there: Body | None) -> Iterator[Difference]:
    facts: Body = {
        "name": plan.names[SOURCE_LANGUAGE],
        "description": plan.descriptions[SOURCE_LANGUAGE],
        "metadata": {"plan": plan.code},
        "active": True,
    }
    name = product_id(plan.code)
    if there is None:
        yield Difference("product.create", {"id": name} | facts, f"+ product {name}: {facts['name']}")
    elif odd := [key for key in MANAGED if there.get(key) != facts[key]]:
        yield Difference("product.update", {"subject": name} | facts, f"~ product {name}: {', '.join(odd)}")


def _price(price: Price, there: Body | None) -> Iterator[Difference]:
    """A price never changes at Stripe: another amount is another price, to which the key moves."""
    if there is not None and _same(price, there):
        return
    params: Body = {
        "product": product_id(price.plan),
        "lookup_key": price.lookup_key,
        "currency": price.money.currency,
        "unit_amount": price.money.minor,
        "recurring": {"interval": price.interval},
        "tax_behavior": "inclusive",
        "metadata": {"plan": price.plan, "lookup_key": price.lookup_key},
        "transfer_lookup_key": True,
    }
    yield Difference("price.create", params, f"{'~' if there else '+'} price {price.lookup_key}: {price.money}")
    if there is not None:
        yield Difference(
            "price.update", {"subject": there["id"], "active": False}, f"- price {there['id']}: no longer sold"
        )


def _same(price: Price, there: Body) -> bool:
    return (
        there["unit_amount"] == price.money.minor
        and there["currency"] == price.money.currency
        and (there["recurring"] or {}).get("interval") == price.interval
        and there["metadata"].get("plan") == price.plan
        and there["active"]
    )

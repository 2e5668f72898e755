"""Products and prices: https://docs.stripe.com/api/products, https://docs.stripe.com/api/prices."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.errors import invalid, not_built
from newsroom.sandbox.engine.params import merged, unset, words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World, public

PRODUCT_BUILT = words(
    "active description expand id images marketing_features metadata name shippable statement_descriptor unit_label url "
    "default_price type tax_code"
)
PRICE_BUILT = words(
    "active billing_scheme currency expand lookup_key metadata nickname product product_data.name product_data.id product_data.metadata "
    "recurring.interval recurring.interval_count recurring.usage_type recurring.trial_period_days tax_behavior transfer_lookup_key "
    "unit_amount unit_amount_decimal"
)
_CURRENCY = re.compile(r"^[a-z]{3}$")
_LONGEST = {"day": 1095, "week": 156, "month": 36, "year": 3}


def create_product(world: World, given: Body) -> Body:
    facts = {name: each for name, each in given.items() if name != "expand"}
    if "id" in facts and world.store.find(facts["id"]):
        raise invalid("Product already exists.", param="id", code="resource_already_exists")
    defaults = {
        "active": True,
        "images": [],
        "marketing_features": [],
        "metadata": {},
        "type": "service",
        "updated": world.now,
    }
    return world.add("product", "product.created", **defaults | facts)


def update_product(world: World, given: Body, name: str) -> Body:
    product = world.get("product", name)
    facts = unset({key: each for key, each in given.items() if key != "expand"})
    facts["metadata"] = merged(product["metadata"], given.get("metadata"))
    if facts.get("default_price"):
        world.get("price", facts["default_price"], param="default_price")
    return world.change(product, "product.updated", **facts, updated=world.now)


def find_products(world: World, given: Body) -> Body:
    where: Body = {name: given[name] for name in ("active", "shippable", "url", "type") if name in given}
    one_of = {"id": given["ids"]} if "ids" in given else {}
    return page(world, "product", given, where, one_of)


def create_price(world: World, given: Body) -> Body:
    facts = {
        name: each for name, each in given.items() if name not in {"expand", "transfer_lookup_key", "product_data"}
    }
    facts |= _amounts(given) | {"currency": _currency(given["currency"]), "product": _product_of(world, given)}
    if facts.get("billing_scheme") == "tiered":
        raise not_built("tiered prices", "billing_scheme")
    if "recurring" in given:
        facts["recurring"] = _recurring(given["recurring"])
    if key := given.get("lookup_key"):
        _claim(world, key, transfer=given.get("transfer_lookup_key", False))
    defaults = {
        "active": True,
        "billing_scheme": "per_unit",
        "metadata": {},
        "tax_behavior": "unspecified",
        "type": "recurring" if "recurring" in given else "one_time",
    }
    return world.add("price", "price.created", **defaults | facts)


def _product_of(world: World, given: Body) -> str:
    if ("product" in given) == ("product_data" in given):
        raise invalid(
            "You must specify either `product` or `product_data` when creating a price.",
            param="product",
            code="parameter_missing",
        )
    if "product_data" in given:
        return str(create_product(world, given["product_data"])["id"])
    return str(world.get("product", given["product"], param="product")["id"])


def _currency(text: str) -> str:
    if not _CURRENCY.match(text.lower()):
        raise invalid(f"Invalid currency: {text}.", param="currency")
    return text.lower()


def _amounts(given: Body) -> Body:
    if ("unit_amount" in given) == ("unit_amount_decimal" in given):
        raise invalid(
            "You must specify exactly one of unit_amount and unit_amount_decimal.",
            param="unit_amount",
            code="parameter_missing",
        )
    exact = Decimal(given["unit_amount_decimal"] if "unit_amount_decimal" in given else given["unit_amount"])
    if exact < 0:
        raise invalid("Invalid non-negative integer", param="unit_amount", code="parameter_invalid_integer")
    whole = int(exact) if exact == exact.to_integral_value() else None
    return {"unit_amount": whole, "unit_amount_decimal": format(exact.normalize(), "f")}


def _recurring(given: Body) -> Body:
    count = given.get("interval_count", 1)
    if not 1 <= count <= _LONGEST[given["interval"]]:
        raise invalid("interval_count must be between 1 and three years.", param="recurring[interval_count]")
    if given.get("usage_type") == "metered":
        raise not_built("metered prices", "recurring[usage_type]")
    return {
        "interval": given["interval"],
        "interval_count": count,
        "usage_type": "licensed",
        "trial_period_days": given.get("trial_period_days"),
    }


def _claim(world: World, key: str, *, transfer: bool) -> None:
    """A lookup key belongs to one price; it moves only when asked to."""
    for holder in world.all("price", lookup_key=key):
        if not transfer:
            raise invalid(
                f"A price (`{holder['id']}`) already uses that lookup key. Use `transfer_lookup_key` to move it to this one.",
                param="lookup_key",
            )
        world.change(holder, "price.updated", lookup_key=None)


def update_price(world: World, given: Body, name: str) -> Body:
    price = world.get("price", name)
    facts = unset({key: each for key, each in given.items() if key not in {"expand", "transfer_lookup_key"}})
    facts["metadata"] = merged(price["metadata"], given.get("metadata"))
    if facts.get("lookup_key") and facts["lookup_key"] != price["lookup_key"]:
        _claim(world, facts["lookup_key"], transfer=given.get("transfer_lookup_key", False))
    return world.change(price, "price.updated", **facts)


def find_prices(world: World, given: Body) -> Body:
    if len(given.get("lookup_keys", [])) > 10:
        raise invalid("You can pass up to 10 lookup keys.", param="lookup_keys")
    where: Body = {
        name: given[name] for name in ("active", "currency", "product", "type", "recurring") if name in given
    }
    one_of = {"lookup_key": given["lookup_keys"]} if "lookup_keys" in given else {}
    return page(world, "price", given, where, one_of)


def amount_of(price: Body, quantity: int) -> int:
    """What so many cost, in minor units."""
    exact = Decimal(price["unit_amount_decimal"]) * quantity
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def priced(world: World, given: dict[str, Any], at: str) -> Body:
    """The recurring, active price an item names."""
    if "price" not in given:
        raise invalid(f"Missing required param: {at}[price].", param=f"{at}[price]", code="parameter_missing")
    price = world.get("price", given["price"], param=f"{at}[price]")
    if not price["active"]:
        raise invalid("The price specified is inactive. This field only accepts active prices.", param=f"{at}[price]")
    if price["type"] != "recurring":
        raise invalid(
            "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
            param=f"{at}[price]",
        )
    return public(price)


def plan_of(world: World, price: Body) -> Body:
    """The older object that subscription items still carry beside their price."""
    recurring = price["recurring"]
    facts = {
        name: price[name]
        for name in ("id", "active", "billing_scheme", "created", "currency", "metadata", "nickname", "product")
    }
    facts |= {name: recurring[name] for name in ("interval", "interval_count", "usage_type", "trial_period_days")}
    return public(world.new("plan", **facts, amount=price["unit_amount"], amount_decimal=price["unit_amount_decimal"]))

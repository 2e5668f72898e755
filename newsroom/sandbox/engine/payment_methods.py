"""Cards, and putting another in place of the first: https://docs.stripe.com/api/payment_methods."""

import hashlib
from typing import Any

from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.cards import BY_ALIAS, BY_NUMBER, MESSAGES, Card, error_code, luhn
from newsroom.sandbox.engine.errors import declined, invalid, not_built
from newsroom.sandbox.engine.params import merged, unset, words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World

BUILT = words(
    "allow_redisplay billing_details card.cvc card.exp_month card.exp_year card.number card.token customer expand metadata type"
)


def card_of(number: str) -> Card:
    """The test card with this number. Raises StripeError as Stripe does for a number that is none."""
    digits = "".join(number.split()).replace("-", "")
    if digits in BY_NUMBER:
        return BY_NUMBER[digits]
    if digits.isdigit() and 12 <= len(digits) <= 19 and luhn(digits):
        raise declined(
            "card_declined",
            "Your card was declined. Your request was in test mode, but used a non test card.",
            decline_code="test_mode_live_card",
        )
    raise declined("incorrect_number", "Your card number is incorrect.", param="number")


def made(world: World, card: Card, billing: Body, *, month: int = 12, year: int = 2034) -> Body:
    """A saved card of nobody yet."""
    return world.add(
        "payment_method",
        allow_redisplay="unspecified",
        billing_details={"address": {}} | billing,
        card={
            "brand": card.brand,
            "checks": {"cvc_check": "pass"},
            "country": "US",
            "display_brand": card.brand,
            "exp_month": month,
            "exp_year": year,
            "fingerprint": hashlib.sha256(card.number.encode()).hexdigest()[:16],
            "funding": "credit",
            "last4": card.last4,
            "networks": {"available": [card.brand]},
            "three_d_secure_usage": {"supported": True},
        },
        customer=None,
        metadata={},
        type="card",
        _={"number": card.number, "set_up": False, "declines": ""},
    )


def create(world: World, given: Body) -> Body:
    if given.get("type", "card") != "card" or "card" not in given:
        raise not_built("payment methods other than cards", "type")
    details = given["card"]
    card = _by_token(details["token"]) if "token" in details else card_of(details.get("number", ""))
    method = made(
        world,
        card,
        given.get("billing_details", {}),
        month=details.get("exp_month", 12),
        year=details.get("exp_year", 2034),
    )
    return world.change(method, metadata=merged({}, given.get("metadata")))


def _by_token(token: str, param: str = "card[token]") -> Card:
    if token not in BY_ALIAS:
        raise invalid(f"No such token: '{token}'", param=param, code="resource_missing")
    return BY_ALIAS[token]


def usable(world: World, name: str, *, param: str) -> Body:
    """The payment method, made on the spot when one of Stripe's test tokens is named."""
    if name.startswith("pm_card_") and name in BY_ALIAS:
        return made(world, BY_ALIAS[name], {})
    return world.get("payment_method", name, param=param)


def attach(world: World, given: Body, name: str) -> Body:
    customer = world.get("customer", given["customer"], param="customer")
    return joined(world, usable(world, name, param="payment_method"), customer["id"])


def joined(world: World, method: Body, customer: str) -> Body:
    """The card belongs to the customer. Raises StripeError for one that cannot be saved."""
    if method["customer"] == customer:
        return method
    if method["customer"]:
        raise invalid(
            "The payment method you provided has already been attached to a customer.", param="payment_method"
        )
    card = BY_NUMBER[method["_"]["number"]]
    if card.decline and not card.attaches:
        raise refused(card.decline)
    world.change(method, customer=customer)
    world.emit("payment_method.attached", method)
    return method


def refused(decline_code: str, **facts: Any) -> Exception:
    code = error_code(decline_code)
    shown = None if code == decline_code and code != "authentication_required" else decline_code
    return declined(code, MESSAGES[decline_code], decline_code=shown, **facts)


def detach(world: World, given: Body, name: str) -> Body:
    method = world.get("payment_method", name)
    if not method["customer"]:
        raise invalid("The payment method you provided is not attached to a customer so detachment is impossible.")
    customer = world.get("customer", method["customer"])
    if customer["invoice_settings"]["default_payment_method"] == name:
        settings = customer["invoice_settings"] | {"default_payment_method": None}
        world.change(customer, "customer.updated", invoice_settings=settings)
    for subscription in world.all("subscription", default_payment_method=name):
        world.change(subscription, "customer.subscription.updated", default_payment_method=None)
    return world.change(method, "payment_method.detached", customer=None)


def update(world: World, given: Body, name: str) -> Body:
    method = world.get("payment_method", name)
    facts = unset({key: each for key, each in given.items() if key in {"allow_redisplay", "billing_details"}})
    if dates := {key: each for key, each in given.get("card", {}).items() if key in {"exp_month", "exp_year"}}:
        facts["card"] = method["card"] | dates
    return world.change(
        method, "payment_method.updated", **facts, metadata=merged(method["metadata"], given.get("metadata"))
    )


def find(world: World, given: Body) -> Body:
    if "customer" not in given:
        return page(world, "payment_method", given | {"limit": 1}, {"id": ""})
    return _of(world, given, given["customer"], "/v1/payment_methods")


def find_of_customer(world: World, given: Body, customer: str) -> Body:
    world.get("customer", customer)
    return _of(world, given, customer, f"/v1/customers/{customer}/payment_methods")


def _of(world: World, given: Body, customer: str, url: str) -> Body:
    where = {"customer": customer} | ({"type": given["type"]} if "type" in given else {})
    return page(world, "payment_method", given, where, url=url)


def retrieve_of_customer(world: World, given: Body, customer: str, name: str) -> Body:
    method = world.get("payment_method", name)
    if method["customer"] != customer:
        raise invalid(f"No such PaymentMethod: '{name}'", param="payment_method", code="resource_missing", status=404)
    return method

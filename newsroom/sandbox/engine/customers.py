"""Customers: https://docs.stripe.com/api/customers."""

import re
import secrets

from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.errors import StripeError, invalid
from newsroom.sandbox.engine.params import merged, unset, words
from newsroom.sandbox.engine.payment_methods import joined, usable
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import PRIVATE, World

BUILT = words(
    "address business_name description email expand individual_name invoice_prefix invoice_settings.custom_fields "
    "invoice_settings.default_payment_method invoice_settings.footer metadata name next_invoice_sequence payment_method phone "
    "preferred_locales shipping tax_exempt test_clock validate"
)
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


def create(world: World, given: Body) -> Body:
    facts = _facts(given)
    method = facts.pop("payment_method", None)
    usual = facts.get("invoice_settings", {}).get("default_payment_method")
    if usual and usual != method:
        raise _not_theirs(usual)
    if clock := facts.get("test_clock"):
        world.now = world.get("test_helpers.test_clock", clock, param="test_clock")["frozen_time"]
    defaults = {
        "balance": 0,
        "delinquent": False,
        "invoice_prefix": secrets.token_hex(4).upper(),
        "invoice_settings": {},
        "metadata": {},
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
    }
    customer = world.add("customer", "customer.created", **defaults | facts)
    if method:
        joined(world, usable(world, method, param="payment_method"), customer["id"])
    return customer


def _facts(given: Body, metadata: dict[str, str] | None = None) -> Body:
    facts = unset({name: each for name, each in given.items() if name not in {"expand", "validate"}})
    if facts.get("email") and not _EMAIL.match(facts["email"]):
        raise invalid(f"Invalid email address: {facts['email']}", param="email", code="email_invalid")
    facts["metadata"] = merged(metadata, given.get("metadata"))
    if facts.get("tax_exempt", "none") is None:
        facts["tax_exempt"] = "none"
    return facts


def _not_theirs(method: str) -> StripeError:
    return invalid(
        f"The customer does not have a payment method with the ID {method}. The payment method must be attached to the customer.",
        param="invoice_settings[default_payment_method]",
        code="resource_missing",
    )


def update(world: World, given: Body, name: str) -> Body:
    customer = world.get("customer", name)
    facts = _facts(given, customer["metadata"])
    if "invoice_settings" in facts:
        settings = unset(facts["invoice_settings"])
        if method := settings.get("default_payment_method"):
            owned = world.get("payment_method", method, param="invoice_settings[default_payment_method]")
            if owned["customer"] != name:
                raise _not_theirs(method)
        facts["invoice_settings"] = customer["invoice_settings"] | settings
    return world.change(customer, "customer.updated", **facts)


def delete(world: World, given: Body, name: str) -> Body:
    """The customer's tombstone. Its subscriptions are to be ended first, by the caller."""
    customer = world.get("customer", name)
    gone = {"id": name, "object": "customer", "deleted": True}
    world.emit("customer.deleted", customer)
    world.save(gone | {PRIVATE: {}})
    return gone


def find(world: World, given: Body) -> Body:
    where: Body = {name: given[name] for name in ("email", "test_clock") if name in given}
    return page(world, "customer", given, where, none_of={"deleted": (True,)})

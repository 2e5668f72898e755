"""Saving a card without charging it: https://docs.stripe.com/api/setup_intents."""

import secrets

from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.cards import BY_NUMBER, MESSAGES, error_code
from newsroom.sandbox.engine.errors import invalid, not_built
from newsroom.sandbox.engine.params import merged, words
from newsroom.sandbox.engine.payment_methods import joined, refused, usable
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World, public

BUILT = words(
    "automatic_payment_methods confirm customer description expand metadata payment_method allowed_payment_method_types return_url usage"
)


def _made(world: World, customer: str | None, **facts: object) -> Body:
    name = world.new_id("seti")
    return world.add(
        "setup_intent",
        "setup_intent.created",
        id=name,
        client_secret=f"{name}_secret_{secrets.token_hex(8)}",
        customer=customer,
        payment_method_options={"card": {"request_three_d_secure": "automatic"}},
        payment_method_types=["card"],
        **{"usage": "off_session", "status": "requires_payment_method", "metadata": {}} | facts,
    )


def saved(world: World, method: Body, customer: str, *, authenticated: bool) -> Body:
    """The card has been set up for payments while nobody is at the screen."""
    method["_"]["set_up"] = authenticated or not BY_NUMBER[method["_"]["number"]].challenge
    world.save(method)
    intent = _made(world, customer)
    world.change(intent, payment_method=method["id"], status="succeeded")
    world.emit("setup_intent.succeeded", intent)
    return intent


def create(world: World, given: Body) -> Body:
    if given.get("allowed_payment_method_types", ["card"]) != ["card"]:
        raise not_built("payment methods other than cards", "allowed_payment_method_types")
    customer = world.get("customer", given["customer"], param="customer")["id"] if "customer" in given else None
    facts = {key: given[key] for key in ("description", "usage", "automatic_payment_methods") if key in given}
    intent = _made(world, customer, metadata=merged({}, given.get("metadata")), **facts)
    if "payment_method" in given:
        method = usable(world, given["payment_method"], param="payment_method")
        world.change(intent, payment_method=method["id"], status="requires_confirmation")
    return confirm(world, {}, intent["id"]) if given.get("confirm") else intent


def confirm(world: World, given: Body, name: str) -> Body:
    """Raises StripeError 402, keeping the failed try, when the card cannot be saved."""
    intent = world.get("setup_intent", name)
    if intent["status"] in {"succeeded", "canceled"}:
        raise invalid(
            f"You cannot confirm this SetupIntent because it is {intent['status']}.",
            code="setup_intent_unexpected_state",
        )
    wanted = given.get("payment_method", intent["payment_method"])
    if not wanted:
        raise invalid(
            "You cannot confirm this SetupIntent because it's missing a payment method.",
            code="setup_intent_unexpected_state",
        )
    method = usable(world, wanted, param="payment_method")
    card = BY_NUMBER[method["_"]["number"]]
    if card.challenge and not method["_"]["set_up"]:
        action = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
        world.change(intent, payment_method=method["id"], status="requires_action", next_action=action)
        world.emit("setup_intent.requires_action", intent)
        return intent
    if card.decline and not card.attaches:
        raise _failed(world, intent, method, card.decline)
    if intent["customer"]:
        joined(world, method, intent["customer"])
    method["_"]["set_up"] = True
    world.save(method)
    world.change(intent, payment_method=method["id"], status="succeeded", next_action=None, last_setup_error=None)
    world.emit("setup_intent.succeeded", intent)
    return intent


def _failed(world: World, intent: Body, method: Body, decline: str) -> Exception:
    error = {
        "code": error_code(decline),
        "decline_code": decline,
        "message": MESSAGES[decline],
        "payment_method": public(method),
        "type": "card_error",
    }
    world.change(intent, payment_method=None, status="requires_payment_method", last_setup_error=error)
    world.emit("setup_intent.setup_failed", intent)
    return refused(decline)


def cancel(world: World, given: Body, name: str) -> Body:
    intent = world.get("setup_intent", name)
    if intent["status"] in {"succeeded", "canceled"}:
        raise invalid(
            f"You cannot cancel this SetupIntent because it is {intent['status']}.",
            code="setup_intent_unexpected_state",
        )
    reason = given.get("cancellation_reason")
    world.change(intent, status="canceled", cancellation_reason=reason, next_action=None)
    world.emit("setup_intent.canceled", intent)
    return intent


def find(world: World, given: Body) -> Body:
    where: Body = {key: given[key] for key in ("customer", "payment_method") if key in given}
    return page(world, "setup_intent", given, where)

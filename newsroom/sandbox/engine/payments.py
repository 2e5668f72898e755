"""Payment intents and the charges they make: https://docs.stripe.com/api/payment_intents."""

import secrets
from typing import Any

from newsroom.sandbox.engine import disputes
from newsroom.sandbox.engine.cards import BY_NUMBER, MESSAGES, error_code
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World, public

SUCCEEDED = "succeeded"
CHALLENGED = "authentication_required"


def intended(
    world: World, *, amount: int, currency: str, customer: str | None, description: str | None, **facts: Any
) -> Body:
    """An intent to be paid that amount."""
    name = world.new_id("pi")
    usual: Body = {
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": "automatic",
        "client_secret": f"{name}_secret_{secrets.token_hex(8)}",
        "confirmation_method": "automatic",
        "metadata": {},
        "payment_method_types": ["card"],
        "setup_future_usage": "off_session",
        "status": "requires_payment_method",
    }
    own: Body = {"amount": amount, "currency": currency, "customer": customer, "description": description}
    return world.add("payment_intent", "payment_intent.created", id=name, **usual | own | facts)


def verdict(method: Body, *, authenticated: bool) -> str:
    """What the bank says of a charge now: succeeded, authentication_required, or a decline code."""
    card = BY_NUMBER[method["_"]["number"]]
    if card.challenge and not authenticated and not (card.challenge == "setup" and method["_"]["set_up"]):
        return CHALLENGED
    return str(method["_"]["declines"] or card.decline or SUCCEEDED)


def confirm(world: World, intent: Body, method: Body, *, authenticated: bool = False) -> str:
    """Try the card. Afterwards the intent is paid, waits for 3-D Secure, or wants another card. The verdict is handed back."""
    said = verdict(method, authenticated=authenticated)
    if said == CHALLENGED:
        action = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
        world.change(intent, status="requires_action", next_action=action, payment_method=method["id"])
        world.emit("payment_intent.requires_action", intent)
        return said
    if authenticated:
        method["_"]["set_up"] = True
        world.save(method)
    charge = _charged(world, intent, method, said)
    if said == SUCCEEDED:
        facts: Body = {
            "status": SUCCEEDED,
            "amount_received": intent["amount"],
            "payment_method": method["id"],
            "last_payment_error": None,
        }
        event = "payment_intent.succeeded"
    else:
        facts = {
            "status": "requires_payment_method",
            "payment_method": None,
            "last_payment_error": _error(said, charge, method),
        }
        event = "payment_intent.payment_failed"
    world.change(intent, latest_charge=charge["id"], next_action=None, **facts)
    world.emit(event, intent)
    if said == SUCCEEDED:
        disputes.of_card(world, charge, method["_"]["number"])
    return said


def refuse_challenge(world: World, intent: Body) -> None:
    """The bank's page was answered with no."""
    error = {
        "code": "payment_intent_authentication_failure",
        "message": "The provided PaymentMethod has failed authentication.",
        "type": "card_error",
    }
    world.change(
        intent, status="requires_payment_method", payment_method=None, next_action=None, last_payment_error=error
    )
    world.emit("payment_intent.payment_failed", intent)


def cancel(world: World, intent: Body, reason: str) -> None:
    world.change(intent, status="canceled", canceled_at=world.now, cancellation_reason=reason, next_action=None)
    world.emit("payment_intent.canceled", intent)


def _error(said: str, charge: Body, method: Body) -> Body:
    code = error_code(said)
    return {
        "charge": charge["id"],
        "code": code,
        "decline_code": said,
        "message": MESSAGES[said],
        "payment_method": public(method),
        "type": "card_error",
    }


def _charged(world: World, intent: Body, method: Body, said: str) -> Body:
    paid = said == SUCCEEDED
    return world.add(
        "charge",
        "charge.succeeded" if paid else "charge.failed",
        amount=intent["amount"],
        amount_captured=intent["amount"] if paid else 0,
        amount_refunded=0,
        billing_details=method["billing_details"],
        calculated_statement_descriptor=world.settings.name.upper()[:22],
        captured=paid,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        failure_code=None if paid else error_code(said),
        failure_message=None if paid else MESSAGES[said],
        fraud_details={},
        metadata=intent["metadata"],
        outcome=_outcome(said),
        paid=paid,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details=_details(intent, method),
        refunded=False,
        status=SUCCEEDED if paid else "failed",
        _={"number": method["_"]["number"]},
    )


def _outcome(said: str) -> dict[str, Any]:
    if said == SUCCEEDED:
        return {
            "network_status": "approved_by_network",
            "risk_level": "normal",
            "seller_message": "Payment complete.",
            "type": "authorized",
        }
    seller = "The bank did not return any further details with this decline."
    return {
        "network_status": "declined_by_network",
        "reason": said,
        "risk_level": "normal",
        "seller_message": seller,
        "type": "issuer_declined",
    }


def _details(intent: Body, method: Body) -> Body:
    card = method["card"]
    kept = {
        name: card[name] for name in ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    }
    return {
        "type": "card",
        "card": kept | {"amount_authorized": intent["amount"], "checks": card["checks"], "network": card["brand"]},
    }

"""Refunds: https://docs.stripe.com/api/refunds."""

from newsroom.core.money import Money
from newsroom.sandbox.engine.cards import BY_NUMBER
from newsroom.sandbox.engine.errors import StripeError, invalid
from newsroom.sandbox.engine.params import merged, words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World

CREATE_BUILT = words("amount charge expand metadata payment_intent reason")
REASONS = ("duplicate", "fraudulent", "requested_by_customer")
LATER = 3600  # when the bank says how a refund that it did not settle at once ended


def create(world: World, given: Body) -> Body:
    """POST /v1/refunds. Without an amount, what is left of the charge."""
    charge = _charge_of(world, given)
    reason = given.get("reason")
    if reason is not None and reason not in REASONS:
        raise invalid(f"Invalid reason: must be one of {', '.join(REASONS)}", param="reason")
    _check_open(charge)
    amount = given.get("amount", left_of(charge))
    return made(world, charge, amount, reason=reason, metadata=merged({}, given.get("metadata")))


def _charge_of(world: World, given: Body) -> Body:
    if "charge" in given and "payment_intent" in given:
        raise invalid(
            "You may only specify one of these parameters: charge, payment_intent.",
            param="charge",
            code="parameters_exclusive",
        )
    if "charge" in given:
        return world.get("charge", given["charge"], param="charge")
    if "payment_intent" not in given:
        raise invalid(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
        )
    intent = world.get("payment_intent", given["payment_intent"], param="payment_intent")
    if intent["status"] != "succeeded":
        raise invalid("This PaymentIntent does not have a successful charge to refund.", param="payment_intent")
    return world.get("charge", intent["latest_charge"])


def _check_open(charge: Body) -> None:
    if charge["status"] != "succeeded":
        raise invalid(f"Charge {charge['id']} has failed and cannot be refunded.", param="charge")
    if charge["refunded"]:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if charge["disputed"] and not charge["_"].get("refundable"):
        raise invalid(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")


def left_of(charge: Body) -> int:
    """What may still be given back."""
    return int(charge["amount_captured"] - charge["amount_refunded"])


def made(world: World, charge: Body, amount: int, *, reason: str | None = None, metadata: Body | None = None) -> Body:
    """Money goes back to the card. Raises StripeError for more than is left."""
    _check_open(charge)
    left = left_of(charge)
    if amount < 1:
        raise invalid("Invalid positive integer", param="amount", code="parameter_invalid_integer")
    if amount > left:
        raise _too_much(charge, amount, left)
    bank = BY_NUMBER[charge["_"]["number"]].refund if "number" in charge["_"] else ""
    refund = world.add(
        "refund",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        customer=charge["customer"],
        destination_details={"type": "card", "card": {"type": "refund", "reference_status": "pending"}},
        metadata=metadata or {},
        payment_intent=charge["payment_intent"],
        payment_method=charge["payment_method"],
        pending_reason="processing" if bank == "pending" else None,
        reason=reason,
        status="pending" if bank == "pending" else "succeeded",
        _={"later": bank, "settles_at": world.now + LATER if bank else None},
    )
    world.emit("refund.created", refund)
    _counted(world, charge, amount, "charge.refunded")
    return refund


def _too_much(charge: Body, amount: int, left: int) -> StripeError:
    asked, rest = Money(amount, charge["currency"]), Money(left, charge["currency"])
    which = "unrefunded amount on charge" if charge["amount_refunded"] else "charge amount"
    return invalid(f"Refund amount ({asked}) is greater than {which} ({rest})", param="amount", code="amount_too_large")


def _counted(world: World, charge: Body, amount: int, event: str) -> None:
    total = charge["amount_refunded"] + amount
    world.change(charge, event, amount_refunded=total, refunded=total == charge["amount_captured"])


def settle(world: World, refund: Body) -> None:
    """The bank has said how a refund ended that was not settled at once. What failed comes back to us."""
    failed = refund["_"]["later"] == "fails"
    refund["_"]["settles_at"] = None
    facts: Body = {"status": "failed", "failure_reason": "unknown"} if failed else {"status": "succeeded"}
    world.change(refund, "refund.updated", pending_reason=None, **facts)
    world.emit("charge.refund.updated", refund)
    if failed:
        world.emit("refund.failed", refund)
        _counted(world, world.get("charge", refund["charge"]), -refund["amount"], "charge.updated")


def update(world: World, given: Body, name: str) -> Body:
    refund = world.get("refund", name)
    return world.change(refund, "refund.updated", metadata=merged(refund["metadata"], given.get("metadata")))


def cancel(world: World, given: Body, name: str) -> Body:
    """Only one that waits for the customer's bank details can be cancelled; a card's never does."""
    refund = world.get("refund", name)
    raise invalid(f"Refund {name} is {refund['status']} and can't be canceled: only requires_action refunds can.")

"""What somebody does on the hosted invoice page."""

from newsroom.sandbox.engine import collecting, invoices, payments
from newsroom.sandbox.engine.cards import BY_NUMBER
from newsroom.sandbox.engine.errors import declined, invalid
from newsroom.sandbox.engine.payment_methods import card_of, joined, made
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World


def pay(world: World, name: str, number: str, *, authenticated: bool = False) -> Body:
    """The invoice is paid with that card, or waits for 3-D Secure. Raises StripeError, keeping the failed try, when it is declined."""
    invoice = world.get("invoice", name)
    if invoice["status"] not in {"open", "uncollectible"}:
        raise invalid(f"This invoice is {invoice['status']}.")
    card = card_of(number)
    if card.challenge and not authenticated:
        invoice["_"]["challenge"] = {"number": number}
        return world.save(invoice)
    invoice["_"]["challenge"] = None
    world.save(invoice)
    customer = world.get("customer", invoice["customer"])
    method = made(world, BY_NUMBER[card.number], {"email": customer["email"], "name": customer["name"]})
    said = collecting.collect(world, invoice, method, authenticated=authenticated)
    if said != payments.SUCCEEDED:
        raise collecting.refusal(said)
    joined(world, method, customer["id"])
    return world.get("invoice", name)


def refuse_challenge(world: World, name: str) -> Body:
    """The bank's page was answered with no. Raises StripeError for the page to show."""
    invoice = world.get("invoice", name)
    invoice["_"]["challenge"] = None
    world.save(invoice)
    if intent := invoices.intent_of(world, invoice):
        payments.refuse_challenge(world, intent)
    raise declined(
        "payment_intent_authentication_failure",
        "We are unable to authenticate your payment method. Please choose a different one and try again.",
    )

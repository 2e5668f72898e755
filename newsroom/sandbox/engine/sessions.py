"""Checkout Sessions of each mode, by one address: https://docs.stripe.com/api/checkout/sessions/create."""

from newsroom.sandbox.engine import checkout, once
from newsroom.sandbox.engine.errors import invalid
from newsroom.sandbox.engine.params import words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World

BUILT = checkout.BUILT | once.BUILT
_OF_SUBSCRIPTIONS = ("payment_method_collection", "subscription_data")
_OF_PAYMENTS = ("customer_creation", "invoice_creation", "payment_intent_data", "submit_type")
_LINES_OF_PAYMENTS = words("price_data tax_rates")


def create(world: World, given: Body) -> Body:
    paid_once = given.get("mode") == "payment"
    for name in _OF_SUBSCRIPTIONS if paid_once else _OF_PAYMENTS[1:3]:
        if name in given:
            raise invalid(f"You can not pass `{name}` in `{given.get('mode')}` mode.", param=name)
    return once.create(world, given) if paid_once else checkout.create(world, given)


def complete(
    world: World,
    name: str,
    *,
    email: str,
    holder: str,
    number: str,
    authenticated: bool = False,
    details: Body | None = None,
) -> Body:
    """The page was filled in. `details`: what it asks beside the card. Raises StripeError for the page to show."""
    session = world.get("checkout.session", name)
    if session["mode"] == "payment":
        filled = once.Filled(email, holder, number, details or {})
        return once.complete(world, session, filled, authenticated=authenticated)
    return checkout.complete(world, name, email=email, holder=holder, number=number, authenticated=authenticated)


def refuse_challenge(world: World, name: str) -> Body:
    """The bank's page was answered with no. Raises StripeError for the page to show."""
    once.refuse_challenge(world, world.get("checkout.session", name))
    return checkout.refuse_challenge(world, name)

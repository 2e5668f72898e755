"""Collection that rests: https://docs.stripe.com/billing/subscriptions/pause-payment."""

from newsroom.sandbox.engine import invoices
from newsroom.sandbox.engine.errors import invalid
from newsroom.sandbox.engine.params import unset
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World


def paused(world: World, given: Body) -> Body:
    """What `pause_collection` makes of a subscription. Raises StripeError for a date that is past."""
    if "pause_collection" not in given:
        return {}
    if given["pause_collection"] == "":
        return {"pause_collection": None}
    wish = unset(given["pause_collection"])
    if wish.get("resumes_at") is not None and wish["resumes_at"] <= world.now:
        raise invalid(
            "Invalid timestamp: must be an integer Unix timestamp in the future.", param="pause_collection[resumes_at]"
        )
    return {"pause_collection": {"resumes_at": None} | wish}


def keeps_draft(subscription: Body) -> bool:
    return bool(subscription["pause_collection"])


def rest(world: World, subscription: Body, invoice: Body) -> None:
    """What becomes of the invoice of a period in which collection rests."""
    behaviour = (subscription["pause_collection"] or {}).get("behavior")
    if behaviour in {"void", "mark_uncollectible"}:
        invoices.finalize(world, invoice)
        if invoice["status"] == "open":
            (invoices.void if behaviour == "void" else invoices.mark_uncollectible)(world, invoice)


def over(world: World, subscription: Body) -> bool:
    """Whether the day has come on which collection goes on."""
    at = (subscription["pause_collection"] or {}).get("resumes_at")
    return at is not None and at <= world.now


def resume(world: World, subscription: Body) -> None:
    world.change(subscription, "customer.subscription.updated", pause_collection=None)

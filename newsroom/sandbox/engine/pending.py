"""A change that waits for its payment: https://docs.stripe.com/billing/subscriptions/pending-updates."""

from newsroom.sandbox.engine.due import INCOMPLETE_FOR, period_end
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World


def hold(world: World, subscription: Body, invoice: Body, facts: Body, billed: Body) -> None:
    """The change is noted: it is made when this invoice is paid."""
    subscription["_"]["held"] = {"invoice": invoice["id"], "facts": facts, "billed": billed}
    world.change(subscription, latest_invoice=invoice["id"])


def waits_for(subscription: Body, invoice: Body) -> bool:
    held = subscription["_"].get("held")
    return bool(held and held["invoice"] == invoice["id"])


def show(world: World, subscription: Body) -> None:
    """The payment did not come at once: everybody sees what waits, and until when."""
    facts = subscription["_"]["held"]["facts"]
    world.change(
        subscription,
        "customer.subscription.updated",
        pending_update={
            "billing_cycle_anchor": facts.get("billing_cycle_anchor"),
            "cancel_at_period_end": None,
            "discount": None,
            "discounts": None,
            "expires_at": min(world.now + INCOMPLETE_FOR, period_end(subscription)),
            "metadata": None,
            "subscription_items": facts["items"]["data"],
            "trial_end": None,
            "trial_from_plan": None,
        },
    )


def apply(world: World, subscription: Body) -> None:
    """It was paid: the change is made."""
    held = subscription["_"].pop("held")
    subscription["_"]["billed"] = held["billed"]
    world.change(subscription, "customer.subscription.updated", **held["facts"] | {"pending_update": None})
    world.emit("customer.subscription.pending_update_applied", subscription)


def drop(world: World, subscription: Body) -> None:
    """It was not paid: nothing changes."""
    subscription["_"].pop("held", None)
    world.change(subscription, "customer.subscription.updated", pending_update=None)
    world.emit("customer.subscription.pending_update_expired", subscription)

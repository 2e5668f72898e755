"""What happens by itself as time passes."""

from collections.abc import Callable

from newsroom.sandbox.engine import checkout, collecting, disputes, invoicing, pausing, refunds, subscriptions, tax_ids
from newsroom.sandbox.engine.due import WARNED_BEFORE_TRIAL_END, due_of
from newsroom.sandbox.engine.due import period_end as ends
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World


def pass_until(world: World, moment: int, clock: str | None = None) -> int:
    """Everything due until then has been done, in the order of time. How many things is handed back."""
    done = reached = 0
    while body := world.store.earliest(until=moment, clock=clock):
        at = due_of(body)
        if at is None:
            raise RuntimeError(f"{body['id']} was kept as due, and is not.")
        world.now = reached = max(at, reached)
        if clock:
            _show_time(world, clock, world.now)
        _DEEDS[body["object"]](world, body)
        after = world.store.find(body["id"])
        if after and due_of(after) is not None and due_of(after) == at:
            raise RuntimeError(f"{body['id']} is still due at {at}: time would stand still.")
        done += 1
    world.now = moment
    return done


def _show_time(world: World, clock: str, now: int) -> None:
    body = world.store.find(clock)
    if body:
        body["_"]["now"] = now
        world.save(body)


def _invoice(world: World, invoice: Body) -> None:
    if invoice["status"] == "draft":
        collecting.advance(world, invoice)
    elif invoice["due_date"] is not None and not invoice["_"].get("overdue"):
        invoicing.remind(world, invoice)
    else:
        collecting.collect(world, invoice, by_itself=True)


def _subscription(world: World, subscription: Body) -> None:
    if subscription["status"] == "incomplete":
        subscriptions.expire(world, subscription)
    elif subscription["cancel_at"] is not None and subscription["cancel_at"] <= world.now:
        collecting.end(world, subscription, reason="cancellation_requested")
    elif subscription["pending_update"] and subscription["pending_update"]["expires_at"] <= world.now:
        collecting.void(world, {}, subscription["latest_invoice"])
    elif pausing.over(world, subscription):
        pausing.resume(world, subscription)
    elif ends(subscription) <= world.now:
        subscriptions.renew(world, subscription)
    else:
        _warn(world, subscription)


def _warn(world: World, subscription: Body) -> None:
    """The trial ends within three days."""
    subscription["_"]["warned"] = subscription["trial_end"] - WARNED_BEFORE_TRIAL_END <= world.now
    world.save(subscription)
    world.emit("customer.subscription.trial_will_end", subscription)


_DEEDS: dict[str, Callable[[World, Body], object]] = {
    "invoice": _invoice,
    "subscription": _subscription,
    "checkout.session": checkout.lapse,
    "tax_id": tax_ids.verify,
    "dispute": disputes.settle,
    "refund": refunds.settle,
}

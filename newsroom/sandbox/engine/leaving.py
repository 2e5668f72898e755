"""Deleting a customer ends its subscriptions first."""

from newsroom.sandbox.engine import collecting, customers
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World


def delete_customer(world: World, given: Body, name: str) -> Body:
    for subscription in world.all("subscription", customer=name):
        if subscription["status"] not in {"canceled", "incomplete_expired"}:
            collecting.end(world, subscription, reason="cancellation_requested")
    return customers.delete(world, given, name)

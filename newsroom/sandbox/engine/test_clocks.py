"""Customers that live at a time of their own: https://docs.stripe.com/api/test_clocks."""

from newsroom.sandbox.engine import leaving, time
from newsroom.sandbox.engine.errors import invalid
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World

KIND = "test_helpers.test_clock"
KEPT_FOR = 30 * 86_400
FURTHEST = 2 * 366 * 86_400


def create(world: World, given: Body) -> Body:
    return world.add(
        KIND,
        "test_helpers.test_clock.created",
        deletes_after=world.now + KEPT_FOR,
        frozen_time=given["frozen_time"],
        name=given.get("name"),
        status="ready",
        status_details={},
    )


def advance(world: World, given: Body, name: str) -> Body:
    """Its customers' time has passed. Stripe takes a while; here it is done when the answer comes."""
    clock = world.get(KIND, name)
    until = given["frozen_time"]
    if not clock["frozen_time"] < until <= clock["frozen_time"] + FURTHEST:
        raise invalid(
            "Invalid timestamp: must be after the clock's present time, and within two years of it.",
            param="frozen_time",
        )
    here = world.now
    world.change(clock, status="advancing", status_details={"advancing": {"target_frozen_time": until}})
    world.emit("test_helpers.test_clock.advancing", clock)
    time.pass_until(world, until, name)
    world.now = here
    clock = world.get(KIND, name)
    clock["_"] = {}
    world.change(clock, frozen_time=until, status="ready", status_details={"advancing": None})
    world.emit("test_helpers.test_clock.ready", clock)
    return clock


def delete(world: World, given: Body, name: str) -> Body:
    """The clock and its customers are gone."""
    clock = world.get(KIND, name)
    for customer in world.all("customer", test_clock=name):
        if not customer.get("deleted"):
            leaving.delete_customer(world, {}, customer["id"])
    world.emit("test_helpers.test_clock.deleted", clock)
    world.store.remove(name)
    return {"id": name, "object": KIND, "deleted": True}

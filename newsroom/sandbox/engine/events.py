"""Events, kept for good here (Stripe keeps them 30 days): https://docs.stripe.com/api/events."""

from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.errors import invalid, not_built
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World


def find(world: World, given: Body) -> Body:
    if "type" in given and "types" in given:
        raise invalid(
            "You may only specify one of these parameters: type, types.", param="type", code="parameters_exclusive"
        )
    wanted = given.get("types") or ([given["type"]] if "type" in given else [])
    if any("*" in each for each in wanted):
        raise not_built("patterns in event types", "type")
    return page(world, "event", given, one_of={"type": wanted} if wanted else {})

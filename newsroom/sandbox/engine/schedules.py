"""Changes for later: https://docs.stripe.com/billing/subscriptions/subscription-schedules.

A phase begins where a period begins; a phase that would begin within a period is refused by name.
"""

from typing import Any

from newsroom.sandbox.engine.calendar import boundary
from newsroom.sandbox.engine.catalogue import plan_of, priced
from newsroom.sandbox.engine.due import period_end
from newsroom.sandbox.engine.errors import invalid, not_built
from newsroom.sandbox.engine.params import merged, words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World

CREATE_BUILT = words("expand from_subscription")
UPDATE_BUILT = words(
    "end_behavior expand metadata phases.duration phases.end_date phases.items.price phases.items.quantity "
    "phases.proration_behavior phases.start_date proration_behavior"
)
_SETTINGS: Body = {
    "automatic_tax": {"enabled": False},
    "billing_cycle_anchor": "automatic",
    "invoice_settings": {"issuer": {"type": "self"}},
}


def create(world: World, given: Body) -> Body:
    """A schedule that says what the subscription does anyway."""
    if "from_subscription" not in given:
        raise not_built("a schedule without from_subscription", "from_subscription")
    subscription = world.get("subscription", given["from_subscription"], param="from_subscription")
    if subscription["schedule"]:
        raise invalid("You cannot migrate a subscription that is already attached to a schedule.")
    if subscription["status"] not in {"active", "trialing", "past_due"}:
        raise invalid(f"You cannot schedule a subscription that is {subscription['status']}.")
    item = subscription["items"]["data"][0]
    start, end = item["current_period_start"], period_end(subscription)
    items = [{"price": each["price"]["id"], "quantity": each["quantity"]} for each in subscription["items"]["data"]]
    made = world.add(
        "subscription_schedule",
        "subscription_schedule.created",
        billing_mode=subscription["billing_mode"],
        current_phase={"start_date": start, "end_date": end},
        customer=subscription["customer"],
        default_settings=_SETTINGS,
        end_behavior="release",
        metadata={},
        pause_schedules=[],
        phases=[_phase(subscription, items, start, end)],
        status="active",
        subscription=subscription["id"],
        test_clock=subscription["test_clock"],
    )
    world.change(subscription, "customer.subscription.updated", schedule=made["id"])
    return made


def _phase(subscription: Body, items: list[Body], start: int, end: int, behaviour: str = "create_prorations") -> Body:
    return {
        "add_invoice_items": [],
        "currency": subscription["currency"],
        "discounts": [],
        "end_date": end,
        "items": [
            {"discounts": [], "metadata": {}, "plan": each["price"], "price": each["price"]} | each for each in items
        ],
        "metadata": {},
        "proration_behavior": behaviour,
        "start_date": start,
    }


def update(world: World, given: Body, name: str) -> Body:
    """Its phases are these. Raises StripeError when they do not follow each other."""
    schedule = _running(world, name)
    facts: Body = {"metadata": merged(schedule["metadata"], given.get("metadata"))}
    if "end_behavior" in given:
        facts["end_behavior"] = given["end_behavior"]
    if "phases" in given:
        facts["phases"] = _phases(world, schedule, given["phases"])
    return world.change(schedule, "subscription_schedule.updated", **facts)


def _running(world: World, name: str) -> Body:
    schedule = world.get("subscription_schedule", name)
    if schedule["status"] != "active":
        raise invalid(f"You cannot change a subscription schedule that is {schedule['status']}.")
    return schedule


def _phases(world: World, schedule: Body, given: list[Body]) -> list[Body]:
    subscription = world.get("subscription", schedule["subscription"])
    now = schedule["current_phase"]
    phases: list[Body] = []
    for number, each in enumerate(given):
        where = f"phases[{number}]"
        start = phases[-1]["end_date"] if phases else each.get("start_date", now["start_date"])
        if each.get("start_date", start) != start or (not phases and start != now["start_date"]):
            raise invalid("Phases must follow each other without a gap.", param=f"{where}[start_date]")
        end = _end_of(each, start, where)
        if not phases and end != period_end(subscription):
            raise not_built("a phase that ends within a period", f"{where}[end_date]")
        items = [_item(world, subscription, item, f"{where}[items][{at}]") for at, item in enumerate(each["items"])]
        behaviour = each.get("proration_behavior", "create_prorations")
        phases.append(_phase(subscription, items, start, end, behaviour))
    return phases


def _end_of(each: Body, start: int, where: str) -> int:
    if "duration" in each:
        length = each["duration"]
        return boundary(start, length["interval"], length.get("interval_count", 1), 1)
    end = each.get("end_date")
    if not isinstance(end, int) or end <= start:
        raise invalid("A phase needs an end_date after its start, or a duration.", param=f"{where}[end_date]")
    return end


def _item(world: World, subscription: Body, item: Body, where: str) -> Body:
    price = priced(world, item, where)
    if price["currency"] != subscription["currency"]:
        raise invalid("The price specified has another currency than the subscription.", param=f"{where}[price]")
    return {"price": price["id"], "quantity": item.get("quantity", 1)}


def release(world: World, given: Body, name: str) -> Body:
    """The subscription goes on as it is; nothing is to come any more."""
    schedule = _running(world, name)
    subscription = world.get("subscription", schedule["subscription"])
    world.change(subscription, "customer.subscription.updated", schedule=None)
    return _released(world, schedule)


def _released(world: World, schedule: Body) -> Body:
    world.change(
        schedule,
        current_phase=None,
        released_at=world.now,
        released_subscription=schedule["subscription"],
        status="released",
        subscription=None,
    )
    world.emit("subscription_schedule.released", schedule)
    return schedule


def turned(world: World, subscription: Body) -> dict[str, Any]:
    """What the schedule makes of the subscription whose period ends now: nothing, or its next phase."""
    if not subscription["schedule"]:
        return {}
    schedule = world.get("subscription_schedule", subscription["schedule"])
    if schedule["current_phase"]["end_date"] > world.now:
        return {}
    following = next((each for each in schedule["phases"] if each["start_date"] >= world.now), None)
    if following is None:
        _released(world, schedule)
        return {"schedule": None}
    phase = {"start_date": following["start_date"], "end_date": following["end_date"]}
    world.change(schedule, "subscription_schedule.updated", current_phase=phase)
    return _items_of(world, subscription, following)


def _items_of(world: World, subscription: Body, phase: Body) -> dict[str, Any]:
    """The items of a phase, on the items that stand. A new rhythm counts from here."""
    if len(phase["items"]) != len(subscription["items"]["data"]):
        raise not_built("phases with another number of items", "phases")
    items = subscription["items"] | {"data": [dict(each) for each in subscription["items"]["data"]]}
    rhythm = items["data"][0]["price"]["recurring"]
    for item, wanted in zip(items["data"], phase["items"], strict=True):
        price = {name: each for name, each in world.get("price", wanted["price"]).items() if name != "_"}
        item |= {"price": price, "plan": plan_of(world, price), "quantity": wanted["quantity"]}
    now = items["data"][0]["price"]["recurring"]
    same = (rhythm["interval"], rhythm["interval_count"]) == (now["interval"], now["interval_count"])
    return {"items": items} | ({} if same else {"billing_cycle_anchor": world.now})


def refuse_by_hand(subscription: Body, given: Body) -> None:
    """Raises StripeError for what only the schedule may change."""
    if subscription["schedule"] and {"cancel_at", "cancel_at_period_end"} & set(given):
        raise invalid(
            f"The subscription is managed by the subscription schedule `{subscription['schedule']}`, and updating any "
            "cancelation behavior directly is not allowed. Please update the schedule instead."
        )

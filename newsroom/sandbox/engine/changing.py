"""A running subscription becomes another: price, quantity, interval, the end of its trial.

https://docs.stripe.com/billing/subscriptions/change and https://docs.stripe.com/billing/subscriptions/prorations.
"""

import copy
from dataclasses import dataclass, field

from newsroom.sandbox.engine import collecting, discounts, invoices, payments, pending, prorations
from newsroom.sandbox.engine.calendar import period_end
from newsroom.sandbox.engine.catalogue import amount_of, plan_of, priced
from newsroom.sandbox.engine.errors import invalid, not_built
from newsroom.sandbox.engine.params import merged
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World, public

TOUCHED = frozenset({"items", "trial_end", "billing_cycle_anchor"})
ALONE = frozenset(
    {"items", "proration_behavior", "proration_date", "payment_behavior", "expand", "off_session", "trial_end"}
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change makes of a subscription, before it is made."""

    facts: Body
    lines: list[Body] = field(default_factory=list)
    at_once: bool = False  # an invoice of its own, now


def planned(world: World, subscription: Body, given: Body) -> Plan:
    """Raises StripeError for a change that cannot be."""
    at = prorations.moment(world, subscription, given)
    after = _replaced(world, subscription, given)
    if _stays_in_trial(world, subscription, given):
        return Plan({"items": after} | _longer_trial(subscription, after, given))
    resets = _resets(subscription, after, given)
    behaviour = given.get("proration_behavior", "create_prorations")
    before = subscription["items"]["data"]
    gone = [item for item in before if resets or _now(after, item["id"]) != _billable(item)]
    credits = [line for item in gone for line in _credits(world, subscription, item, at, behaviour)]
    if resets:
        return _restarted(world, subscription, after, credits)
    same = {item["id"]: _billable(item) for item in before}
    new = [item for item in after["data"] if same.get(item["id"]) != _billable(item)]
    debits = [line for item in new for line in prorations.debit(world, subscription, item, at)]
    lines = credits + debits if behaviour != "none" else []
    return Plan({"items": after}, lines, bool(lines) and behaviour == "always_invoice")


def _credits(world: World, subscription: Body, item: Body, at: int, behaviour: str) -> list[Body]:
    return [] if behaviour == "none" else prorations.credit(world, subscription, item, at)


def _billable(item: Body) -> tuple[str, int]:
    return item["price"]["id"], item["quantity"]


def _now(after: Body, name: str) -> tuple[str, int] | None:
    return next((_billable(item) for item in after["data"] if item["id"] == name), None)


def _rhythm(items: Body) -> tuple[str, int]:
    recurring = items["data"][0]["price"]["recurring"]
    return recurring["interval"], recurring["interval_count"]


def _resets(subscription: Body, after: Body, given: Body) -> bool:
    """Whether a new period begins now: another interval, the end of a trial, or because it is asked for."""
    asked = given.get("billing_cycle_anchor", {}).get("type") == "now" or given.get("trial_end") == "now"
    return asked or _rhythm(after) != _rhythm(subscription["items"])


def _stays_in_trial(world: World, subscription: Body, given: Body) -> bool:
    return subscription["status"] == "trialing" and given.get("trial_end") != "now"


def _longer_trial(subscription: Body, after: Body, given: Body) -> Body:
    end = given.get("trial_end")
    if not isinstance(end, int):
        return {}
    for item in after["data"]:
        item["current_period_end"] = end
    return {"trial_end": end, "billing_cycle_anchor": end}


def _restarted(world: World, subscription: Body, after: Body, credits: list[Body]) -> Plan:
    """A whole period from now on, less what is given back."""
    interval, count = _rhythm(after)
    for item in after["data"]:
        item["current_period_start"] = world.now
        item["current_period_end"] = period_end(world.now, interval, count, world.now)
    facts: Body = {"items": after, "billing_cycle_anchor": world.now}
    if subscription["status"] == "trialing":
        facts |= {"status": "active", "trial_end": world.now}
    whole = [invoices.period_line(world, subscription, item) for item in after["data"]]
    return Plan(facts, credits + whole, at_once=True)


def _replaced(world: World, subscription: Body, given: Body) -> Body:
    """The items after the change."""
    items: Body = copy.deepcopy(subscription["items"])
    for number, each in enumerate(given.get("items", [])):
        where = f"items[{number}]"
        item = next((one for one in items["data"] if one["id"] == each.get("id")), None)
        if item is None and "id" in each:
            raise invalid(f"No such subscription item: '{each['id']}'", param=f"{where}[id]", code="resource_missing")
        if each.get("deleted"):
            items["data"].remove(item)
        elif item is None:
            items["data"].append(_new_item(world, subscription, each, where))
        else:
            _changed_item(world, item, each, where)
    _check(items)
    return items


def _new_item(world: World, subscription: Body, each: Body, where: str) -> Body:
    price = priced(world, each, where)
    first = subscription["items"]["data"][0]
    made = world.new(
        "subscription_item",
        current_period_end=first["current_period_end"],
        current_period_start=first["current_period_start"],
        discounts=[],
        metadata=merged({}, each.get("metadata")),
        plan=plan_of(world, price),
        price=price,
        quantity=each.get("quantity", 1),
        subscription=subscription["id"],
        tax_rates=[],
    )
    return public(made)


def _changed_item(world: World, item: Body, each: Body, where: str) -> None:
    if "price" in each and each["price"] != item["price"]["id"]:
        price = priced(world, each, where)
        if price["currency"] != item["price"]["currency"]:
            raise invalid("The price specified has another currency than the subscription.", param=f"{where}[price]")
        item |= {"price": price, "plan": plan_of(world, price)}
    item["quantity"] = each.get("quantity", item["quantity"])
    item["metadata"] = merged(item["metadata"], each.get("metadata"))


def _check(items: Body) -> None:
    """Raises StripeError for items that cannot stand together."""
    data = items["data"]
    if not data:
        raise invalid("A subscription must have at least one active item.", param="items")
    if any(item["quantity"] < 1 for item in data):
        raise invalid(
            "Invalid quantity: must be greater than or equal to 1",
            param="items[0][quantity]",
            code="parameter_invalid_integer",
        )
    if len({item["price"]["id"] for item in data}) < len(data):
        raise invalid("Cannot add multiple subscription items with the same price.", param="items")
    if len({_rhythm({"data": [item]}) for item in data}) > 1:
        raise not_built("prices of different intervals on one subscription", "items")


def refuse_with_pending(given: Body) -> None:
    """Only what can wait for a payment may be asked for together with it."""
    strange = sorted(set(given) - ALONE)
    if strange:
        raise invalid(
            f"The parameter {strange[0]} cannot be passed when payment_behavior is pending_if_incomplete.",
            param=strange[0],
        )


def carry_out(world: World, subscription: Body, plan: Plan, behaviour: str) -> None:
    """The change is made and paid, or waits, or is undone: as the payment goes and `payment_behavior` says.

    Raises StripeError 402 with error_if_incomplete; then nothing has changed.
    """
    if not plan.at_once:
        owed = subscription["_"].setdefault("owed", [])
        owed += plan.lines
        subscription["_"]["billed"] = prorations.bill(subscription, plan.lines)
        world.change(subscription, "customer.subscription.updated", **plan.facts)
        return
    invoice = invoices.drafted(world, subscription, reason="subscription_update", lines=plan.lines)
    discounts.use_up(world, subscription, invoice)
    if behaviour == "pending_if_incomplete" and invoice["amount_due"]:
        pending.hold(world, subscription, invoice, plan.facts, prorations.bill(subscription, invoice["lines"]["data"]))
    else:
        _make(world, subscription, plan, invoice)
    invoices.finalize(world, invoice)
    said = collecting.collect(world, invoice)
    if said != payments.SUCCEEDED and behaviour == "error_if_incomplete":
        refusal = collecting.refusal(said)
        refusal.keeps = False
        raise refusal


def _make(world: World, subscription: Body, plan: Plan, invoice: Body) -> None:
    subscription["_"]["billed"] = prorations.bill(subscription, invoice["lines"]["data"])
    facts = plan.facts | {"latest_invoice": invoice["id"]}
    world.change(subscription, "customer.subscription.updated", **facts)


def whole(subscription: Body) -> int:
    """What a period costs, before discounts."""
    return sum(amount_of(item["price"], item["quantity"]) for item in subscription["items"]["data"])


def discounted(world: World, subscription: Body, given: object) -> None:
    """`discounts` was passed: they are the subscription's from now on. Raises StripeError."""
    held = discounts.wished(world, subscription, given, amount=whole(subscription))
    world.change(subscription, "customer.subscription.updated", discounts=held)

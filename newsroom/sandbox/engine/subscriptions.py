"""Subscriptions: https://docs.stripe.com/api/subscriptions."""

import copy
from typing import Any

from newsroom.sandbox.engine import changing, collecting, discounts, invoices, pausing, payments, prorations, schedules
from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.calendar import period_end
from newsroom.sandbox.engine.catalogue import plan_of, priced
from newsroom.sandbox.engine.due import DAY
from newsroom.sandbox.engine.due import period_end as ends
from newsroom.sandbox.engine.errors import invalid, not_built
from newsroom.sandbox.engine.params import merged, unset, words
from newsroom.sandbox.engine.payment_methods import joined, usable
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World, listing, public

CREATE_BUILT = words(
    "cancel_at cancel_at_period_end collection_method customer default_payment_method description expand items.price items.quantity "
    "items.metadata metadata off_session payment_behavior trial_end trial_period_days trial_settings proration_behavior "
    "discounts.coupon discounts.promotion_code"
)
UPDATE_BUILT = words(
    "cancel_at cancel_at_period_end cancellation_details.comment cancellation_details.feedback default_payment_method description "
    "expand items.id items.price items.quantity items.metadata metadata proration_behavior trial_end payment_behavior off_session "
    "billing_cycle_anchor.type discounts discounts.coupon discounts.promotion_code discounts.discount items.deleted "
    "pause_collection pause_collection.behavior pause_collection.resumes_at proration_date trial_settings"
)
CANCEL_BUILT = words("cancellation_details.comment cancellation_details.feedback expand")
_OVER = ("canceled", "incomplete_expired")


def opened(world: World, customer: Body, items: list[Body], *, trial_end: int | None = None, **facts: Any) -> Body:
    """A subscription that waits for its first payment, or is on trial. Its first invoice is still to be made."""
    name = world.new_id("sub")
    anchor = trial_end or world.now
    made = [_item(world, name, each, anchor, trial_end) for each in items]
    own = {
        "billing_cycle_anchor": anchor,
        "currency": made[0]["price"]["currency"],
        "customer": customer["id"],
        "items": listing(f"/v1/subscription_items?subscription={name}", made),
        "start_date": world.now,
        "status": "trialing" if trial_end else "incomplete",
        "test_clock": customer["test_clock"],
        "trial_end": trial_end,
        "trial_start": world.now if trial_end else None,
    }
    return world.add("subscription", id=name, **_USUAL | own | facts, _={"invoiced_until": world.now})


_USUAL: Body = {
    "automatic_tax": {"enabled": False},
    "billing_mode": {"type": "flexible", "flexible": {"proration_discounts": "included"}},
    "billing_schedules": [],
    "cancel_at_period_end": False,
    "cancellation_details": {},
    "collection_method": "charge_automatically",
    "default_tax_rates": [],
    "discounts": [],
    "invoice_settings": {"issuer": {"type": "self"}},
    "metadata": {},
    "payment_settings": {"save_default_payment_method": "off"},
    "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
}


def _item(world: World, subscription: str, given: Body, anchor: int, trial_end: int | None) -> Body:
    price = given["price"]
    recurring = price["recurring"]
    end = trial_end or period_end(anchor, recurring["interval"], recurring["interval_count"], world.now)
    item = world.new(
        "subscription_item",
        current_period_end=end,
        current_period_start=world.now,
        discounts=[],
        metadata=given.get("metadata", {}),
        plan=plan_of(world, price),
        price=price,
        quantity=given.get("quantity", 1),
        subscription=subscription,
        tax_rates=[],
    )
    return public(item)


def begin(world: World, subscription: Body) -> Body:
    """Make and finalize the first invoice, and announce the subscription. The invoice is handed back."""
    trial = subscription["status"] == "trialing"
    invoice = invoices.drafted(world, subscription, reason="subscription_create", free=trial)
    discounts.use_up(world, subscription, invoice)
    subscription["_"]["billed"] = prorations.bill(subscription, invoice["lines"]["data"])
    invoices.finalize(world, invoice)
    world.change(subscription, latest_invoice=invoice["id"])
    world.emit("customer.subscription.created", subscription)
    if not invoice["amount_due"]:
        collecting.collect(world, invoice)
    return invoice


def items_of(world: World, given: list[Body], at: str) -> list[Body]:
    """Items with their prices in full. Raises StripeError when they cannot stand on one subscription."""
    if not given:
        raise invalid(f"Missing required param: {at}.", param=at, code="parameter_missing")
    found = [each | {"price": priced(world, each, f"{at}[{number}]")} for number, each in enumerate(given)]
    for number, each in enumerate(found):
        if each.get("quantity", 1) < 1:
            raise invalid(
                "Invalid quantity: must be greater than or equal to 1",
                param=f"{at}[{number}][quantity]",
                code="parameter_invalid_integer",
            )
    if len({each["price"]["currency"] for each in found}) > 1:
        raise invalid("All prices on a subscription must have the same currency.", param=at)
    if (
        len({(each["price"]["recurring"]["interval"], each["price"]["recurring"]["interval_count"]) for each in found})
        > 1
    ):
        raise not_built("prices of different intervals on one subscription", at)
    if len({each["price"]["id"] for each in found}) < len(found):
        raise invalid("Cannot add multiple subscription items with the same price.", param=at)
    return found


def trial_end_of(world: World, given: Body) -> int | None:
    if given.get("trial_end") is not None and "trial_period_days" in given:
        raise invalid(
            "Received both trial_end and trial_period_days parameters. Please pass in only one.",
            param="trial_end",
            code="parameters_exclusive",
        )
    if days := given.get("trial_period_days"):
        if not 1 <= days <= 730:
            raise invalid("The maximum number of trial period days is 730 (2 years).", param="trial_period_days")
        return world.now + int(days) * DAY
    end = given.get("trial_end")
    if isinstance(end, int) and end <= world.now:
        raise invalid("Invalid timestamp: must be an integer Unix timestamp in the future.", param="trial_end")
    return end if isinstance(end, int) else None


def create(world: World, given: Body) -> Body:
    if "customer" not in given:
        raise invalid("Missing required param: customer.", param="customer", code="parameter_missing")
    if given.get("collection_method") == "send_invoice":
        raise not_built("collection_method=send_invoice", "collection_method")
    customer = world.get("customer", given["customer"], param="customer")
    items = items_of(world, given.get("items", []), "items")
    facts = {"metadata": merged({}, given.get("metadata")), "description": given.get("description")}
    if "default_payment_method" in given:
        method = usable(world, given["default_payment_method"], param="default_payment_method")
        facts["default_payment_method"] = joined(world, method, customer["id"])["id"]
    if "trial_settings" in given:
        facts["trial_settings"] = given["trial_settings"]
    subscription = opened(world, customer, items, trial_end=trial_end_of(world, given), **facts)
    if "discounts" in given:
        changing.discounted(world, subscription, given["discounts"])
    ending: Body = {name: given[name] for name in ("cancel_at", "cancel_at_period_end") if name in given}
    world.change(subscription, **_ending(world, subscription, ending))
    invoice = begin(world, subscription)
    behaviour = given.get("payment_behavior", "allow_incomplete")
    if invoice["status"] == "open" and behaviour != "default_incomplete":
        said = collecting.collect(world, invoice)
        if said != payments.SUCCEEDED and behaviour == "error_if_incomplete":
            refusal = collecting.refusal(said)
            refusal.keeps = False
            raise refusal
    return world.get("subscription", subscription["id"])


def update(world: World, given: Body, name: str) -> Body:
    subscription = world.get("subscription", name)
    if subscription["status"] in _OVER and set(given) - {"metadata", "cancellation_details", "expand"}:
        raise invalid(
            "A canceled subscription can only update its cancellation_details and metadata.",
            code="invalid_canceled_subscription_fields",
        )
    behaviour = given.get("payment_behavior", "allow_incomplete")
    if behaviour == "pending_if_incomplete":
        changing.refuse_with_pending(given)
    schedules.refuse_by_hand(subscription, given)
    facts: Body = unset({key: given[key] for key in ("description",) if key in given})
    facts["metadata"] = merged(subscription["metadata"], given.get("metadata"))
    if "cancellation_details" in given:
        facts["cancellation_details"] = subscription["cancellation_details"] | unset(given["cancellation_details"])
    if "default_payment_method" in given:
        method = world.get("payment_method", given["default_payment_method"], param="default_payment_method")
        facts["default_payment_method"] = joined(world, method, subscription["customer"])["id"]
    if "trial_settings" in given:
        facts["trial_settings"] = given["trial_settings"]
    facts |= pausing.paused(world, given)
    facts = _ending(world, subscription, given, facts.get("cancellation_details")) | facts
    world.change(subscription, "customer.subscription.updated", **facts)
    if "discounts" in given:
        changing.discounted(world, subscription, given["discounts"])
    if changing.TOUCHED & set(given):
        changing.carry_out(world, subscription, changing.planned(world, subscription, given), behaviour)
    return world.get("subscription", name)


def _ending(world: World, subscription: Body, given: Body, details: Body | None = None) -> Body:
    """What follows from cancel_at and cancel_at_period_end: both end up as one moment in cancel_at."""
    if "cancel_at" in given and "cancel_at_period_end" in given:
        raise invalid(
            "You may only specify one of these parameters: cancel_at, cancel_at_period_end.",
            param="cancel_at",
            code="parameters_exclusive",
        )
    details = details or subscription["cancellation_details"]
    if given.get("cancel_at_period_end") is False or given.get("cancel_at") == "":
        return {
            "cancel_at": None,
            "cancel_at_period_end": False,
            "canceled_at": None,
            "cancellation_details": details | {"reason": None},
        }
    asked = {"canceled_at": world.now, "cancellation_details": details | {"reason": "cancellation_requested"}}
    if given.get("cancel_at_period_end"):
        return asked | {"cancel_at": ends(subscription), "cancel_at_period_end": True}
    if "cancel_at" not in given:
        return {}
    at = given["cancel_at"]
    if isinstance(at, str):
        at = ends(subscription)
    if at <= world.now:
        raise invalid("Invalid timestamp: cancel_at must be in the future.", param="cancel_at")
    return asked | {"cancel_at": at, "cancel_at_period_end": False}


def cancel(world: World, given: Body, name: str) -> Body:
    subscription = world.get("subscription", name)
    if subscription["status"] in _OVER:
        raise invalid(f"No such subscription: '{name}'", param="id", code="resource_missing", status=404)
    return collecting.end(
        world, subscription, reason="cancellation_requested", details=unset(given.get("cancellation_details", {}))
    )


def find(world: World, given: Body) -> Body:
    where: Body = {key: given[key] for key in ("customer", "test_clock", "collection_method") if key in given}
    if "price" in given:
        where["items"] = {"data": [{"price": {"id": given["price"]}}]}
    status = given.get("status")
    if status == "ended":
        return page(world, "subscription", given, where, one_of={"status": _OVER})
    if status not in {None, "all"}:
        where["status"] = status
    return page(world, "subscription", given, where, none_of={} if status else {"status": ("canceled",)})


def renew(world: World, subscription: Body) -> None:
    """A new period has begun: its invoice is drafted, to be collected in an hour."""
    if subscription["status"] == "trialing" and not _trial_may_end(world, subscription):
        return
    turned = schedules.turned(world, subscription)
    after = subscription | turned
    items, anchor = copy.deepcopy(after["items"]), after["billing_cycle_anchor"]
    for item in items["data"]:
        recurring = item["price"]["recurring"]
        start = item["current_period_end"]
        end = period_end(anchor, recurring["interval"], recurring["interval_count"], start)
        item |= {"current_period_start": start, "current_period_end": end}
    status = "active" if subscription["status"] == "trialing" else subscription["status"]
    renewed = after | {"items": items}
    collects = status != "unpaid" and not pausing.keeps_draft(subscription)
    invoice = invoices.drafted(world, renewed, reason="subscription_cycle", auto_advance=collects)
    subscription["_"] |= {
        "invoiced_until": world.now,
        "billed": prorations.bill(subscription, [] if subscription["pause_collection"] else invoice["lines"]["data"]),
    }
    facts = turned | {"items": items, "latest_invoice": invoice["id"], "status": status}
    world.change(subscription, "customer.subscription.updated", **facts)
    discounts.use_up(world, subscription, invoice)
    pausing.rest(world, subscription, invoice)


def _trial_may_end(world: World, subscription: Body) -> bool:
    """With a card it goes on as a paid one; without one, as `trial_settings` says."""
    customer = world.get("customer", subscription["customer"])
    if subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]:
        return True
    behaviour = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    if behaviour == "cancel":
        collecting.end(world, subscription, reason="payment_failed")
    elif behaviour == "pause":
        world.change(subscription, status="paused")
        world.emit("customer.subscription.paused", subscription)
    return bool(behaviour == "create_invoice")


def resume(world: World, given: Body, name: str) -> Body:
    """POST /v1/subscriptions/…/resume: a new period begins, and is to be paid. Raises StripeError for one that is not paused."""
    subscription = world.get("subscription", name)
    if subscription["status"] != "paused":
        raise invalid(f"Only a paused subscription can be resumed; this one is {subscription['status']}.")
    plan = changing.planned(
        world, subscription, {"billing_cycle_anchor": {"type": "now"}, "proration_behavior": "none"}
    )
    changing.carry_out(world, subscription, plan, "error_if_incomplete")
    subscription = world.get("subscription", name)
    world.change(subscription, "customer.subscription.updated", status="active")
    world.emit("customer.subscription.resumed", subscription)
    return subscription


def expire(world: World, subscription: Body) -> None:
    """The first payment never came."""
    invoice = world.get("invoice", subscription["latest_invoice"])
    if invoice["status"] == "open":
        invoices.void(world, invoice)
    world.change(subscription, "customer.subscription.updated", status="incomplete_expired", ended_at=world.now)


def find_item(world: World, name: str) -> tuple[Body, Body]:
    """An item and its subscription."""
    for subscription in world.all("subscription", items={"data": [{"id": name}]}):
        item: Body = next(each for each in subscription["items"]["data"] if each["id"] == name)
        return item, subscription
    raise invalid(f"No such subscription item: '{name}'", param="id", code="resource_missing", status=404)


def retrieve_item(world: World, given: Body, name: str) -> Body:
    item, _subscription = find_item(world, name)
    return item


def list_items(world: World, given: Body) -> Body:
    subscription = world.get("subscription", given["subscription"], param="subscription")
    return listing(f"/v1/subscription_items?subscription={subscription['id']}", subscription["items"]["data"])

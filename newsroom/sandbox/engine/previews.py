"""What would be billed: https://docs.stripe.com/api/invoices/create_preview.

The change is made as it would be, its invoice is looked at, and all of it is undone: so a preview is what is charged.
"""

import copy

from newsroom.sandbox.engine import changing, invoices, subscriptions
from newsroom.sandbox.engine.due import period_end
from newsroom.sandbox.engine.errors import StripeError, invalid
from newsroom.sandbox.engine.params import words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World

BUILT = words(
    "customer discounts discounts.coupon discounts.promotion_code discounts.discount expand preview_mode subscription "
    "subscription_details.billing_cycle_anchor.type subscription_details.items.deleted subscription_details.items.id "
    "subscription_details.items.price subscription_details.items.quantity subscription_details.proration_behavior "
    "subscription_details.proration_date subscription_details.trial_end subscription_details.cancel_at_period_end"
)


class _Seen(Exception):
    def __init__(self, invoice: Body) -> None:
        self.invoice = invoice


def create(world: World, given: Body) -> Body:
    """The invoice that would come of it. Nothing is kept."""
    emitted, now = len(world.emitted), world.now
    try:
        with world.store.undoable():
            raise _Seen(copy.deepcopy(_made(world, given)))
    except _Seen as seen:
        invoice = seen.invoice
    finally:
        del world.emitted[emitted:]
        world.now = now
    name = f"upcoming_{invoice['id']}"
    for line in invoice["lines"]["data"]:
        line["invoice"] = name
    invoice["lines"]["url"] = f"/v1/invoices/{name}/lines"
    return invoice | {"id": name, "auto_advance": False, "automatically_finalizes_at": None}


def _made(world: World, given: Body) -> Body:
    details = given.get("subscription_details", {})
    if "subscription" not in given:
        return _first(world, given, details)
    subscription = world.get("subscription", given["subscription"], param="subscription")
    if subscription["status"] in {"canceled", "incomplete_expired"}:
        raise _nothing()
    if "discounts" in given:
        changing.discounted(world, subscription, given["discounts"])
    if changing.TOUCHED & set(details):
        plan = changing.planned(world, subscription, details)
        if plan.at_once and given.get("preview_mode") != "recurring":
            return invoices.drafted(world, subscription, reason="subscription_update", lines=plan.lines)
        owed = subscription["_"].setdefault("owed", [])
        owed += [] if plan.at_once else plan.lines
        world.change(subscription, **plan.facts)
    return _next(world, subscription, given, details)


def _next(world: World, subscription: Body, given: Body, details: Body) -> Body:
    """The invoice at the end of the present period; `recurring` shows it without what is owed but once."""
    ending = details.get("cancel_at_period_end", subscription["cancel_at"] is not None)
    if ending:
        raise _nothing()
    if given.get("preview_mode") == "recurring":
        subscription["_"].pop("owed", None)
    world.now = period_end(subscription)
    world.change(subscription, pause_collection=None)
    subscriptions.renew(world, subscription)
    found = world.get("subscription", subscription["id"])
    return world.get("invoice", found["latest_invoice"])


def _first(world: World, given: Body, details: Body) -> Body:
    """A subscription that is not there yet."""
    if "customer" not in given:
        raise invalid("Missing required param: customer.", param="customer", code="parameter_missing")
    customer = world.get("customer", given["customer"], param="customer")
    items = subscriptions.items_of(world, details.get("items", []), "subscription_details[items]")
    trial = subscriptions.trial_end_of(world, details)
    subscription = subscriptions.opened(world, customer, items, trial_end=trial)
    if "discounts" in given:
        changing.discounted(world, subscription, given["discounts"])
    return invoices.drafted(world, subscription, reason="subscription_create", free=trial is not None)


def _nothing() -> StripeError:
    return invalid("No upcoming invoices for customer", code="invoice_upcoming_none", status=404)

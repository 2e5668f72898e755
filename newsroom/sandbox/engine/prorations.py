"""What a change within a period costs, to the second: https://docs.stripe.com/billing/subscriptions/prorations.

A credit gives back of what the item was last billed for (discounts included), a debit takes the new price from now on.
"""

from datetime import UTC, datetime

from newsroom.sandbox.engine import discounts
from newsroom.sandbox.engine.amounts import share
from newsroom.sandbox.engine.catalogue import amount_of
from newsroom.sandbox.engine.errors import invalid
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World, public


def moment(world: World, subscription: Body, given: Body) -> int:
    """The second from which the change counts. Raises StripeError outside of the present period."""
    if "proration_date" not in given:
        return world.now
    at = int(given["proration_date"])
    for item in subscription["items"]["data"]:
        if not item["current_period_start"] <= at <= item["current_period_end"]:
            raise invalid(
                "Cannot specify a proration date outside of the subscription's current period.", param="proration_date"
            )
    return at


def credit(world: World, subscription: Body, item: Body, at: int) -> list[Body]:
    """The line that gives back what is not used of what was billed for this item; none when nothing was."""
    billed = subscription["_"].get("billed", {}).get(item["id"])
    if billed is None or not billed["amount"] or billed["end"] <= at:
        return []
    start = max(at, billed["start"])
    amount = share(billed["amount"], billed["end"] - start, billed["end"] - billed["start"], subscription["currency"])
    words = f"Unused time on {_named(world, item)} after {_day(at)}"
    return [_line(world, subscription, item, -amount, words, at, billed["end"])]


def debit(world: World, subscription: Body, item: Body, at: int) -> list[Body]:
    """The line for the rest of the period with the item as it is now."""
    start, end = item["current_period_start"], item["current_period_end"]
    whole = discounts.net(world, subscription, amount_of(item["price"], item["quantity"]))
    amount = share(whole, end - at, end - start, subscription["currency"])
    words = f"Remaining time on {_named(world, item)} after {_day(at)}"
    return [_line(world, subscription, item, amount, words, at, end)]


def bill(subscription: Body, lines: list[Body]) -> Body:
    """What each item was last billed for, once these lines are billed too."""
    billed: Body = dict(subscription["_"].get("billed", {}))
    for line in lines:
        owner = line["parent"]["subscription_item_details"]
        if owner is None or line["amount"] < 0:
            continue
        net = line["amount"] - sum(each["amount"] for each in line["discount_amounts"])
        billed[owner["subscription_item"]] = {"amount": net, **line["period"]}
    return billed


def _named(world: World, item: Body) -> str:
    name = str(world.get("product", item["price"]["product"])["name"])
    return f"{item['quantity']} × {name}" if item["quantity"] != 1 else name


def _day(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%d %b %Y}"


def _line(world: World, subscription: Body, item: Body, amount: int, words: str, start: int, end: int) -> Body:
    price = item["price"]
    owner = {
        "proration": True,
        "proration_details": {"credited_items": None},
        "subscription": subscription["id"],
        "subscription_item": item["id"],
    }
    line = world.new(
        "line_item",
        amount=amount,
        currency=price["currency"],
        description=words,
        discount_amounts=[],
        discountable=False,
        discounts=[],
        invoice=None,
        metadata=subscription["metadata"],
        parent={"type": "subscription_item_details", "subscription_item_details": owner},
        period={"start": start, "end": end},
        pretax_credit_amounts=[],
        pricing={
            "type": "price_details",
            "price_details": {"price": price["id"], "product": price["product"]},
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        quantity=item["quantity"],
        quantity_decimal=str(item["quantity"]),
        subscription=subscription["id"],
        subtotal=amount,
        taxes=[],
    )
    return public(line)

"""Coupons, promotion codes, and the discounts they make: https://docs.stripe.com/billing/subscriptions/coupons."""

import secrets
from typing import Any

from newsroom.sandbox.engine.amounts import percentage
from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.calendar import boundary
from newsroom.sandbox.engine.errors import StripeError, invalid, not_built
from newsroom.sandbox.engine.params import merged, words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World, public

COUPON_BUILT = words(
    "amount_off currency duration duration_in_months expand id max_redemptions metadata name percent_off redeem_by"
)
CODE_BUILT = words(
    "active code customer expand expires_at max_redemptions metadata promotion restrictions.first_time_transaction "
    "restrictions.minimum_amount restrictions.minimum_amount_currency"
)
CODE_CHANGES = words("active expand metadata")
GIVEN = words("discounts.coupon discounts.promotion_code discounts.discount")


def create_coupon(world: World, given: Body) -> Body:
    """Raises StripeError for one that takes nothing off, or that exists."""
    if ("percent_off" in given) == ("amount_off" in given):
        raise invalid("Must provide exactly one of percent_off or amount_off.", param="percent_off")
    if "amount_off" in given and "currency" not in given:
        raise invalid("Must provide currency with amount_off.", param="currency", code="parameter_missing")
    if "percent_off" in given and not 0 < given["percent_off"] <= 100:
        raise invalid("Invalid percent_off: must be greater than 0 and at most 100.", param="percent_off")
    duration = given.get("duration", "once")
    if (duration == "repeating") != ("duration_in_months" in given):
        raise invalid("duration_in_months belongs to a repeating coupon.", param="duration_in_months")
    facts = {name: each for name, each in given.items() if name not in {"expand", "metadata"}}
    if "id" in facts and (there := world.store.find(facts["id"])) and not there.get("deleted"):
        raise invalid("Coupon already exists.", param="id", code="resource_already_exists")
    return world.add(
        "coupon",
        "coupon.created",
        **facts | {"duration": duration, "metadata": merged({}, given.get("metadata"))},
        times_redeemed=0,
        valid=True,
    )


def update_coupon(world: World, given: Body, name: str) -> Body:
    coupon = world.get("coupon", name)
    facts: Body = {"name": given["name"]} if "name" in given else {}
    return world.change(coupon, "coupon.updated", **facts, metadata=merged(coupon["metadata"], given.get("metadata")))


def delete_coupon(world: World, given: Body, name: str) -> Body:
    """Who has it keeps it; nobody gets it any more."""
    coupon = world.get("coupon", name)
    world.emit("coupon.deleted", coupon)
    return public(world.save({"id": name, "object": "coupon", "deleted": True, "_": {}}))


def create_code(world: World, given: Body) -> Body:
    """Raises StripeError when another active code says the same."""
    coupon = world.get("coupon", given["promotion"].get("coupon", ""), param="promotion[coupon]")
    code = given.get("code") or secrets.token_hex(4).upper()
    if found(world, code):
        raise invalid(
            "An active promotion code with `code: " + code + "` already exists.",
            param="code",
            code="resource_already_exists",
        )
    if "customer" in given:
        world.get("customer", given["customer"], param="customer")
    limits = given.get("restrictions", {})
    if ("minimum_amount" in limits) != ("minimum_amount_currency" in limits):
        raise invalid("minimum_amount needs its currency.", param="restrictions[minimum_amount_currency]")
    return world.add(
        "promotion_code",
        "promotion_code.created",
        active=given.get("active", True),
        code=code,
        customer=given.get("customer"),
        expires_at=given.get("expires_at"),
        max_redemptions=given.get("max_redemptions"),
        metadata=merged({}, given.get("metadata")),
        promotion={"type": "coupon", "coupon": coupon["id"]},
        restrictions={"first_time_transaction": False, "currency_options": {}} | limits,
        times_redeemed=0,
    )


def update_code(world: World, given: Body, name: str) -> Body:
    code = world.get("promotion_code", name)
    facts: Body = {"active": given["active"]} if "active" in given else {}
    return world.change(
        code, "promotion_code.updated", **facts, metadata=merged(code["metadata"], given.get("metadata"))
    )


def find_codes(world: World, given: Body) -> Body:
    where: Body = {key: given[key] for key in ("active", "customer") if key in given}
    if "coupon" in given:
        where["promotion"] = {"coupon": given["coupon"]}
    same = str(given.get("code", "")).casefold()
    alike = {each["code"] for each in world.all("promotion_code") if each["code"].casefold() == same}
    return page(world, "promotion_code", given, where, {"code": alike} if "code" in given else {})


def found(world: World, code: str) -> Body | None:
    """The active code that somebody typed in; capitals do not matter."""
    wanted = code.strip().casefold()
    return next((each for each in world.all("promotion_code", active=True) if each["code"].casefold() == wanted), None)


def typed(world: World, code: str, *, customer: str | None, amount: int, currency: str) -> Body:
    """What a code typed in on a hosted page gives. Raises StripeError with the reason."""
    wanted = code.strip().casefold()
    known = found(world, code) or next(
        (each for each in world.all("promotion_code") if each["code"].casefold() == wanted), None
    )
    if known is None:
        raise _refused("This code is invalid.", "promotion_code_invalid")
    return redeemable(world, {"promotion_code": known["id"]}, customer=customer, amount=amount, currency=currency)


def redeemable(world: World, given: Body, *, customer: str | None, amount: int, currency: str) -> Body:
    """{coupon, promotion_code} of a wish for a discount. Raises StripeError when it cannot be had."""
    if len(set(given) & {"coupon", "promotion_code"}) != 1:
        raise invalid("Pass exactly one of coupon and promotion_code.", param="discounts")
    wish: Body = {"coupon": given.get("coupon"), "promotion_code": None}
    if "promotion_code" in given:
        code = world.get("promotion_code", given["promotion_code"], param="discounts[0][promotion_code]")
        _check_code(world, code, customer=customer, amount=amount, currency=currency)
        wish = {"coupon": code["promotion"]["coupon"], "promotion_code": code["id"]}
    coupon = world.get("coupon", wish["coupon"], param="discounts[0][coupon]")
    _check_coupon(world, coupon, currency)
    return wish


def _check_coupon(world: World, coupon: Body, currency: str) -> None:
    if _spent(coupon):
        raise _refused("This coupon has been used as often as it may be.", "coupon_expired")
    if coupon["redeem_by"] and coupon["redeem_by"] <= world.now:
        raise _refused("This coupon has expired.", "coupon_expired")
    if coupon["amount_off"] and coupon["currency"] != currency:
        raise _refused(f"This coupon is in {coupon['currency']}.", "coupon_currency_mismatch")


def _check_code(world: World, code: Body, *, customer: str | None, amount: int, currency: str) -> None:
    limits = code["restrictions"]
    if _spent(code):
        raise _refused("This promotion code has been used as often as it may be.", "promotion_code_used_up")
    if code["expires_at"] and code["expires_at"] <= world.now:
        raise _refused("This promotion code has expired.", "promotion_code_expired")
    if not code["active"]:
        raise _refused("This promotion code is inactive.", "promotion_code_inactive")
    if code["customer"] and code["customer"] != customer:
        raise _refused("This promotion code belongs to another customer.", "promotion_code_customer_mismatch")
    if limits["first_time_transaction"] and customer and world.all("charge", customer=customer, status="succeeded"):
        raise _refused("This promotion code is for first purchases only.", "promotion_code_customer_not_first_time")
    least, of = limits["minimum_amount"], limits["minimum_amount_currency"]
    if least and (of != currency or amount < least):
        raise _refused("The order is too small for this promotion code.", "promotion_code_minimum_amount_not_met")


def _refused(message: str, code: str) -> StripeError:
    return invalid(message, param="discounts", code=code)


def _spent(body: Body) -> bool:
    most: int | None = body["max_redemptions"]
    return most is not None and body["times_redeemed"] >= most


def redeem(world: World, wish: Body, *, customer: str, subscription: str | None, session: str | None = None) -> str:
    """The discount is theirs from now on: its id."""
    coupon = world.get("coupon", wish["coupon"])
    if wish["promotion_code"]:
        code = world.get("promotion_code", wish["promotion_code"])
        used = code["times_redeemed"] + 1
        spent = code["max_redemptions"] is not None and used >= code["max_redemptions"]
        world.change(code, "promotion_code.updated", times_redeemed=used, active=code["active"] and not spent)
    used = coupon["times_redeemed"] + 1
    world.change(coupon, "coupon.updated", times_redeemed=used)
    world.change(coupon, valid=not _spent(coupon))
    months = coupon["duration_in_months"]
    made = world.add(
        "discount",
        "customer.discount.created",
        checkout_session=session,
        customer=customer,
        end=boundary(world.now, "month", months, 1) if months else None,
        promotion_code=wish["promotion_code"],
        source={"type": "coupon", "coupon": coupon["id"]},
        start=world.now,
        subscription=subscription,
        _={"coupon": public(coupon)},
    )
    return str(made["id"])


def wished(world: World, subscription: Body, given: Any, *, amount: int) -> list[str]:
    """The subscription's discounts after `discounts` was passed. Raises StripeError."""
    if given in ("", []):
        return []
    if len(given) > 1:
        raise not_built("more than one discount", "discounts")
    if "discount" in given[0]:
        return [each for each in subscription["discounts"] if each == given[0]["discount"]]
    customer = subscription["customer"]
    wish = redeemable(world, given[0], customer=customer, amount=amount, currency=subscription["currency"])
    return [redeem(world, wish, customer=customer, subscription=subscription["id"])]


def off(coupon: Body, amount: int, currency: str) -> int:
    """What a coupon takes off an amount: never more than there is."""
    if amount <= 0:
        return 0
    if coupon["percent_off"]:
        return min(amount, percentage(amount, coupon["percent_off"], currency))
    return min(amount, int(coupon["amount_off"]))


def running(world: World, subscription: Body) -> list[Body]:
    """Its discounts that are not over."""
    held = [world.get("discount", each) for each in subscription["discounts"]]
    return [each for each in held if each["end"] is None or each["end"] > world.now]


def net(world: World, subscription: Body, amount: int) -> int:
    """What is left of an amount of this subscription."""
    for each in running(world, subscription):
        amount -= off(each["_"]["coupon"], amount, subscription["currency"])
    return amount


def take_off(world: World, subscription: Body, lines: list[Body]) -> dict[str, int]:
    """The lines carry their discounts. What each discount takes off all of them."""
    sums: dict[str, int] = {}
    for each in running(world, subscription):
        coupon = each["_"]["coupon"]
        left = coupon["amount_off"]
        for line in lines:
            if not line["discountable"] or line["amount"] <= 0:
                continue
            terms = coupon if left is None else coupon | {"amount_off": left}
            already = sum(one["amount"] for one in line["discount_amounts"])
            amount = off(terms, line["amount"] - already, line["currency"]) if left != 0 else 0
            left = None if left is None else left - amount
            line["discount_amounts"].append({"amount": amount, "discount": each["id"]})
            line["discounts"].append(each["id"])
            sums[each["id"]] = sums.get(each["id"], 0) + amount
    return sums


def use_up(world: World, subscription: Body, invoice: Body) -> None:
    """What was for one charge and is on this invoice, or is over by now, is off the subscription."""
    used = {each["discount"]: each["amount"] for each in invoice["total_discount_amounts"]}
    kept = []
    for each in subscription["discounts"]:
        discount = world.get("discount", each)
        once = discount["_"]["coupon"]["duration"] == "once" and used.get(each, 0) > 0
        over = discount["end"] is not None and discount["end"] <= world.now
        if once or over:
            world.emit("customer.discount.deleted", discount)
        else:
            kept.append(each)
    if kept != subscription["discounts"]:
        world.change(subscription, discounts=kept)

"""Discounts on a Checkout: given with the session, or a promotion code typed in on its page.

https://docs.stripe.com/payments/checkout/discounts
"""

from newsroom.sandbox.engine import discounts
from newsroom.sandbox.engine.catalogue import amount_of
from newsroom.sandbox.engine.errors import invalid, not_built
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World


def begin(world: World, session: Body, given: Body) -> None:
    """The session has the discount it was opened with. Raises StripeError."""
    if "discounts" not in given:
        return
    if "allow_promotion_codes" in given:
        raise invalid(
            "You may only specify one of these parameters: allow_promotion_codes, discounts.",
            param="allow_promotion_codes",
            code="parameters_exclusive",
        )
    if len(given["discounts"]) > 1:
        raise not_built("more than one discount", "discounts")
    for each in given["discounts"]:
        _put(world, session, _checked(world, session, each))


def apply(world: World, name: str, code: str) -> Body:
    """The code typed in on the page counts. Raises StripeError with the reason why it does not."""
    session = world.get("checkout.session", name)
    if session["status"] != "open" or not session["allow_promotion_codes"]:
        raise invalid("This Checkout Session takes no promotion codes.", code="promotion_code_invalid")
    wish = discounts.typed(
        world, code, customer=session["customer"], amount=_whole(session), currency=session["currency"]
    )
    _put(world, session, wish)
    return world.save(session)


def remove(world: World, name: str) -> Body:
    session = world.get("checkout.session", name)
    if session["allow_promotion_codes"]:
        _put(world, session, None)
    return world.save(session)


def redeem(world: World, session: Body, customer: Body) -> list[str]:
    """The buyer's discounts. Raises StripeError when somebody else was faster."""
    wish = session["_"].get("wish")
    if wish is None:
        return []
    named = {"promotion_code": wish["promotion_code"]} if wish["promotion_code"] else {"coupon": wish["coupon"]}
    _checked(world, session | {"customer": customer["id"]}, named)
    return [discounts.redeem(world, wish, customer=customer["id"], subscription=None, session=session["id"])]


def _checked(world: World, session: Body, wish: Body) -> Body:
    return discounts.redeemable(
        world, wish, customer=session["customer"], amount=_whole(session), currency=session["currency"]
    )


def _whole(session: Body) -> int:
    return sum(amount_of(each["price"], each.get("quantity", 1)) for each in session["_"]["items"])


def _put(world: World, session: Body, wish: Body | None) -> None:
    session["_"]["wish"] = wish
    coupon = world.get("coupon", wish["coupon"]) if wish else None
    left = coupon["amount_off"] if coupon else None
    for line in session["_"]["line_items"]:
        terms = coupon if coupon is None or left is None else coupon | {"amount_off": left}
        off = discounts.off(terms, line["amount_subtotal"], line["currency"]) if terms else 0
        left = None if left is None else left - off
        line |= {"amount_discount": off, "amount_total": line["amount_subtotal"] - off}
    lines = session["_"]["line_items"]
    session |= {
        "amount_total": sum(each["amount_total"] for each in lines),
        "discounts": [wish] if wish else [],
        "total_details": session["total_details"] | {"amount_discount": sum(each["amount_discount"] for each in lines)},
    }

"""Checkout Sessions, and what happens when somebody fills in the page: https://docs.stripe.com/api/checkout/sessions."""

from typing import Any

from newsroom.sandbox.engine import collecting, customers, payments, promoting, subscriptions
from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.cards import BY_NUMBER
from newsroom.sandbox.engine.catalogue import amount_of
from newsroom.sandbox.engine.due import DAY
from newsroom.sandbox.engine.errors import StripeError, declined, invalid, not_built
from newsroom.sandbox.engine.params import merged, words
from newsroom.sandbox.engine.payment_methods import card_of, made
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World, listing, public

BUILT = words(
    "allow_promotion_codes billing_address_collection cancel_url client_reference_id customer customer_email customer_creation "
    "expand expires_at line_items.price line_items.quantity locale metadata mode payment_method_collection allowed_payment_method_types "
    "subscription_data.metadata subscription_data.description subscription_data.trial_period_days subscription_data.trial_end "
    "subscription_data.trial_settings submit_type success_url ui_mode origin_context integration_identifier "
    "automatic_tax.enabled tax_id_collection.enabled customer_update discounts.coupon discounts.promotion_code"
)
SHORTEST = 30 * 60


def create(world: World, given: Body) -> Body:
    _refuse_other_modes(given)
    items = subscriptions.items_of(world, given.get("line_items", []), "line_items")
    data = given.get("subscription_data", {})
    trial = subscriptions.trial_end_of(world, data) is not None
    lines = [_line(world, each, free=trial) for each in items]
    due = sum(line["amount_total"] for line in lines)
    name = world.new_id("cs_test")
    session = world.new(
        "checkout.session",
        id=name,
        amount_subtotal=due,
        amount_total=due,
        currency=items[0]["price"]["currency"],
        customer=customer_of(world, given),
        customer_creation=None if "customer" in given else "always",
        expires_at=expiry(world, given),
        metadata=merged({}, given.get("metadata")),
        payment_method_collection=given.get("payment_method_collection", "always"),
        url=f"{world.settings.site}/sandbox/checkout/{name}/",
        **_USUAL,
        **{key: given[key] for key in _AS_GIVEN if key in given},
        _={"items": items, "data": data, "line_items": lines, "challenge": None},
    )
    promoting.begin(world, session, given)
    return world.save(session)


_USUAL: Body = {
    "automatic_tax": {"enabled": False},
    "custom_fields": [],
    "custom_text": {},
    "discounts": [],
    "mode": "subscription",
    "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
    "payment_method_types": ["card"],
    "payment_status": "unpaid",
    "phone_number_collection": {"enabled": False},
    "shipping_options": [],
    "status": "open",
    "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    "ui_mode": "hosted_page",
}
_AS_GIVEN = (
    "allowed_payment_method_types",
    "allow_promotion_codes",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer_email",
    "integration_identifier",
    "locale",
    "origin_context",
    "submit_type",
    "success_url",
)


def usual(given: Body) -> Body:
    """What every session has, and what is as it was asked for."""
    return _USUAL | {key: given[key] for key in _AS_GIVEN if key in given}


def _refuse_other_modes(given: Body) -> None:
    if given.get("mode") != "subscription":
        raise not_built("a Checkout mode other than subscription", "mode")
    if given.get("automatic_tax", {}).get("enabled") or given.get("tax_id_collection", {}).get("enabled"):
        raise not_built("taxes", "automatic_tax[enabled]")
    check_frame(given)


def check_frame(given: Body) -> None:
    """Raises StripeError for what no mode may be asked."""
    if given.get("ui_mode", "hosted_page") != "hosted_page":
        raise not_built("a ui_mode other than hosted_page", "ui_mode")
    if given.get("allowed_payment_method_types", ["card"]) != ["card"]:
        raise not_built("payment methods other than cards", "allowed_payment_method_types")
    if "success_url" not in given:
        raise invalid("Missing required param: success_url.", param="success_url", code="parameter_missing")
    for name in ("success_url", "cancel_url"):
        if not given.get(name, "https://").startswith(("https://", "http://")):
            raise invalid("Not a valid URL", param=name, code="url_invalid")


def customer_of(world: World, given: Body) -> str | None:
    if "customer" in given and "customer_email" in given:
        raise invalid(
            "You may only specify one of these parameters: customer, customer_email.",
            param="customer",
            code="parameters_exclusive",
        )
    return world.get("customer", given["customer"], param="customer")["id"] if "customer" in given else None


def expiry(world: World, given: Body) -> int:
    at = int(given.get("expires_at", world.now + DAY))
    if not SHORTEST <= at - world.now <= DAY:
        raise invalid(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return at


def _line(world: World, item: Body, *, free: bool) -> Body:
    quantity = item.get("quantity", 1)
    amount = 0 if free else amount_of(item["price"], quantity)
    product = world.get("product", item["price"]["product"])
    line = world.new(
        "item",
        amount_discount=0,
        amount_subtotal=amount,
        amount_tax=0,
        amount_total=amount,
        currency=item["price"]["currency"],
        description=product["name"],
        price=item["price"],
        quantity=quantity,
    )
    return public(line)


def line_items(world: World, given: Body, name: str) -> Body:
    return listing(f"/v1/checkout/sessions/{name}/line_items", world.get("checkout.session", name)["_"]["line_items"])


def expire(world: World, given: Body, name: str) -> Body:
    session = world.get("checkout.session", name)
    if session["status"] != "open":
        raise invalid(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f"{session['status']}."
        )
    return lapse(world, session)


def lapse(world: World, session: Body) -> Body:
    if session["payment_intent"]:
        payments.cancel(world, world.get("payment_intent", session["payment_intent"]), "abandoned")
    world.change(session, status="expired", url=None)
    world.emit("checkout.session.expired", session)
    return session


def update(world: World, given: Body, name: str) -> Body:
    session = world.get("checkout.session", name)
    return world.change(session, metadata=merged(session["metadata"], given.get("metadata")))


def find(world: World, given: Body) -> Body:
    where: Body = {key: given[key] for key in ("customer", "payment_intent", "status", "subscription") if key in given}
    return page(world, "checkout.session", given, where)


def complete(world: World, name: str, *, email: str, holder: str, number: str, authenticated: bool = False) -> Body:
    """The page was filled in. Afterwards the subscription runs, or the session waits for 3-D Secure (`challenge` in its notes).

    Raises StripeError: the card was declined (the session stays open), or the session is not open any more.
    """
    session = world.get("checkout.session", name)
    if session["status"] != "open":
        raise invalid(f"This Checkout Session is {session['status']}.", code="checkout_session_not_open")
    card = card_of(number)
    if card.challenge and not authenticated:
        session["_"]["challenge"] = {"email": email, "holder": holder, "number": number}
        return world.save(session)
    trial = subscriptions.trial_end_of(world, session["_"]["data"])
    if card.decline and not ((trial or not session["amount_total"]) and card.attaches):
        raise collecting.refusal(card.decline)
    session["_"]["challenge"] = None
    return _sold(
        world, session, _buyer(world, session, email, holder), number, authenticated=authenticated, trial_end=trial
    )


def refuse_challenge(world: World, name: str) -> Body:
    """The bank's page was answered with no. Raises StripeError for the page to show."""
    session = world.get("checkout.session", name)
    session["_"]["challenge"] = None
    world.save(session)
    raise declined(
        "payment_intent_authentication_failure",
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    )


def _buyer(world: World, session: Body, email: str, holder: str) -> Body:
    if session["customer"]:
        return world.get("customer", session["customer"])
    facts: dict[str, Any] = {"email": email, "name": holder or None}
    return customers.create(world, {key: each for key, each in facts.items() if each})


def _sold(
    world: World, session: Body, customer: Body, number: str, *, authenticated: bool, trial_end: int | None
) -> Body:
    billing = {"email": customer["email"], "name": customer["name"]}
    method = made(world, BY_NUMBER["".join(number.split()).replace("-", "")], billing)
    world.change(method, customer=customer["id"])
    world.emit("payment_method.attached", method)
    if authenticated:
        method["_"]["set_up"] = True
        world.save(method)
    data = session["_"]["data"]
    held = promoting.redeem(world, session, customer)
    subscription = subscriptions.opened(
        world,
        customer,
        session["_"]["items"],
        trial_end=trial_end,
        metadata=merged({}, data.get("metadata")),
        description=data.get("description"),
        default_payment_method=method["id"],
        discounts=held,
        **({"trial_settings": data["trial_settings"]} if "trial_settings" in data else {}),
    )
    for each in held:
        world.change(world.get("discount", each), subscription=subscription["id"])
    invoice = subscriptions.begin(world, subscription)
    if invoice["status"] == "open":
        said = collecting.collect(world, invoice, method, authenticated=authenticated)
        if said != payments.SUCCEEDED:
            raise StripeError(500, "api_error", f"A card that was to succeed said {said}.")
    return _closed(world, session, customer, subscription)


def _closed(world: World, session: Body, customer: Body, subscription: Body) -> Body:
    details = {
        "address": customer["address"],
        "email": customer["email"],
        "name": customer["name"],
        "phone": customer["phone"],
    }
    world.change(
        session,
        customer=customer["id"],
        customer_details=details | {"tax_exempt": customer["tax_exempt"], "tax_ids": []},
        invoice=subscription["latest_invoice"],
        payment_status="paid" if session["amount_total"] else "no_payment_required",
        status="complete",
        subscription=subscription["id"],
        url=None,
    )
    world.emit("checkout.session.completed", session)
    return session

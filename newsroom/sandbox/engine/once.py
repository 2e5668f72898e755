"""Checkout in mode `payment`: something is paid once (https://docs.stripe.com/payments/checkout/how-checkout-works)."""

from dataclasses import asdict, dataclass, field
from typing import Any

from newsroom.core.money import Money
from newsroom.sandbox.engine import (
    catalogue,
    checkout,
    collecting,
    customers,
    once_invoice,
    payments,
    tax_ids,
    tax_rates,
)
from newsroom.sandbox.engine.cards import BY_NUMBER
from newsroom.sandbox.engine.errors import invalid, not_built
from newsroom.sandbox.engine.params import merged, words
from newsroom.sandbox.engine.payment_methods import card_of, made
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.tax_rates import Taxed
from newsroom.sandbox.engine.world import World, public

BUILT = words(
    "billing_address_collection cancel_url client_reference_id custom_fields.key custom_fields.label custom_fields.optional "
    "custom_fields.type customer customer_creation customer_email customer_update expand expires_at invoice_creation.enabled "
    "invoice_creation.invoice_data.custom_fields invoice_creation.invoice_data.description "
    "invoice_creation.invoice_data.footer invoice_creation.invoice_data.metadata line_items.price line_items.price_data.currency "
    "line_items.price_data.product line_items.price_data.product_data.name line_items.price_data.product_data.description "
    "line_items.price_data.product_data.metadata line_items.price_data.tax_behavior line_items.price_data.unit_amount "
    "line_items.price_data.unit_amount_decimal line_items.quantity line_items.tax_rates locale metadata mode "
    "payment_intent_data.description payment_intent_data.metadata payment_intent_data.receipt_email "
    "payment_intent_data.setup_future_usage payment_intent_data.statement_descriptor submit_type success_url "
    "tax_id_collection.enabled tax_id_collection.required ui_mode"
)
SMALLEST = {
    "usd": 50,
    "eur": 50,
    "gbp": 30,
    "jpy": 50,
}  # https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody typed on the page. `details`: country, business_name, tax_id_type, tax_id, and custom fields by key."""

    email: str
    holder: str
    number: str
    details: dict[str, str] = field(default_factory=dict)


def create(world: World, given: Body) -> Body:
    checkout.check_frame(given)
    _check(given)
    lines = [_line(world, each, f"line_items[{number}]") for number, each in enumerate(given.get("line_items", []))]
    currency = _currency(lines)
    subtotal = sum(line["amount_subtotal"] for line, _taxed in lines)
    total = sum(line["amount_total"] for line, _taxed in lines)
    _check_amount(total, currency)
    name = world.new_id("cs_test")
    session = world.new(
        "checkout.session",
        id=name,
        amount_subtotal=subtotal,
        amount_total=total,
        currency=currency,
        expires_at=checkout.expiry(world, given),
        url=f"{world.settings.site}/sandbox/checkout/{name}/",
        **_of(world, given, sum(line["amount_tax"] for line, _taxed in lines)),
        _={
            "challenge": None,
            "data": given.get("payment_intent_data", {}),
            "invoice_data": given.get("invoice_creation", {}).get("invoice_data", {}),
            "line_items": [line for line, _taxed in lines],
            "taxes": [tax_rates.of_invoice(taxed) for _line, taxed in lines],
            "updates": given.get("customer_update", {}),
        },
    )
    return world.save(session)


def _of(world: World, given: Body, tax: int) -> Body:
    """What is as it was asked for, or as it usually is."""
    invoices = given.get("invoice_creation", {}).get("enabled", False)
    collected = given.get("tax_id_collection", {})
    whole = checkout.usual(given) | {
        "mode": "payment",
        "customer": checkout.customer_of(world, given),
        "custom_fields": [_custom(each) for each in given.get("custom_fields", [])],
        "customer_creation": None if "customer" in given else given.get("customer_creation", "if_required"),
        "invoice_creation": {"enabled": invoices, "invoice_data": _invoice_data(given)},
        "metadata": merged({}, given.get("metadata")),
        "payment_method_collection": "if_required",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": tax},
    }
    if collected.get("enabled"):
        whole["tax_id_collection"] = {"enabled": True, "required": collected.get("required", "never")}
    return whole


def _invoice_data(given: Body) -> Body:
    data: Body = given.get("invoice_creation", {}).get("invoice_data", {})
    return data | {"metadata": merged({}, data.get("metadata"))}


def _check(given: Body) -> None:
    if given.get("automatic_tax", {}).get("enabled") or given.get("allow_promotion_codes"):
        raise not_built("automatic tax and promotion codes in this mode", "automatic_tax[enabled]")
    if not given.get("line_items"):
        raise invalid("Missing required param: line_items.", param="line_items", code="parameter_missing")
    names = given.get("customer_update", {}).get("name") == "auto"
    if given.get("tax_id_collection", {}).get("enabled") and "customer" in given and not names:
        raise invalid(
            "Tax ID collection requires updating business name on the customer. To enable tax ID collection for an "
            "existing customer, please set `customer_update[name]` to `auto`.",
            param="customer_update[name]",
        )
    if "customer_update" in given and "customer" not in given:
        raise invalid("`customer_update` can only be used with `customer`.", param="customer_update")


def _check_amount(total: int, currency: str) -> None:
    if total and total < SMALLEST.get(currency, 0):
        least = Money(SMALLEST[currency], currency)
        raise invalid(
            f"The Checkout Session's total amount due must add up to at least {least}", code="amount_too_small"
        )
    if total % tax_rates.step_of(currency):
        raise invalid("Amounts of three-decimal currencies must be rounded to the nearest ten.", param="line_items")


def _currency(lines: list[tuple[Body, Taxed]]) -> str:
    found = {line["currency"] for line, _taxed in lines}
    if len(found) > 1:
        raise invalid("All line items must have the same currency.", param="line_items")
    return str(found.pop())


def _custom(given: Body) -> Body:
    if given["type"] != "text":
        raise not_built("custom fields other than text", "custom_fields[type]")
    label = {"custom": given["label"]["custom"], "type": "custom"}
    text: Body = {"value": None}
    return {"key": given["key"], "label": label, "optional": given.get("optional", False), "text": text, "type": "text"}


def _line(world: World, given: Body, at: str) -> tuple[Body, Taxed]:
    price = _price(world, given, at)
    quantity = given.get("quantity", 1)
    if quantity < 1:
        raise invalid(
            "Invalid quantity: must be greater than or equal to 1",
            param=f"{at}[quantity]",
            code="parameter_invalid_integer",
        )
    rates = tax_rates.named(world, given.get("tax_rates", []), f"{at}[tax_rates]")
    amount = catalogue.amount_of(price, quantity)
    taxed = tax_rates.taxed(amount, rates, price["currency"])
    line = world.new(
        "item",
        amount_discount=0,
        amount_subtotal=amount,
        amount_tax=sum(tax for _rate, _base, tax in taxed.taxes),
        amount_total=taxed.total,
        currency=price["currency"],
        description=world.get("product", price["product"])["name"],
        price=price,
        quantity=quantity,
        taxes=tax_rates.of_line_item(taxed),
    )
    return public(line), taxed


def _price(world: World, given: Body, at: str) -> Body:
    if ("price" in given) == ("price_data" in given):
        raise invalid("You must specify exactly one of `price` and `price_data`.", param=at, code="parameter_missing")
    if "price_data" in given:
        price = catalogue.create_price(world, given["price_data"])
        return public(world.change(price, active=False))
    price = world.get("price", given["price"], param=f"{at}[price]")
    if not price["active"]:
        raise invalid("The price specified is inactive. This field only accepts active prices.", param=f"{at}[price]")
    if price["type"] == "recurring":
        raise invalid(
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use "
            "only one-time prices.",
            param=f"{at}[price]",
        )
    return public(price)


def complete(world: World, session: Body, filled: Filled, *, authenticated: bool = False) -> Body:
    """The page was filled in. Afterwards it is paid, or waits for 3-D Secure (`challenge` in its notes).

    Raises StripeError: the card was declined (the session stays open, the try stands), a field is wrong, or the
    session is not open any more.
    """
    if session["status"] != "open":
        raise invalid(f"This Checkout Session is {session['status']}.", code="checkout_session_not_open")
    card = card_of(filled.number)
    _check_filled(session, filled)
    customer = _buyer(world, session, filled)
    intent = _intent(world, session, customer)
    method = made(world, BY_NUMBER[card.number], {"email": filled.email, "name": filled.holder or None})
    said = payments.confirm(world, intent, method, authenticated=authenticated)
    session["_"]["challenge"] = asdict(filled) if said == payments.CHALLENGED else None
    world.save(session)
    if said == payments.CHALLENGED:
        return session
    if said != payments.SUCCEEDED:
        raise collecting.refusal(said)
    return _closed(world, session, customer, world.get("payment_intent", intent["id"]), filled)


def _check_filled(session: Body, filled: Filled) -> None:
    for each in session["custom_fields"]:
        if not each["optional"] and not filled.details.get(each["key"], "").strip():
            raise invalid("This field is required.", param=each["key"], code="parameter_missing")


def _buyer(world: World, session: Body, filled: Filled) -> Body | None:
    """The customer as the page may change it; for a guest a new one where one is wanted."""
    details = filled.details
    facts: dict[str, Any] = {}
    if session["customer"]:
        customer = world.get("customer", session["customer"])
        updates = session["_"]["updates"]
        named = details.get("business_name") or filled.holder
        if updates.get("name") == "auto" and named:
            facts["name"] = named
        if updates.get("address") == "auto" and details.get("country"):
            facts["address"] = {"country": details["country"]}
        customer = world.change(customer, "customer.updated", **facts) if facts else customer
    elif session["customer_creation"] == "always" or session["invoice_creation"]["enabled"]:
        named = details.get("business_name") or filled.holder
        customer = customers.create(world, {"email": filled.email} | ({"name": named} if named else {}))
        world.change(session, customer=customer["id"])
    else:
        return None
    if details.get("tax_id"):
        tax_ids.added(world, customer, details.get("tax_id_type") or "eu_vat", details["tax_id"])
    return customer


def _intent(world: World, session: Body, customer: Body | None) -> Body:
    """The session's one payment intent, made at the first try."""
    if session["payment_intent"]:
        return world.get("payment_intent", session["payment_intent"])
    data = session["_"]["data"]
    facts = {name: data[name] for name in ("receipt_email", "statement_descriptor") if name in data}
    intent = payments.intended(
        world,
        amount=session["amount_total"],
        currency=session["currency"],
        customer=customer["id"] if customer else None,
        description=data.get("description"),
        metadata=merged({}, data.get("metadata")),
        setup_future_usage=data.get("setup_future_usage"),
        **facts,
    )
    world.change(session, payment_intent=intent["id"])
    return intent


def refuse_challenge(world: World, session: Body) -> None:
    """The bank's page was answered with no: the intent wants another card."""
    if session["mode"] == "payment" and session["payment_intent"]:
        payments.refuse_challenge(world, world.get("payment_intent", session["payment_intent"]))


def _closed(world: World, session: Body, customer: Body | None, intent: Body, filled: Filled) -> Body:
    if customer and intent["setup_future_usage"]:
        method = world.get("payment_method", intent["payment_method"])
        world.change(method, "payment_method.attached", customer=customer["id"])
    invoice = once_invoice.paid(world, session, customer, intent) if _wants_invoice(session) and customer else None
    for each in session["custom_fields"]:
        each["text"]["value"] = filled.details.get(each["key"]) or None
    world.change(
        session,
        customer_details=_details(world, customer, filled),
        invoice=invoice["id"] if invoice else None,
        payment_status="paid",
        status="complete",
        url=None,
    )
    world.emit("checkout.session.completed", session)
    return session


def _wants_invoice(session: Body) -> bool:
    return bool(session["invoice_creation"]["enabled"])


def _details(world: World, customer: Body | None, filled: Filled) -> Body:
    held = tax_ids.of_customer(world, customer["id"]) if customer else []
    kept = {name: customer[name] if customer else None for name in ("address", "phone")}
    own = {"email": filled.email, "name": customer["name"] if customer else filled.holder or None}
    tax = {"tax_exempt": customer["tax_exempt"] if customer else "none", "tax_ids": held}
    return kept | own | tax | {"business_name": filled.details.get("business_name") or None}

"""Amounts for the customer's next invoice, or for one draft: https://docs.stripe.com/api/invoiceitems."""

from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.catalogue import amount_of
from newsroom.sandbox.engine.errors import invalid
from newsroom.sandbox.engine.params import merged, unset, words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World, listing, public

CREATE_BUILT = words(
    "amount currency customer description discountable expand invoice metadata period pricing quantity "
    "unit_amount_decimal"
)
UPDATE_BUILT = words("amount description discountable expand metadata period quantity unit_amount_decimal")


def create(world: World, given: Body) -> Body:
    """Taken into the draft that is named, or into the next invoice of the customer."""
    if "customer" not in given:
        raise invalid("Missing required param: customer.", param="customer", code="parameter_missing")
    customer = world.get("customer", given["customer"], param="customer")
    invoice = _draft(world, given, customer)
    item = world.add(
        "invoiceitem",
        "invoiceitem.created",
        customer=customer["id"],
        date=world.now,
        description=given.get("description"),
        discountable=given.get("discountable", True),
        discounts=[],
        invoice=invoice["id"] if invoice else None,
        metadata=merged(None, given.get("metadata")),
        period=_period(given, world.now),
        proration=False,
        tax_rates=[],
        test_clock=customer["test_clock"],
        **_priced(world, given),
    )
    if invoice:
        taken(world, invoice, [item])
    return item


def _draft(world: World, given: Body, customer: Body) -> Body | None:
    if "invoice" not in given:
        return None
    invoice = world.get("invoice", given["invoice"], param="invoice")
    if invoice["customer"] != customer["id"]:
        raise invalid("The invoice belongs to another customer.", param="invoice")
    if invoice["status"] != "draft":
        raise _not_editable()
    if given.get("currency", invoice["currency"]) != invoice["currency"]:
        raise invalid(
            f"The currency of the invoice item must match that of the invoice ({invoice['currency']}).",
            param="currency",
        )
    return invoice


def _not_editable() -> Exception:
    return invalid("You can only change lines of a draft invoice.", param="invoice", code="invoice_not_editable")


def _period(given: Body, now: int) -> Body:
    period = given.get("period") or {"start": now, "end": now}
    if period["end"] < period["start"]:
        raise invalid("The period's end must not be before its start.", param="period[end]")
    return dict(period)


def _priced(world: World, given: Body) -> Body:
    """What it costs: an amount, an amount for one times how many, or a price times how many."""
    ways = [name for name in ("amount", "unit_amount_decimal", "pricing") if name in given]
    if len(ways) != 1:
        raise invalid("Give exactly one of amount, unit_amount_decimal and pricing.", param="amount")
    quantity = given.get("quantity", 1)
    if quantity < 0:
        raise invalid("Quantity must not be negative.", param="quantity")
    if "pricing" in given:
        price = world.get("price", given["pricing"]["price"], param="pricing[price]")
        if price["type"] != "one_time":
            raise invalid("The price of an invoice item is for one time.", param="pricing[price]")
        each, amount, currency = price["unit_amount_decimal"], amount_of(price, quantity), price["currency"]
        details = {"price": price["id"], "product": price["product"]}
    else:
        each, amount = _amounts(given, quantity)
        currency, details = _currency(given), None
    pricing = {"type": "price_details", "price_details": details, "unit_amount_decimal": each}
    return _sum(amount, quantity) | {"currency": currency, "pricing": pricing}


def _currency(given: Body) -> str:
    if "currency" not in given:
        raise invalid("Missing required param: currency.", param="currency", code="parameter_missing")
    return str(given["currency"]).lower()


def _amounts(given: Body, quantity: int) -> tuple[str, int]:
    if "amount" in given:
        if quantity != 1:
            raise invalid("An amount is for all of it: give unit_amount_decimal with a quantity.", param="quantity")
        return str(given["amount"]), int(given["amount"])
    each = Decimal(given["unit_amount_decimal"])
    return str(each), int((each * quantity).quantize(Decimal(1), ROUND_HALF_UP))


def _sum(amount: int, quantity: int) -> Body:
    return {"amount": amount, "net_amount": amount, "quantity": quantity, "quantity_decimal": str(quantity)}


def update(world: World, given: Body, name: str) -> Body:
    item = world.get("invoiceitem", name)
    _check_open(world, item)
    facts = unset({key: each for key, each in given.items() if key in {"description", "discountable", "period"}})
    priced: Body = {key: given[key] for key in ("amount", "quantity", "unit_amount_decimal") if key in given}
    if priced:
        facts |= _repriced(world, item, priced)
    metadata = merged(item["metadata"], given.get("metadata"))
    world.change(item, metadata=metadata, **facts)
    _redraw(world, item)
    return item


def _repriced(world: World, item: Body, given: Body) -> Body:
    """What is not said anew stays as it was."""
    if "amount" in given:
        return _priced(world, {"currency": item["currency"]} | given)
    usual = {"quantity": item["quantity"], "unit_amount_decimal": item["pricing"]["unit_amount_decimal"]}
    priced = _priced(world, {"currency": item["currency"]} | usual | given)
    priced["pricing"]["price_details"] = item["pricing"]["price_details"]
    return priced


def delete(world: World, given: Body, name: str) -> Body:
    item = world.get("invoiceitem", name)
    _check_open(world, item)
    world.store.remove(name)
    world.emit("invoiceitem.deleted", item)
    if item["invoice"]:
        invoice = world.get("invoice", item["invoice"])
        kept = [line for line in invoice["lines"]["data"] if _item_of(line) != name]
        redrawn(world, invoice, kept)
    return {"id": name, "object": "invoiceitem", "deleted": True}


def _check_open(world: World, item: Body) -> None:
    if item["invoice"] and world.get("invoice", item["invoice"])["status"] != "draft":
        raise _not_editable()


def _redraw(world: World, item: Body) -> None:
    if item["invoice"]:
        invoice = world.get("invoice", item["invoice"])
        lines = [_line(world, item, line["id"]) if _item_of(line) == item["id"] else line for line in _lines(invoice)]
        redrawn(world, invoice, lines)


def _lines(invoice: Body) -> list[Body]:
    found: list[Body] = invoice["lines"]["data"]
    return found


def _item_of(line: Body) -> str | None:
    details = (line["parent"] or {}).get("invoice_item_details") or {}
    return details.get("invoice_item")


def find(world: World, given: Body) -> Body:
    where: Body = {name: given[name] for name in ("customer", "invoice") if name in given}
    if given.get("pending"):
        where["invoice"] = None
    none: tuple[None, ...] = (None,)
    taken: dict[str, Collection[Any]] = {"invoice": none} if given.get("pending") is False else {}
    return page(world, "invoiceitem", given, where, none_of=taken)


def pending(world: World, customer: str, currency: str) -> list[Body]:
    """Those that wait for the customer's next invoice in this currency, oldest first."""
    return world.all("invoiceitem", customer=customer, invoice=None, currency=currency)[::-1]


def taken(world: World, invoice: Body, items: list[Body]) -> None:
    """The items are lines of the draft, and its totals say so."""
    for item in items:
        world.change(item, invoice=invoice["id"])
    redrawn(world, invoice, _lines(invoice) + [_line(world, each) for each in items])


def redrawn(world: World, invoice: Body, lines: list[Body]) -> None:
    """The draft has these lines, and totals that are theirs."""
    total = sum(line["amount"] for line in lines)
    due = max(total, 0)
    sums = {"amount_due": due, "amount_remaining": due, "subtotal": total, "subtotal_excluding_tax": total}
    world.change(
        invoice,
        "invoice.updated",
        lines=listing(f"/v1/invoices/{invoice['id']}/lines", [public(line) for line in lines]),
        total=total,
        total_excluding_tax=total,
        **sums,
    )


def _line(world: World, item: Body, name: str = "") -> Body:
    owner = {"invoice_item": item["id"], "proration": item["proration"]}
    made = world.new(
        "line_item",
        amount=item["amount"],
        currency=item["currency"],
        description=item["description"],
        discount_amounts=[],
        discountable=item["discountable"],
        discounts=[],
        invoice=item["invoice"],
        metadata=item["metadata"],
        parent={"type": "invoice_item_details", "invoice_item_details": owner},
        period=item["period"],
        pretax_credit_amounts=[],
        pricing=item["pricing"],
        quantity=item["quantity"],
        quantity_decimal=item["quantity_decimal"],
        subtotal=item["amount"],
        taxes=[],
    )
    return made | ({"id": name} if name else {})

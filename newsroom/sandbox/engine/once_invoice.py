"""The invoice of what was paid on Checkout once: https://docs.stripe.com/payments/checkout/receipts#paid-invoices."""

from newsroom.sandbox.engine import invoices, tax_ids, tax_rates
from newsroom.sandbox.engine.params import merged
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World, listing, public


def paid(world: World, session: Body, customer: Body, intent: Body) -> Body:
    """An invoice that is final and paid by this intent."""
    invoice = _drafted(world, session, customer)
    invoices.issue(world, invoice)
    world.add(
        "invoice_payment",
        amount_requested=session["amount_total"],
        currency=session["currency"],
        invoice=invoice["id"],
        is_default=True,
        payment={"type": "payment_intent", "payment_intent": intent["id"]},
        status="open",
        status_transitions={},
    )
    invoices.mark_paid(world, invoice)
    return invoice


def _drafted(world: World, session: Body, customer: Body) -> Body:
    name = world.new_id("in")
    data = session["_"]["invoice_data"]
    pairs = zip(session["_"]["line_items"], session["_"]["taxes"], strict=True)
    lines = [_line(world, name, line, taxes) for line, taxes in pairs]
    facts = {key: data[key] for key in ("custom_fields", "description", "footer") if key in data}
    whole = invoices._usual(world) | invoices._addressee(customer) | _totals(session) | facts
    whole["metadata"] = merged({}, data.get("metadata"))
    whole["customer_tax_ids"] = tax_ids.of_customer(world, customer["id"])
    return world.add(
        "invoice",
        "invoice.created",
        id=name,
        auto_advance=False,
        billing_reason="manual",
        currency=session["currency"],
        lines=listing(f"/v1/invoices/{name}/lines", [public(line) for line in lines]),
        period_start=world.now,
        period_end=world.now,
        status="draft",
        test_clock=customer["test_clock"],
        **whole,
        _={"tries": 0},
    )


def _totals(session: Body) -> Body:
    """What was charged on the Checkout: no balance of the customer is set off against it."""
    total, tax = session["amount_total"], session["total_details"]["amount_tax"]
    own = {
        "ending_balance": 0,
        "subtotal": session["amount_subtotal"],
        "subtotal_excluding_tax": total - tax,
        "total_excluding_tax": total - tax,
        "total_taxes": tax_rates.summed(session["_"]["taxes"]),
    }
    return invoices._totals(total) | own


def _line(world: World, invoice: str, item: Body, taxes: list[Body]) -> Body:
    price = item["price"]
    amount = item["amount_subtotal"]
    owner = {"invoice_item": world.new_id("ii"), "proration": False}
    return world.new(
        "line_item",
        amount=amount,
        currency=item["currency"],
        description=item["description"],
        discount_amounts=[],
        discountable=True,
        discounts=[],
        invoice=invoice,
        metadata={},
        parent={"type": "invoice_item_details", "invoice_item_details": owner},
        period={"start": world.now, "end": world.now},
        pretax_credit_amounts=[],
        pricing={
            "type": "price_details",
            "price_details": {"price": price["id"], "product": price["product"]},
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        quantity=item["quantity"],
        quantity_decimal=str(item["quantity"]),
        subtotal=amount,
        taxes=taxes,
    )

"""What a credit note takes back: its lines with their taxes, and what the invoice still asks for."""

from dataclasses import dataclass

from newsroom.sandbox.engine import collecting, invoices, payments
from newsroom.sandbox.engine.errors import invalid
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World


@dataclass(frozen=True, slots=True)
class Credit:
    lines: list[Body]
    taxes: list[Body]
    total: int  # with tax

    @property
    def tax(self) -> int:
        return sum(int(each["amount"]) for each in self.taxes)

    @property
    def subtotal(self) -> int:
        """Before the taxes that come on top."""
        return self.total - sum(int(each["amount"]) for each in self.taxes if each["tax_behavior"] == "exclusive")


def wanted(world: World, given: Body, invoice: Body) -> Credit:
    """By amount or by lines. Raises StripeError where it is both, neither, or more than a line had."""
    if ("amount" in given) == ("lines" in given):
        raise invalid("Exactly one of `amount` and `lines` must be provided.", param="amount", code="parameter_missing")
    if "amount" in given:
        return _of_amount(world, given["amount"], invoice)
    made = [_line(world, each, invoice) for each in given["lines"]]
    if not made:
        raise invalid("Invalid array: lines is empty", param="lines")
    return _summed(made)


def _of_amount(world: World, amount: int, invoice: Body) -> Credit:
    """A share of the whole, with its share of the taxes."""
    taxes = [_share(each, amount, invoice["total"]) for each in invoice["total_taxes"] or []]
    on_top = sum(each["amount"] for each in taxes if each["tax_behavior"] == "exclusive")
    line = _written(world, amount - on_top, description=f"Credit for invoice {invoice['number']}", taxes=taxes)
    return Credit([line], taxes, amount)


def _share(tax: Body, part: int, whole: int) -> Body:
    """Rounded half up, so that the whole of it is the whole tax."""

    def of(sum_: int) -> int:
        return (2 * sum_ * part + whole) // (2 * whole) if whole else 0

    base = tax.get("taxable_amount")
    return tax | {"amount": of(tax["amount"]), "taxable_amount": None if base is None else of(base)}


def _line(world: World, given: Body, invoice: Body) -> Body:
    if given["type"] == "custom_line_item":
        amount = given.get("unit_amount", given.get("amount", 0)) * given.get("quantity", 1)
        facts = {"description": given.get("description"), "quantity": given.get("quantity")}
        return _written(world, amount, unit_amount=given.get("unit_amount"), **facts)
    lines = {each["id"]: each for each in invoice["lines"]["data"]}
    sold = lines.get(given.get("invoice_line_item", ""))
    if sold is None:
        raise invalid("The invoice has no such line item.", param="lines[invoice_line_item]", code="resource_missing")
    return _of_line(world, given, sold)


def _of_line(world: World, given: Body, sold: Body) -> Body:
    amount: int = given["amount"] if "amount" in given else sold["amount"]
    quantity = given.get("quantity")
    if quantity is not None and "amount" not in given:
        amount = sold["amount"] * quantity // (sold["quantity"] or 1)
    if not 0 < amount <= sold["amount"]:
        raise invalid("A credit note line cannot be more than the invoice's line.", param="lines[amount]")
    return _written(
        world,
        amount,
        description=given.get("description", sold["description"]),
        invoice_line_item=sold["id"],
        quantity=quantity,
        taxes=[_share(each, amount, sold["amount"]) for each in sold["taxes"] or []],
        type="invoice_line_item",
    )


def _written(world: World, amount: int, **facts: object) -> Body:
    usual: Body = {
        "amount": amount,
        "discount_amount": 0,
        "discount_amounts": [],
        "metadata": {},
        "pretax_credit_amounts": [],
        "tax_rates": [],
        "taxes": [],
        "type": "custom_line_item",
    }
    return world.new("credit_note_line_item", **usual | facts)


def _summed(lines: list[Body]) -> Credit:
    taxes = [each for line in lines for each in line["taxes"]]
    on_top = sum(each["amount"] for each in taxes if each["tax_behavior"] == "exclusive")
    total = sum(each["amount"] for each in lines) + on_top
    return Credit(lines, [_total_tax(each) for each in taxes], total)


def _total_tax(tax: Body) -> Body:
    known = ("amount", "tax_behavior", "tax_rate_details", "taxability_reason", "taxable_amount", "type")
    return {name: tax[name] for name in known}


def charge_of(world: World, invoice: Body) -> Body:
    """The charge that paid it. Raises StripeError where it was paid otherwise."""
    for payment in world.all("invoice_payment", invoice=invoice["id"], status="paid"):
        intent = world.store.find(payment["payment"].get("payment_intent") or "")
        if intent and intent["latest_charge"]:
            return world.get("charge", intent["latest_charge"])
    raise invalid("This invoice was not paid by a charge that could be refunded.", param="refund_amount")


def ask_less(world: World, invoice: Body) -> None:
    """The open payment is of what is left; nothing left is paid."""
    payment = invoices.payment_of(world, invoice)
    intent = invoices.intent_of(world, invoice)
    if invoice["amount_remaining"] == 0:
        if intent and payment:
            payments.cancel(world, intent, "void_invoice")
            world.change(payment, status="canceled")
        collecting.settle_paid(world, invoice)
    elif intent and payment:
        world.change(intent, amount=invoice["amount_remaining"])
        world.change(payment, amount_requested=invoice["amount_remaining"])

"""Invoices from draft to paid: https://docs.stripe.com/api/invoices."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from newsroom.sandbox.engine import balances, discounts, payments
from newsroom.sandbox.engine.answers import page
from newsroom.sandbox.engine.catalogue import amount_of
from newsroom.sandbox.engine.errors import invalid
from newsroom.sandbox.engine.params import merged, unset, words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World, listing, public

DRAFT_FOR = 3600  # a renewal's invoice may be edited for about an hour
UPDATE_BUILT = words(
    "auto_advance custom_fields days_until_due default_payment_method description due_date expand footer metadata"
)


def drafted(
    world: World,
    subscription: Body,
    *,
    reason: str,
    auto_advance: bool = True,
    free: bool = False,
    lines: list[Body] | None = None,
) -> Body:
    """The invoice for the period that the subscription's items are in, or of these lines; with what was owed besides.
    `free`: a trial's, of nothing."""
    name = world.new_id("in")
    if lines is None:
        lines = [period_line(world, subscription, item, free=free) for item in subscription["items"]["data"]]
    lines = [line | {"invoice": name} for line in lines + subscription["_"].pop("owed", [])]
    taken_off = discounts.take_off(world, subscription, lines)
    customer = world.get("customer", subscription["customer"])
    first = reason in {"subscription_create", "subscription_update"}
    return world.add(
        "invoice",
        "invoice.created",
        id=name,
        auto_advance=auto_advance,
        automatically_finalizes_at=world.now + DRAFT_FOR if auto_advance and not first else None,
        billing_reason=reason,
        currency=subscription["currency"],
        lines=listing(f"/v1/invoices/{name}/lines", [public(line) for line in lines]),
        parent=_parent(subscription),
        period_start=lines[0]["period"]["start"] if first else subscription["_"]["invoiced_until"],
        period_end=world.now,
        status="draft",
        test_clock=subscription["test_clock"],
        **_usual(world) | {"discounts": sorted(taken_off)},
        **_addressee(customer),
        **_totals(sum(line["amount"] for line in lines), taken_off, customer["balance"]),
        _={"tries": 0},
    )


def by_hand(world: World, customer: Body, name: str, **facts: Any) -> Body:
    """A draft without lines that no subscription made."""
    return world.add(
        "invoice",
        "invoice.created",
        id=name,
        billing_reason="manual",
        lines=listing(f"/v1/invoices/{name}/lines", []),
        period_end=world.now,
        period_start=world.now,
        status="draft",
        test_clock=customer["test_clock"],
        **_usual(world) | _addressee(customer) | _totals(0) | facts,
        _={"tries": 0},
    )


def _usual(world: World) -> Body:
    """What every invoice has, so far."""
    return {
        "account_country": world.settings.country,
        "account_name": world.settings.name,
        "attempt_count": 0,
        "attempted": False,
        "automatic_tax": {"enabled": False},
        "collection_method": "charge_automatically",
        "default_tax_rates": [],
        "discounts": [],
        "issuer": {"type": "self"},
        "metadata": {},
        "payment_settings": {},
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "status_transitions": {},
    }


def _addressee(customer: Body) -> Body:
    """The customer as it is now: a later change of it does not reach the invoice."""
    taken = {f"customer_{name}": customer[name] for name in ("address", "email", "name", "phone", "tax_exempt")}
    return taken | {"customer": customer["id"], "customer_tax_ids": []}


def _parent(subscription: Body) -> Body:
    details = {"metadata": subscription["metadata"], "subscription": subscription["id"]}
    return {"type": "subscription_details", "subscription_details": details}


def _totals(subtotal: int, taken_off: Mapping[str, int] = MappingProxyType({}), balance: int = 0) -> Body:
    """`balance` is the customer's: what is negative there pays first, what is positive is added."""
    total = subtotal - sum(taken_off.values())
    due = max(0, total + balance)
    return {
        "amount_due": due,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": due,
        "amount_shipping": 0,
        "starting_balance": balance,
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal,
        "total": total,
        "total_discount_amounts": [{"amount": each, "discount": name} for name, each in sorted(taken_off.items())],
        "total_excluding_tax": total,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
    }


def period_line(world: World, subscription: Body, item: Body, *, free: bool = False) -> Body:
    """The line for the whole period that an item is in. Of no invoice yet."""
    price, quantity = item["price"], item["quantity"]
    amount = 0 if free else amount_of(price, quantity)
    owner = {"proration": False, "subscription": subscription["id"], "subscription_item": item["id"]}
    line = world.new(
        "line_item",
        amount=amount,
        currency=price["currency"],
        description=_title(world, item, free=free),
        discount_amounts=[],
        discountable=True,
        discounts=[],
        invoice=None,
        metadata=subscription["metadata"],
        parent={"type": "subscription_item_details", "subscription_item_details": owner},
        period={"start": item["current_period_start"], "end": item["current_period_end"]},
        pretax_credit_amounts=[],
        pricing=_pricing(price, free=free),
        quantity=quantity,
        quantity_decimal=str(quantity),
        subscription=subscription["id"],
        subtotal=amount,
        taxes=[],
    )
    return public(line)


def _title(world: World, item: Body, *, free: bool) -> str:
    name = world.get("product", item["price"]["product"])["name"]
    return (
        f"Trial period for {name}"
        if free
        else f"{item['quantity']} × {name} (per {item['price']['recurring']['interval']})"
    )


def _pricing(price: Body, *, free: bool) -> Body:
    details = {"price": price["id"], "product": price["product"]}
    return {
        "type": "price_details",
        "price_details": details,
        "unit_amount_decimal": "0" if free else price["unit_amount_decimal"],
    }


def list_lines(world: World, given: Body, name: str) -> Body:
    lines: Body = world.get("invoice", name)["lines"]
    return lines


def finalize(world: World, invoice: Body) -> None:
    """The invoice has its number and can no longer change; what is owed has a payment intent; nothing owed is paid."""
    balances.applied(world, invoice)
    issue(world, invoice)
    if invoice["amount_remaining"]:
        _await_payment(world, invoice)


def issue(world: World, invoice: Body) -> None:
    """The invoice has its number and can no longer change. What it asks for is waited for elsewhere, or paid already."""
    customer = world.get("customer", invoice["customer"])
    number = customer["next_invoice_sequence"]
    world.change(customer, next_invoice_sequence=number + 1)
    pages = f"{world.settings.site}/sandbox/invoice/{invoice['id']}"
    world.change(
        invoice,
        automatically_finalizes_at=None,
        effective_at=world.now,
        hosted_invoice_url=f"{pages}/",
        invoice_pdf=f"{pages}/pdf/",
        number=f"{customer['invoice_prefix']}-{number:04d}",
        status="open",
        status_transitions=invoice["status_transitions"] | {"finalized_at": world.now},
    )
    world.emit("invoice.finalized", invoice)


_PAID_FOR = {"subscription_create": "Subscription creation", "manual": "Payment for Invoice"}


def _await_payment(world: World, invoice: Body) -> None:
    intent = payments.intended(
        world,
        amount=invoice["amount_remaining"],
        currency=invoice["currency"],
        customer=invoice["customer"],
        description=_PAID_FOR.get(invoice["billing_reason"], "Subscription update"),
    )
    world.add(
        "invoice_payment",
        amount_requested=invoice["amount_remaining"],
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=True,
        payment={"type": "payment_intent", "payment_intent": intent["id"]},
        status="open",
        status_transitions={},
    )


def payment_of(world: World, invoice: Body) -> Body | None:
    """The invoice's open payment."""
    return next(iter(world.all("invoice_payment", invoice=invoice["id"], status="open")), None)


def intent_of(world: World, invoice: Body) -> Body | None:
    payment = payment_of(world, invoice)
    return world.get("payment_intent", payment["payment"]["payment_intent"]) if payment else None


def mark_paid(world: World, invoice: Body, *, attempted: bool = True) -> None:
    if payment := payment_of(world, invoice):
        transitions = payment["status_transitions"] | {"paid_at": world.now}
        world.change(payment, status="paid", amount_paid=payment["amount_requested"], status_transitions=transitions)
        world.emit("invoice_payment.paid", payment)
    world.change(
        invoice,
        "invoice.updated",
        amount_paid=invoice["amount_due"],
        amount_remaining=0,
        attempt_count=invoice["attempt_count"] + bool(attempted and invoice["amount_due"]),
        attempted=True,
        auto_advance=False,
        next_payment_attempt=None,
        status="paid",
        status_transitions=invoice["status_transitions"] | {"paid_at": world.now},
    )
    world.emit("invoice.paid", invoice)
    world.emit("invoice.payment_succeeded", invoice)


def mark_failed(world: World, invoice: Body, *, again_at: int | None) -> None:
    """A try failed; the next is at `again_at`, or never."""
    facts = {"attempt_count": invoice["attempt_count"] + 1, "attempted": True, "next_payment_attempt": again_at}
    world.change(invoice, "invoice.updated", **facts, auto_advance=again_at is not None)
    world.emit("invoice.payment_failed", invoice)


def stop_collecting(world: World, invoice: Body) -> None:
    world.change(
        invoice, "invoice.updated", auto_advance=False, next_payment_attempt=None, automatically_finalizes_at=None
    )


def void(world: World, invoice: Body) -> Body:
    if invoice["status"] not in {"open", "uncollectible"}:
        raise invalid(f"You can only void open or uncollectible invoices; this one is {invoice['status']}.")
    await_no_payment(world, invoice)
    balances.given_back(world, invoice)
    transitions = invoice["status_transitions"] | {"voided_at": world.now}
    facts = {"auto_advance": False, "next_payment_attempt": None, "status_transitions": transitions}
    return world.change(invoice, "invoice.voided", status="void", **facts)


def await_no_payment(world: World, invoice: Body) -> None:
    """The invoice's payment intent cannot be paid any more: it is void, or was paid elsewhere."""
    if payment := payment_of(world, invoice):
        payments.cancel(world, world.get("payment_intent", payment["payment"]["payment_intent"]), "void_invoice")
        transitions = payment["status_transitions"] | {"canceled_at": world.now}
        world.change(payment, status="canceled", status_transitions=transitions)


def mark_uncollectible(world: World, invoice: Body) -> Body:
    if invoice["status"] != "open":
        raise invalid(f"Only open invoices can be marked uncollectible; this one is {invoice['status']}.")
    transitions = invoice["status_transitions"] | {"marked_uncollectible_at": world.now}
    facts = {"auto_advance": False, "next_payment_attempt": None, "status_transitions": transitions}
    return world.change(invoice, "invoice.marked_uncollectible", status="uncollectible", **facts)


def update(world: World, given: Body, name: str) -> Body:
    invoice = world.get("invoice", name)
    facts = unset({key: each for key, each in given.items() if key not in {"expand", "metadata"}})
    frozen = sorted(set(facts) - {"auto_advance"})
    if frozen and invoice["status"] != "draft":
        raise invalid(
            f"Finalized invoices can't be updated in this way ({frozen[0]}).",
            param=frozen[0],
            code="invoice_not_editable",
        )
    return world.change(
        invoice, "invoice.updated", **facts, metadata=merged(invoice["metadata"], given.get("metadata"))
    )


def find(world: World, given: Body) -> Body:
    where: Body = {name: given[name] for name in ("customer", "status", "collection_method") if name in given}
    if "subscription" in given:
        where["parent"] = {"subscription_details": {"subscription": given["subscription"]}}
    return page(world, "invoice", given, where)


def subscription_of(invoice: Body) -> str | None:
    parent = invoice["parent"] or {}
    details = parent.get("subscription_details") or {}
    return details.get("subscription")

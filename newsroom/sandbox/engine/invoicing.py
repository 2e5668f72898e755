"""Invoices that are written by hand and sent: https://docs.stripe.com/invoicing/integration."""

from newsroom.sandbox.engine import invoice_items, invoices
from newsroom.sandbox.engine.due import DAY
from newsroom.sandbox.engine.errors import invalid
from newsroom.sandbox.engine.params import merged, words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import PRIVATE, World

BUILT = words(
    "auto_advance collection_method currency custom_fields customer days_until_due description due_date expand footer "
    "metadata pending_invoice_items_behavior"
)
MOST_FIELDS = 4


def create(world: World, given: Body) -> Body:
    """A draft, with what waited for it if asked."""
    if "customer" not in given:
        raise invalid("Missing required param: customer.", param="customer", code="parameter_missing")
    customer = world.get("customer", given["customer"], param="customer")
    sent = given.get("collection_method", "charge_automatically") == "send_invoice"
    advances = given.get("auto_advance", False)
    invoice = invoices.by_hand(
        world,
        customer,
        world.new_id("in"),
        auto_advance=advances,
        automatically_finalizes_at=world.now + invoices.DRAFT_FOR if advances else None,
        collection_method="send_invoice" if sent else "charge_automatically",
        currency=_currency(world, given, customer),
        custom_fields=_fields(given, customer),
        description=given.get("description"),
        due_date=_due_date(world, given, sent=sent),
        footer=given.get("footer") or customer["invoice_settings"].get("footer"),
        metadata=merged(None, given.get("metadata")),
    )
    if given.get("pending_invoice_items_behavior") == "include":
        invoice_items.taken(world, invoice, invoice_items.pending(world, customer["id"], invoice["currency"]))
    return invoice


def _currency(world: World, given: Body, customer: Body) -> str:
    """Named, or that of what waits, or the customer's."""
    if "currency" in given:
        return str(given["currency"]).lower()
    waiting = world.all("invoiceitem", customer=customer["id"], invoice=None)
    usual = waiting[0]["currency"] if waiting else customer["currency"]
    if not usual:
        raise invalid("Missing required param: currency.", param="currency", code="parameter_missing")
    return str(usual)


def _fields(given: Body, customer: Body) -> list[Body] | None:
    fields = given.get("custom_fields") or customer["invoice_settings"].get("custom_fields") or None
    for each in fields or []:
        if len(each["name"]) > 40 or len(each["value"]) > 140:
            raise invalid("A custom field has a name of 40 and a value of 140 characters.", param="custom_fields")
    if fields and len(fields) > MOST_FIELDS:
        raise invalid(f"An invoice has up to {MOST_FIELDS} custom fields.", param="custom_fields")
    return fields


def _due_date(world: World, given: Body, *, sent: bool) -> int | None:
    named = [name for name in ("days_until_due", "due_date") if name in given]
    if not sent:
        if named:
            raise invalid(
                "You can only set days_until_due or due_date where collection_method is send_invoice.", param=named[0]
            )
        return None
    if len(named) != 1:
        raise invalid("Give one of days_until_due and due_date to an invoice that is sent.", param="days_until_due")
    due = given["due_date"] if "due_date" in given else world.now + given["days_until_due"] * DAY
    if due < world.now:
        raise invalid("The due date must be in the future.", param=named[0])
    return int(due)


def send(world: World, given: Body, name: str) -> Body:
    """POST /v1/invoices/…/send: final if it was a draft, and on its way by mail."""
    invoice = world.get("invoice", name)
    if invoice["collection_method"] != "send_invoice":
        raise invalid("You can only send an invoice whose collection_method is send_invoice.")
    if invoice["status"] == "draft":
        invoices.finalize(world, invoice)
    if invoice["status"] not in {"open", "paid", "uncollectible"}:
        raise invalid(f"This invoice is {invoice['status']} and cannot be sent.")
    world.emit("invoice.sent", invoice)
    return invoice


def delete(world: World, given: Body, name: str) -> Body:
    """A draft is gone, and what it took waits no more."""
    invoice = world.get("invoice", name)
    if invoice["status"] != "draft" or invoice["billing_reason"] != "manual":
        raise invalid("You can only delete draft invoices that were made by hand.")
    for item in world.all("invoiceitem", invoice=name):
        world.store.remove(item["id"])
    world.store.remove(name)
    world.emit("invoice.deleted", invoice)
    return {"id": name, "object": "invoice", "deleted": True}


def remind(world: World, invoice: Body) -> None:
    """The day of payment comes near, or is over: said once each."""
    notes = invoice[PRIVATE]
    overdue = invoice["due_date"] <= world.now
    notes["warned"] = True
    notes["overdue"] = overdue
    world.save(invoice)
    world.emit("invoice.overdue" if overdue else "invoice.will_be_due", invoice)

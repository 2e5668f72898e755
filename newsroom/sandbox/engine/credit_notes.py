"""Credit notes: what is taken back of an invoice that is final. https://docs.stripe.com/api/credit_notes."""

from dataclasses import dataclass, field

from newsroom.sandbox.engine import balances, crediting, refunds
from newsroom.sandbox.engine.crediting import Credit
from newsroom.sandbox.engine.errors import invalid
from newsroom.sandbox.engine.params import merged, words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World, listing, public

BUILT = words(
    "amount credit_amount effective_at email_type expand invoice lines.amount lines.description lines.invoice_line_item "
    "lines.metadata lines.quantity lines.type lines.unit_amount memo metadata out_of_band_amount reason refund_amount "
    "refunds.amount_refunded refunds.refund"
)
REASONS = ("duplicate", "fraudulent", "order_change", "product_unsatisfactory")


@dataclass(frozen=True, slots=True)
class Split:
    """Where a credit goes: off what is still owed, and of what was paid onto the balance, to the card, or elsewhere."""

    pre: int
    credit: int = 0
    refund: int = 0
    outside: int = 0
    linked: list[Body] = field(default_factory=list)

    @property
    def post(self) -> int:
        return self.credit + self.refund + self.outside + sum(int(each["amount_refunded"]) for each in self.linked)


def create(world: World, given: Body) -> Body:
    """POST /v1/credit_notes."""
    invoice, credit, split = _wanted(world, given)
    note = world.save(_note(world, given, invoice, credit, split))
    _money(world, note, invoice, split)
    world.emit("credit_note.created", note)
    _counted(world, invoice, split.pre, split.post)
    return note


def preview(world: World, given: Body) -> Body:
    """GET /v1/credit_notes/preview: as it would be; nothing is kept."""
    return _note(world, given, *_wanted(world, given))


def _wanted(world: World, given: Body) -> tuple[Body, Credit, Split]:
    invoice = world.get("invoice", given["invoice"], param="invoice")
    if invoice["status"] not in {"open", "paid"}:
        raise invalid(f"Credit notes can only be made for open or paid invoices; this one is {invoice['status']}.")
    if given.get("reason", REASONS[0]) not in REASONS:
        raise invalid(f"Invalid reason: must be one of {', '.join(REASONS)}", param="reason")
    credit = crediting.wanted(world, given, invoice)
    left = invoice["total"] - invoice["pre_payment_credit_notes_amount"] - invoice["post_payment_credit_notes_amount"]
    if not 0 < credit.total <= left:
        raise invalid(
            f"The sum of credit note amounts must be at most {left}, what is left of the invoice's total.",
            param="amount",
        )
    return invoice, credit, _split(world, given, invoice, credit.total)


def _split(world: World, given: Body, invoice: Body, total: int) -> Split:
    pre = min(total, invoice["amount_remaining"]) if invoice["status"] == "open" else 0
    linked = [_linked(world, each) for each in given.get("refunds", [])]
    credit, refund = int(given.get("credit_amount", 0)), int(given.get("refund_amount", 0))
    split = Split(pre, credit, refund, int(given.get("out_of_band_amount", 0)), linked)
    if min(split.credit, split.refund, split.outside) < 0 or split.post != total - pre:
        raise invalid(
            "The sum of credit amount, refund amount and out of band amount must equal the post payment amount of the "
            f"credit note, {total - pre}.",
            param="refund_amount",
        )
    return split


def _linked(world: World, given: Body) -> Body:
    """A refund that was made already, and stands in the note."""
    refund = world.get("refund", given.get("refund", ""), param="refunds[refund]")
    amount: int = given["amount_refunded"] if "amount_refunded" in given else refund["amount"]
    if not 0 < amount <= refund["amount"]:
        raise invalid("A credit note cannot hold more of a refund than was refunded.", param="refunds")
    return {"amount_refunded": amount, "refund": refund["id"], "type": "refund"}


def _note(world: World, given: Body, invoice: Body, credit: Credit, split: Split) -> Body:
    name = world.new_id("cn")
    earlier = len(world.all("credit_note", invoice=invoice["id"]))
    kind = "mixed" if split.pre and split.post else "pre_payment" if split.pre else "post_payment"
    return world.new(
        "credit_note",
        id=name,
        amount=credit.total,
        amount_shipping=0,
        currency=invoice["currency"],
        customer=invoice["customer"],
        discount_amount=0,
        discount_amounts=[],
        effective_at=given.get("effective_at", world.now),
        invoice=invoice["id"],
        lines=listing(f"/v1/credit_notes/{name}/lines", [public(each) for each in credit.lines]),
        memo=given.get("memo"),
        metadata=merged({}, given.get("metadata")),
        number=f"{invoice['number']}-CN-{earlier + 1:02d}",
        out_of_band_amount=split.outside or None,
        pdf=f"{world.settings.site}/sandbox/invoice/{invoice['id']}/pdf/",
        post_payment_amount=split.post,
        pre_payment_amount=split.pre,
        pretax_credit_amounts=[],
        reason=given.get("reason"),
        refunds=split.linked,
        status="issued",
        subtotal=credit.subtotal,
        subtotal_excluding_tax=credit.total - credit.tax,
        total=credit.total,
        total_excluding_tax=credit.total - credit.tax,
        total_taxes=credit.taxes,
        type=kind,
    )


def _money(world: World, note: Body, invoice: Body, split: Split) -> None:
    """The money of a note goes where it is to go."""
    if split.refund:
        charge = crediting.charge_of(world, invoice)
        refund = refunds.made(world, charge, split.refund, metadata={"credit_note": note["id"]})
        linked = {"amount_refunded": split.refund, "refund": refund["id"], "type": "refund"}
        note["refunds"] = [*note["refunds"], linked | {"payment_record_refund": None}]
    if split.credit:
        customer = world.get("customer", invoice["customer"])
        facts = {"credit_note": note["id"], "invoice": invoice["id"]}
        row = balances.moved(world, customer, -split.credit, invoice["currency"], "credit_note", **facts)
        note["customer_balance_transaction"] = row["id"]
    world.save(note)


def _counted(world: World, invoice: Body, pre: int, post: int) -> None:
    """The invoice says what was credited of it; one of which nothing is left to pay is paid."""
    facts: Body = {
        "pre_payment_credit_notes_amount": invoice["pre_payment_credit_notes_amount"] + pre,
        "post_payment_credit_notes_amount": invoice["post_payment_credit_notes_amount"] + post,
    }
    if pre:
        facts |= {
            "amount_due": invoice["amount_due"] - pre,
            "amount_remaining": invoice["amount_remaining"] - pre,
        }
    world.change(invoice, "invoice.updated", **facts)
    if pre:
        crediting.ask_less(world, invoice)


def void(world: World, given: Body, name: str) -> Body:
    """POST /v1/credit_notes/…/void: only while the invoice is open, and nothing was given back by it."""
    note = world.get("credit_note", name)
    invoice = world.get("invoice", note["invoice"])
    if note["status"] == "void":
        raise invalid("This credit note is already void.")
    if invoice["status"] != "open" or note["post_payment_amount"]:
        raise invalid("You can only void credit notes associated with open invoices.")
    world.change(note, status="void", voided_at=world.now)
    world.emit("credit_note.voided", note)
    _counted(world, invoice, -note["pre_payment_amount"], 0)
    return note


def update(world: World, given: Body, name: str) -> Body:
    note = world.get("credit_note", name)
    facts = {"memo": given["memo"]} if "memo" in given else {}
    return world.change(note, "credit_note.updated", **facts, metadata=merged(note["metadata"], given.get("metadata")))


def list_lines(world: World, given: Body, name: str) -> Body:
    lines: Body = world.get("credit_note", name)["lines"]
    return lines

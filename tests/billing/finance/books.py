"""Documents of money as Stripe would leave them: made by hand, or drawn at random."""

from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from typing import Any

from hypothesis import strategies as st

from newsroom.billing.finance.entries import Documents
from newsroom.billing.models import Account, CreditNote, Dispute, Invoice, Payment, Refund, Subscription

JANUARY = datetime(2026, 1, 10, 9, tzinfo=UTC)
MONTH, DAY = timedelta(days=30), timedelta(days=1)
_ids = count(1)


def name(kind: str) -> str:
    return f"{kind}_{next(_ids):06}"


def after_months(at: datetime, months: int) -> datetime:
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, 28))


def a_line(starts: datetime, ends: datetime, amount: int = 990, **facts: Any) -> dict[str, Any]:
    return {
        "id": name("il"),
        "description": "1 × Reader",
        "amount": amount,
        "currency": "eur",
        "quantity": 1,
        "period_start": int(starts.timestamp()),
        "period_end": int(ends.timestamp()),
        "price": "price_month",
        "product": "newsroom_reader",
        "proration": False,
        "discount": 0,
        "tax": 0,
        "inclusive": False,
        "metadata": {},
    } | facts


def an_invoice(at: datetime = JANUARY, lines: list[dict[str, Any]] | None = None, **facts: Any) -> Invoice:
    """Final and open, or as the facts say. Total and tax are those of its lines."""
    lines = [a_line(at, after_months(at, 1))] if lines is None else lines
    total = sum(each["amount"] - each["discount"] + (0 if each["inclusive"] else each["tax"]) for each in lines)
    values: dict[str, Any] = {
        "stripe_id": name("in"),
        "number": name("R"),
        "status": "open",
        "currency": "eur",
        "lines": lines,
        "total_minor": total,
        "tax_minor": sum(each["tax"] for each in lines),
        "remaining_minor": total,
        "created_at": at,
        "finalised_at": at,
        "period_start": at,
        "period_end": at,
        "raw": {},
    }
    return Invoice(**values | facts)


def a_payment(invoice: Invoice | None, at: datetime, amount: int | None = None, **facts: Any) -> Payment:
    values: dict[str, Any] = {
        "stripe_id": name("ch"),
        "status": "succeeded",
        "amount_minor": amount if amount is not None else (invoice.total_minor if invoice else 990),
        "currency": invoice.currency if invoice else "eur",
        "created_at": at,
        "intent_ref": name("pi"),
        "invoice_ref": invoice.stripe_id if invoice else "",
        "raw": {},
    }
    return Payment(**values | facts)


def paid(at: datetime = JANUARY, **facts: Any) -> tuple[Invoice, Payment]:
    invoice = an_invoice(at, status="paid", paid_at=at, attempted=True, remaining_minor=0, **facts)
    return invoice, a_payment(invoice, at)


def a_refund(payment: Payment, at: datetime, amount: int | None = None, **facts: Any) -> Refund:
    values: dict[str, Any] = {
        "stripe_id": name("re"),
        "status": "succeeded",
        "amount_minor": payment.amount_minor if amount is None else amount,
        "currency": payment.currency,
        "created_at": at,
        "charge_ref": payment.stripe_id,
        "raw": {},
    }
    return Refund(**values | facts)


def a_dispute(payment: Payment, at: datetime, status: str = "needs_response", **facts: Any) -> Dispute:
    values: dict[str, Any] = {
        "stripe_id": name("dp"),
        "status": status,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "created_at": at,
        "charge_ref": payment.stripe_id,
        "raw": {},
    }
    return Dispute(**values | facts)


def a_note(invoice: Invoice, at: datetime, total: int, tax: int = 0, **facts: Any) -> CreditNote:
    kind = "pre_payment" if invoice.status == "open" else "post_payment"
    values: dict[str, Any] = {
        "stripe_id": name("cn"),
        "invoice_ref": invoice.stripe_id,
        "number": name("CN"),
        "status": "issued",
        "kind": kind,
        "total_minor": total,
        "tax_minor": tax,
        "currency": invoice.currency,
        "created_at": at,
        "raw": {},
    }
    return CreditNote(**values | facts)


def a_subscription(at: datetime = JANUARY, **facts: Any) -> Subscription:
    values: dict[str, Any] = {
        "stripe_id": name("sub"),
        "status": "active",
        "plan": "reader",
        "amount": 990,
        "currency": "eur",
        "interval": "month",
        "started_at": at,
        "current_period_start": at,
        "current_period_end": after_months(at, 1),
        "items": [{"id": "si", "price": "price_month", "plan": "reader", "quantity": 1, "amount": 990}],
        "metadata": {},
        "raw": {},
    }
    return Subscription(**values | facts)


def billed(subscription: Subscription, months: int, amount: int = 990, **facts: Any) -> list[Invoice]:
    """Its invoices for so many months, each paid at once."""
    starts = [after_months(subscription.started_at, number) for number in range(months + 1)]
    return [
        an_invoice(
            begins,
            [a_line(begins, ends, amount)],
            subscription_ref=subscription.stripe_id,
            status="paid",
            paid_at=begins,
            attempted=True,
            remaining_minor=0,
            **facts,
        )
        for begins, ends in pairwise(starts)
    ]


def kept(account: Account, *rows: Any) -> None:
    """These documents are the account's, and its book is behind them."""
    for row in rows:
        row.account = account
        row.save()
    account.version += 1
    account.save()


# ——— at random ———

AMOUNTS = st.integers(1, 500_000)
CURRENCIES = st.sampled_from(["eur", "jpy", "kwd"])
OUTCOMES = st.sampled_from(["paid", "paid", "open", "void", "uncollectible", "late", "transfer", "draft", "credit"])


@st.composite
def lines(draw: st.DrawFn, at: datetime) -> list[dict[str, Any]]:
    """One to three lines: a month, a quarter, a year, a part of one, a day, a past period, and what is given back."""
    found = []
    for _ in range(draw(st.integers(1, 3))):
        starts = at + draw(st.integers(-40, 20)) * DAY
        length = draw(st.sampled_from([0, 1, 13, 30, 31, 91, 365]))
        amount = draw(AMOUNTS)
        tax = draw(st.integers(0, amount // 4))
        facts = {"discount": draw(st.integers(0, amount // 2)), "tax": tax, "inclusive": draw(st.booleans())}
        found.append(a_line(starts, starts + length * DAY, amount, **facts))
        if draw(st.integers(0, 3)) == 0:
            ends = starts + length * DAY
            found.append(a_line(starts, ends, -draw(st.integers(1, amount)), proration=True))
    return found


@st.composite
def documents(draw: st.DrawFn) -> Documents:
    """One account's: each invoice ends in its own way, some are credited, refunded, disputed."""
    papers = Documents()
    for _ in range(draw(st.integers(1, 4))):
        at = JANUARY + draw(st.integers(0, 200)) * DAY
        currency = draw(CURRENCIES)
        asked = [each | {"currency": currency} for each in draw(lines(at))]
        _ended(draw, papers, an_invoice(at, asked, currency=currency), at)
    return papers


def _ended(draw: st.DrawFn, papers: Documents, invoice: Invoice, at: datetime) -> None:
    outcome, later = draw(OUTCOMES), at + draw(st.integers(0, 90)) * DAY
    papers.invoices.append(invoice)
    applied = 0
    if invoice.total_minor <= 0:
        applied, outcome = invoice.total_minor, "credit"
    elif draw(st.booleans()):
        applied = draw(st.integers(0, invoice.total_minor))
    invoice.raw = {"starting_balance": -max(applied, 0), "ending_balance": min(applied, 0)}
    owed = invoice.total_minor - applied
    match outcome:
        case "draft":
            invoice.status, invoice.finalised_at = "draft", None
        case "open":
            _credited(draw, papers, invoice, owed, later)
        case "void":
            invoice.status, invoice.voided_at, invoice.remaining_minor = "void", later, 0
        case "uncollectible":
            invoice.status, invoice.uncollectible_at, invoice.remaining_minor = "uncollectible", later, owed
        case "transfer" | "credit":
            invoice.status, invoice.paid_at, invoice.remaining_minor = "paid", later, 0
        case _:
            if outcome == "late":
                invoice.uncollectible_at = at + draw(st.integers(0, 30)) * DAY
            _paid(draw, papers, invoice, owed, later)


def _credited(draw: st.DrawFn, papers: Documents, invoice: Invoice, owed: int, later: datetime) -> None:
    total = draw(st.integers(0, owed))
    invoice.remaining_minor = owed - total
    if not total:
        return
    tax = draw(st.integers(0, min(total, invoice.tax_minor)))
    note = a_note(invoice, later, total, tax, raw={"pre_payment_amount": total})
    if draw(st.booleans()):
        note.status, note.voided_at = "void", later + draw(st.integers(0, 20)) * DAY
        invoice.remaining_minor = owed
    papers.credit_notes.append(note)


def _paid(draw: st.DrawFn, papers: Documents, invoice: Invoice, owed: int, later: datetime) -> None:
    invoice.status, invoice.paid_at, invoice.remaining_minor = "paid", later, 0
    if not owed:
        return
    payment = a_payment(invoice, later, owed)
    papers.payments += [a_payment(invoice, later - DAY, owed, status="failed", failure="card_declined"), payment]
    back = draw(st.integers(0, owed))
    if back and draw(st.booleans()):
        parts = sorted(draw(st.lists(st.integers(0, back), min_size=2, max_size=2)))
        raw = {"refunds": [{"amount_refunded": parts[0]}], "out_of_band_amount": parts[1] - parts[0]}
        tax = draw(st.integers(0, min(back, invoice.tax_minor)))
        papers.credit_notes.append(a_note(invoice, later + DAY, back, tax, raw=raw))
        if parts[0]:
            papers.refunds.append(a_refund(payment, later + DAY, parts[0]))
    elif draw(st.integers(0, 2)) == 0:
        status = draw(st.sampled_from(["won", "lost", "needs_response", "warning_closed"]))
        papers.disputes.append(a_dispute(payment, later + DAY, status))

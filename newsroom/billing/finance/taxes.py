"""What each document says of tax, by country and treatment. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from newsroom.billing.finance.entries import Documents
from newsroom.billing.finance.months import day_of
from newsroom.billing.models import CreditNote, Invoice, Purchase
from newsroom.billing.models.book import Happening

NONE, REVERSE = "none", "reverse_charge"


@dataclass(frozen=True, slots=True)
class Taxed:
    """The net of which a tax is, and the tax, on the day the document counts. Minor units."""

    day: date
    paper: str
    number: str
    happening: str
    country: str
    treatment: str
    currency: str
    net: int
    tax: int


def taxed(papers: Documents, country: str) -> list[Taxed]:
    """Each document's taxes; nets and taxes of a document sum to its total. `country`: where the document says none."""
    found = [each for invoice in papers.invoices for each in _of_invoice(invoice, country)]
    known = {each.stripe_id: each for each in papers.invoices}
    for note in papers.credit_notes:
        found += _of_note(note, known.get(note.invoice_ref), country)
    paid = {each.intent_ref: each for each in papers.payments if each.status == "succeeded" and each.intent_ref}
    for purchase in papers.purchases:
        payment = paid.get(purchase.intent_ref)
        if payment is not None and payment.invoice_ref not in known:
            found.append(_of_purchase(purchase, day_of(payment.created_at), payment.amount_minor, country))
    return found


def _of_invoice(invoice: Invoice, country: str) -> Iterator[Taxed]:
    if invoice.finalised_at is None or invoice.status == "draft":
        return
    place, rates = invoice.tax_country or country, _rates(invoice.raw)
    parts = _parts(invoice, rates)
    for treatment, (net, tax) in parts.items():
        yield Taxed(
            day_of(invoice.finalised_at), invoice.stripe_id, invoice.number, Happening.INVOICE, place, treatment, invoice.currency, net, tax
        )  # fmt: skip
        if invoice.status == "void" and invoice.voided_at is not None:
            yield Taxed(
                day_of(invoice.voided_at), invoice.stripe_id, invoice.number, Happening.VOID, place, treatment, invoice.currency, -net, -tax
            )  # fmt: skip


def _of_note(note: CreditNote, invoice: Invoice | None, country: str) -> Iterator[Taxed]:
    rates = _rates(invoice.raw) if invoice else {}
    place = (invoice.tax_country if invoice else "") or country
    reverse = invoice is not None and _is_reverse(invoice.raw)
    for treatment, (net, tax) in _parts(note, rates, reverse=reverse).items():
        yield Taxed(
            day_of(note.created_at), note.stripe_id, note.number, Happening.CREDIT_NOTE, place, treatment, note.currency, -net, -tax
        )  # fmt: skip
        if note.status == "void" and note.voided_at is not None:
            yield Taxed(
                day_of(note.voided_at), note.stripe_id, note.number, Happening.CREDIT_NOTE_VOID, place, treatment, note.currency, net, tax
            )  # fmt: skip


def _of_purchase(purchase: Purchase, day: date, amount: int, country: str) -> Taxed:
    tax = int((purchase.raw.get("total_details") or {}).get("amount_tax") or 0)
    details = purchase.raw.get("customer_details") or {}
    place = ((details.get("address") or {}).get("country") or country).upper()
    treatment = "taxed" if tax else NONE
    return Taxed(
        day, purchase.stripe_id, "", Happening.PURCHASE, place, treatment, purchase.currency, amount - tax, tax
    )


def _parts(document: Any, rates: dict[str, str], *, reverse: bool = False) -> dict[str, tuple[int, int]]:
    """Net and tax by treatment. What no tax claims is `none`, or the reverse charge of who is exempt by it."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for each in document.raw.get("total_taxes") or []:
        part = sums[_treatment(each, rates)]
        part[0] += int(each.get("taxable_amount") or 0)
        part[1] += int(each["amount"])
    net = document.total_minor - document.tax_minor
    without = REVERSE if reverse or _is_reverse(document.raw) else NONE
    rest = net - sum(part[0] for part in sums.values())
    if rest or not sums:
        sums[without][0] += rest
    sums[without][1] += document.tax_minor - sum(part[1] for part in sums.values())
    return {treatment: (net, tax) for treatment, (net, tax) in sums.items() if net or tax}


def _treatment(tax: dict[str, Any], rates: dict[str, str]) -> str:
    if tax.get("taxability_reason") == REVERSE:
        return REVERSE
    rate = str((tax.get("tax_rate_details") or {}).get("tax_rate") or "")
    return rates.get(rate) or rate or str(tax.get("taxability_reason") or "taxed")


def _is_reverse(raw: dict[str, Any]) -> bool:
    return raw.get("customer_tax_exempt") == "reverse"


def _rates(raw: dict[str, Any]) -> dict[str, str]:
    """How many per cent a rate is, where the invoice carries the rate itself."""
    return {
        each["id"]: f"{each['percentage']} %" for each in raw.get("default_tax_rates") or [] if isinstance(each, dict)
    }

"""Our columns of an invoice and of a credit note."""

from newsroom.billing.gateway import Body
from newsroom.billing.mirror.reading import instant, moment, name_of, proration, subscription_of


def invoice_facts(raw: Body) -> Body:
    """Our columns, read from Stripe's object. All its lines must be in it."""
    turns = raw["status_transitions"]
    return {
        "stripe_id": raw["id"],
        "subscription_ref": subscription_of(raw),
        "number": raw["number"] or "",
        "status": raw["status"] or "",
        "reason": raw["billing_reason"] or "",
        "collection": raw["collection_method"],
        "currency": raw["currency"],
        "lines": [_line(each) for each in raw["lines"]["data"]],
        "hosted_url": raw["hosted_invoice_url"] or "",
        "pdf_url": raw["invoice_pdf"] or "",
        "period_start": instant(raw["period_start"]),
        "period_end": instant(raw["period_end"]),
        "created_at": instant(raw["created"]),
        "due_at": moment(raw["due_date"]),
        "finalised_at": moment(turns["finalized_at"]),
        "paid_at": moment(turns["paid_at"]),
        "voided_at": moment(turns["voided_at"]),
        "uncollectible_at": moment(turns["marked_uncollectible_at"]),
        "attempted": raw["attempted"],
        "tax_country": ((raw["customer_address"] or {}).get("country") or "").upper(),
        "metadata": raw["metadata"] or {},
        "contract_ref": (raw["metadata"] or {}).get("contract", ""),
        "raw": raw,
    } | _sums(raw)


def _sums(raw: Body) -> Body:
    return {
        "total_minor": raw["total"],
        "subtotal_minor": raw["subtotal"],
        "discount_minor": sum(each["amount"] for each in raw["total_discount_amounts"] or []),
        "tax_minor": sum(each["amount"] for each in raw["total_taxes"] or []),
        "due_minor": raw["amount_due"],
        "paid_minor": raw["amount_paid"],
        "remaining_minor": raw["amount_remaining"],
        "credited_minor": raw["pre_payment_credit_notes_amount"] + raw["post_payment_credit_notes_amount"],
    }


def _line(raw: Body) -> Body:
    """`discount` and `tax` in minor units; `tax` may be included in `amount` (then `inclusive` is true)."""
    taxes = raw["taxes"] or []
    details = ((raw.get("pricing") or {}).get("price_details")) or {}
    return {
        "id": raw["id"],
        "description": raw["description"] or "",
        "amount": raw["amount"],
        "currency": raw["currency"],
        "quantity": raw.get("quantity"),
        "period_start": raw["period"]["start"],
        "period_end": raw["period"]["end"],
        "price": name_of(details.get("price")),
        "product": name_of(details.get("product")),
        "proration": proration(raw),
        "discount": sum(each["amount"] for each in raw["discount_amounts"] or []),
        "tax": sum(each["amount"] for each in taxes),
        "inclusive": any(each["tax_behavior"] == "inclusive" for each in taxes),
        "metadata": raw["metadata"],
    }


def credit_note_facts(raw: Body) -> Body:
    """Our columns, read from Stripe's object."""
    return {
        "stripe_id": raw["id"],
        "invoice_ref": name_of(raw["invoice"]),
        "number": raw["number"],
        "status": raw["status"],
        "kind": raw["type"],
        "reason": raw["reason"] or "",
        "memo": raw["memo"] or "",
        "total_minor": raw["total"],
        "tax_minor": sum(each["amount"] for each in raw["total_taxes"] or []),
        "currency": raw["currency"],
        "lines": [
            {"description": each["description"] or "", "amount": each["amount"], "quantity": each["quantity"]}
            for each in raw["lines"]["data"]
        ],
        "pdf_url": raw["pdf"],
        "created_at": instant(raw["created"]),
        "voided_at": moment(raw["voided_at"]),
        "raw": raw,
    }

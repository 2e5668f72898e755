"""Our columns of money that moved, and of what is bought once."""

from newsroom.billing.gateway import Body
from newsroom.billing.mirror.reading import instant, moment, name_of


def payment_facts(raw: Body, invoices: list[Body]) -> Body:
    """Our columns of a charge. Which invoice it paid stands with the invoice (`payments`, expanded)."""
    details = raw["payment_method_details"] or {}
    card = details.get("card") or {}
    intent = name_of(raw["payment_intent"])
    return _moved(raw) | {
        "intent_ref": intent,
        "invoice_ref": _invoice_paid_by(intent, invoices),
        "method": details.get("type") or "",
        "card": f"{card['brand']} {card['last4']}" if card else "",
        "fingerprint": card.get("fingerprint") or "",
        "failure": raw["failure_code"] or "",
        "refunded_minor": raw["amount_refunded"],
        "disputed": raw["disputed"],
    }


def _invoice_paid_by(intent: str, invoices: list[Body]) -> str:
    for invoice in invoices:
        for payment in (invoice.get("payments") or {}).get("data", []):
            if name_of(payment["payment"].get("payment_intent")) == intent:
                return str(invoice["id"])
    return ""


def _moved(raw: Body) -> Body:
    return {
        "stripe_id": raw["id"],
        "status": raw["status"] or "",
        "amount_minor": raw["amount"],
        "currency": raw["currency"],
        "created_at": instant(raw["created"]),
        "raw": raw,
    }


def refund_facts(raw: Body) -> Body:
    return _moved(raw) | {
        "charge_ref": name_of(raw["charge"]),
        "intent_ref": name_of(raw["payment_intent"]),
        "reason": raw["reason"] or "",
        "metadata": raw["metadata"] or {},
    }


def dispute_facts(raw: Body) -> Body:
    return _moved(raw) | {
        "charge_ref": name_of(raw["charge"]),
        "intent_ref": name_of(raw["payment_intent"]),
        "reason": raw["reason"],
        "respond_by": moment(raw["evidence_details"]["due_by"]),
    }


def purchase_facts(raw: Body) -> Body:
    """Our columns of a Checkout in mode `payment`. What was bought stands in its metadata, which we wrote."""
    return {
        "stripe_id": raw["id"],
        "kind": raw["metadata"].get("kind", ""),
        "status": raw["status"] or "",
        "payment_status": raw["payment_status"],
        "amount_minor": raw["amount_total"] or 0,
        "currency": raw["currency"] or "",
        "intent_ref": name_of(raw["payment_intent"]),
        "invoice_ref": name_of(raw["invoice"]),
        "metadata": raw["metadata"],
        "created_at": instant(raw["created"]),
        "raw": raw,
    }

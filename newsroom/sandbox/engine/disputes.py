"""Disputes: the holder of a card asks the bank for the money back. https://docs.stripe.com/api/disputes."""

from newsroom.sandbox.engine import refunds
from newsroom.sandbox.engine.cards import BY_NUMBER
from newsroom.sandbox.engine.due import ANSWER_WITHIN
from newsroom.sandbox.engine.errors import StripeError, invalid
from newsroom.sandbox.engine.params import merged, unset, words
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.engine.world import World

_TEXTS = (
    "access_activity_log billing_address cancellation_policy_disclosure cancellation_rebuttal customer_email_address "
    "customer_name customer_purchase_ip duplicate_charge_explanation duplicate_charge_id product_description "
    "refund_policy_disclosure refund_refusal_explanation service_date shipping_address uncategorized_text"
)
UPDATE_BUILT = words("expand metadata submit " + " ".join(f"evidence.{each}" for each in _TEXTS.split()))
WAITS = ("needs_response", "warning_needs_response")
OPEN = (*WAITS, "under_review", "warning_under_review")
# What the bank makes of these words: https://docs.stripe.com/testing#disputes
VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}
BANK_TAKES = 60
CODES = {"fraudulent": "10.4", "product_not_received": "13.1"}


def of_card(world: World, charge: Body, number: str) -> None:
    """Some test cards dispute what was just charged."""
    card = BY_NUMBER[number]
    if card.dispute:
        opened(world, charge, reason=card.dispute, inquiry=card.inquiry)


def opened(world: World, charge: Body, *, reason: str = "fraudulent", inquiry: bool = False) -> Body:
    """The bank asks (`inquiry`), or has taken the money already. Raises StripeError where nothing is left to dispute."""
    if charge["status"] != "succeeded" or charge["disputed"] or not refunds.left_of(charge):
        raise invalid(f"Charge {charge['id']} cannot be disputed.")
    brand = charge["payment_method_details"]["card"]["brand"]
    details = {"brand": brand, "case_type": "inquiry" if inquiry else "chargeback", "network": brand}
    dispute = world.add(
        "dispute",
        amount=refunds.left_of(charge),
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={"enhanced_evidence": {}, "customer_email_address": charge["billing_details"]["email"]},
        evidence_details=_unanswered(world.now + ANSWER_WITHIN),
        is_charge_refundable=inquiry,
        metadata={},
        network_reason_code=CODES.get(reason),
        payment_intent=charge["payment_intent"],
        payment_method_details={
            "type": "card",
            "card": details | {"network_reason_code": CODES.get(reason)},
        },
        reason=reason,
        status="warning_needs_response" if inquiry else "needs_response",
        _={"verdict": "", "decides_at": None},
    )
    charge["_"]["refundable"] = inquiry
    world.change(charge, "charge.updated", disputed=True)
    world.emit("charge.dispute.created", dispute)
    if not inquiry:
        world.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def _unanswered(due_by: int) -> Body:
    return {
        "due_by": due_by,
        "enhanced_eligibility": {},
        "has_evidence": False,
        "past_due": False,
        "submission_count": 0,
        "submission_method": "not_submitted",
    }


def update(world: World, given: Body, name: str) -> Body:
    """POST /v1/disputes/…: evidence, handed in to the bank unless `submit` is false."""
    dispute = world.get("dispute", name)
    if dispute["status"] not in WAITS:
        raise _closed(dispute)
    evidence = dispute["evidence"] | unset(given.get("evidence", {}))
    details = dispute["evidence_details"] | {"has_evidence": _any(evidence)}
    facts: Body = {"evidence": evidence, "metadata": merged(dispute["metadata"], given.get("metadata"))}
    if given.get("submit", True) and "evidence" in given:
        details |= {"submission_count": details["submission_count"] + 1, "submission_method": "manual"}
        said = VERDICTS.get(evidence["uncategorized_text"] or "", "")
        dispute["_"] |= {"verdict": said, "decides_at": world.now + BANK_TAKES if said else None}
        facts["status"] = "warning_under_review" if dispute["status"].startswith("warning") else "under_review"
    return world.change(dispute, "charge.dispute.updated", **facts, evidence_details=details)


def _any(evidence: Body) -> bool:
    return any(each for name, each in evidence.items() if name not in {"enhanced_evidence", "customer_email_address"})


def _closed(dispute: Body) -> StripeError:
    return invalid(f"This dispute is {dispute['status']} and can no longer be changed.", code="dispute_closed")


def close(world: World, given: Body, name: str) -> Body:
    """POST /v1/disputes/…/close: we have nothing to say, and it is lost."""
    dispute = world.get("dispute", name)
    if dispute["status"] not in WAITS:
        raise _closed(dispute)
    return decide(world, dispute, won=False)


def decide(world: World, dispute: Body, *, won: bool) -> Body:
    """The bank has decided. An inquiry that we win is closed; one that we lose becomes a dispute that is lost."""
    if dispute["status"] not in OPEN:
        raise _closed(dispute)
    inquiry = dispute["status"].startswith("warning")
    dispute["_"] |= {"verdict": "", "decides_at": None}
    if inquiry and not won:
        world.emit("charge.dispute.funds_withdrawn", dispute)
    status = ("warning_closed" if inquiry else "won") if won else "lost"
    world.change(dispute, "charge.dispute.updated", status=status, is_charge_refundable=won)
    charge = world.get("charge", dispute["charge"])
    charge["_"]["refundable"] = won
    world.save(charge)
    world.emit("charge.dispute.closed", dispute)
    if won and not inquiry:
        world.emit("charge.dispute.funds_reinstated", dispute)
    return dispute


def settle(world: World, dispute: Body) -> None:
    """Its time has come: the bank decides by the evidence, or nobody answered."""
    if dispute["_"]["verdict"]:
        decide(world, dispute, won=dispute["_"]["verdict"] == "won")
        return
    dispute["evidence_details"]["past_due"] = True
    decide(world, dispute, won=dispute["status"].startswith("warning"))

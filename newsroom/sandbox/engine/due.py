"""When an object next wants attention by itself. Pure: read off its body."""

from collections.abc import Callable
from typing import Any

Body = dict[str, Any]
DAY = 86_400
INCOMPLETE_FOR = 23 * 3600  # how long a subscription waits for its first payment
WARNED_BEFORE_TRIAL_END = 3 * DAY
ANSWER_WITHIN = 9 * DAY  # how long the bank waits for evidence
INQUIRY_FOR = 120 * DAY  # an inquiry that the bank does not pursue is closed
WARNED_BEFORE_DUE = 7 * DAY
_RUNNING = {"trialing", "active", "past_due", "unpaid"}


def due_of(body: Body) -> int | None:
    rule = _RULES.get(body["object"])
    return rule(body) if rule else None


def _session(body: Body) -> int | None:
    return int(body["expires_at"]) if body["status"] == "open" else None


def _subscription(body: Body) -> int | None:
    if body["status"] == "incomplete":
        return int(body["created"]) + INCOMPLETE_FOR
    if body["status"] not in _RUNNING:
        return None
    moments = [period_end(body), body["cancel_at"]]
    moments.append((body["pause_collection"] or {}).get("resumes_at"))
    moments.append((body["pending_update"] or {}).get("expires_at"))
    if body["status"] == "trialing" and not body["_"].get("warned"):
        moments.append(max(body["trial_start"], body["trial_end"] - WARNED_BEFORE_TRIAL_END))
    return min(int(moment) for moment in moments if moment is not None)


def period_end(subscription: Body) -> int:
    return min(int(item["current_period_end"]) for item in subscription["items"]["data"])


def _invoice(body: Body) -> int | None:
    moment = None
    if body["status"] == "draft" and body["auto_advance"]:
        moment = body["automatically_finalizes_at"]
    elif body["status"] == "open":
        moment = body["next_payment_attempt"]
        if body["due_date"] is not None and not body["_"].get("overdue"):
            moment = _reminder(body)
    return None if moment is None else int(moment)


def _tax_id(body: Body) -> int | None:
    at = body["_"].get("verdict_at")
    return None if at is None else int(at)


def _refund(body: Body) -> int | None:
    moment = body["_"].get("settles_at")
    return None if moment is None else int(moment)


def _dispute(body: Body) -> int | None:
    if body["_"].get("decides_at") is not None:
        return int(body["_"]["decides_at"])
    if body["status"] == "needs_response":
        return int(body["evidence_details"]["due_by"])
    return int(body["created"]) + INQUIRY_FOR if body["status"] in _INQUIRIES else None


_INQUIRIES = {"warning_needs_response", "warning_under_review"}


def _reminder(invoice: Body) -> int:
    """When the day of payment comes near, then when it is over."""
    due = int(invoice["due_date"])
    final = int(invoice["status_transitions"]["finalized_at"])
    return due if invoice["_"].get("warned") else max(final, due - WARNED_BEFORE_DUE)


_RULES: dict[str, Callable[[Body], int | None]] = {
    "checkout.session": _session,
    "subscription": _subscription,
    "invoice": _invoice,
    "tax_id": _tax_id,
    "refund": _refund,
    "dispute": _dispute,
}

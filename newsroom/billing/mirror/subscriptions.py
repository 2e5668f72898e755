"""Our columns of a subscription."""

from datetime import datetime
from typing import Any

from newsroom.billing.gateway import Body, Present
from newsroom.billing.mirror.reading import instant, moment, name_of, proration, subscription_of
from newsroom.billing.models import Subscription
from newsroom.billing.states import LIVE, UNPAID, grace_until


def wanted(present: Present) -> list[Body]:
    """The first one that lives counts, every later one is a duplicate. Those that free the place come first.

    What a contract bills by subscription stands beside the one of self-serve, and is no duplicate.
    """
    found = []
    taken = False
    for raw in sorted(present.subscriptions, key=lambda each: (each["created"], each["id"])):
        lives = raw["status"] in LIVE and "contract" not in raw["metadata"]
        facts = subscription_facts(raw, present.invoices, present.schedules) | {"duplicate": lives and taken}
        found.append((lives and not taken, facts))
        taken = taken or lives
    return [facts for _, facts in sorted(found, key=lambda each: each[0])]


def subscription_facts(raw: Body, invoices: list[Body], schedules: list[Body] = []) -> Body:  # noqa: B006  # never written
    """Our columns, read from Stripe's object. Periods are on its items since API 2025-03-31."""
    item = raw["items"]["data"][0]
    price = item["price"]
    own = [each for each in invoices if subscription_of(each) == raw["id"]]
    facts: Body = {
        "stripe_id": raw["id"],
        "status": raw["status"],
        "plan": plan_of(price),
        "lookup_key": key_of(price),
        "amount": sum(_amount(each) for each in raw["items"]["data"]),
        "currency": price["currency"],
        "interval": price["recurring"]["interval"],
        "started_at": instant(raw["start_date"]),
        "current_period_start": instant(item["current_period_start"]),
        "current_period_end": instant(item["current_period_end"]),
        "cancel_at": moment(raw["cancel_at"]),
        "cancel_at_period_end": raw["cancel_at_period_end"],
        "canceled_at": moment(raw["canceled_at"]),
        "ended_at": moment(raw["ended_at"]),
        "trial_start": moment(raw["trial_start"]),
        "trial_end": moment(raw["trial_end"]),
        "past_due_since": unpaid_since(own) if raw["status"] in UNPAID else None,
        "paid_until": paid_until(own),
        "quantity": item["quantity"],
        "items": [_item(each) for each in raw["items"]["data"]],
        "discount": _discount(raw),
        "schedule": name_of(raw["schedule"]),
        "upcoming": _upcoming(raw, schedules),
        "pending": _pending(raw),
        "card": _card(raw),
        "cancel_reason": (raw["cancellation_details"] or {}).get("feedback") or "",
        "cancel_comment": (raw["cancellation_details"] or {}).get("comment") or "",
        "resumes_at": moment((raw["pause_collection"] or {}).get("resumes_at")),
        "metadata": raw["metadata"],
        "raw": raw,
    }
    return facts | {"grace_until": grace_until(Subscription(**facts).facts)}


def plan_of(price: Body) -> str:
    """The plan a price sells. A price that lost its key to a newer one still carries the plan."""
    return str(price["metadata"].get("plan", ""))


def key_of(price: Body) -> str:
    return str(price.get("lookup_key") or price["metadata"].get("lookup_key", ""))


def _amount(item: Body) -> int:
    return int((item["price"]["unit_amount"] or 0) * item["quantity"])


def _item(item: Body) -> Body:
    price = item["price"]
    return {
        "id": item["id"],
        "price": price["id"],
        "plan": plan_of(price),
        "lookup_key": key_of(price),
        "quantity": item["quantity"],
        "amount": _amount(item),
    }


def _discount(raw: Body) -> Body:
    """The one that applies, where the discounts were asked for in full (`expand`)."""
    found = next((each for each in raw.get("discounts") or [] if isinstance(each, dict)), None)
    if found is None:
        return {}
    coupon = (found.get("source") or {}).get("coupon") or {}
    terms = coupon if isinstance(coupon, dict) else {"id": coupon}
    return {
        "coupon": terms.get("id", ""),
        "promotion_code": name_of(found.get("promotion_code")),
        "percent_off": str(terms.get("percent_off") or ""),
        "amount_off": terms.get("amount_off"),
        "ends": found.get("end"),
    }


def _upcoming(raw: Body, schedules: list[Body]) -> Body:
    """What the subscription's schedule makes of it at its next phase."""
    schedule = next((each for each in schedules if each["id"] == name_of(raw["schedule"])), None)
    if schedule is None or schedule["status"] != "active":
        return {}
    phase = next(
        (each for each in schedule["phases"] if each["start_date"] > schedule["current_phase"]["start_date"]), None
    )
    if phase is None:
        return {}
    item = phase["items"][0]
    price: Any = item["price"]
    known = isinstance(price, dict)
    return {
        "price": name_of(price),
        "lookup_key": key_of(price) if known else "",
        "plan": plan_of(price) if known else "",
        "quantity": item.get("quantity"),
        "at": phase["start_date"],
    }


def _pending(raw: Body) -> Body:
    """The change that waits for its payment."""
    update = raw["pending_update"]
    if not update or not update["subscription_items"]:
        return {}
    item = update["subscription_items"][0]
    return {
        "lookup_key": key_of(item["price"]),
        "plan": plan_of(item["price"]),
        "quantity": item["quantity"],
        "expires": update["expires_at"],
        "invoice": name_of(raw["latest_invoice"]),
    }


def _card(raw: Body) -> str:
    """The fingerprint of its card: the same for one card, whoever pays with it."""
    method = raw["default_payment_method"]
    card = (method.get("card") if isinstance(method, dict) else None) or {}
    return str(card.get("fingerprint") or "")


def unpaid_since(invoices: list[Body]) -> datetime | None:
    """When the oldest invoice that a payment failed for became final: retries do not move it."""
    final = [
        each["status_transitions"]["finalized_at"]
        for each in invoices
        if each["status"] in {"open", "uncollectible"} and each["attempted"] and each["total"] > 0
    ]
    return moment(min((each for each in final if each is not None), default=None))


def paid_until(invoices: list[Body]) -> datetime | None:
    """The end of the last period that was paid for; a change within a period is none."""
    ends = [
        line["period"]["end"]
        for invoice in invoices
        if invoice["status"] == "paid"
        for line in invoice["lines"]["data"]
        if not proration(line)
    ]
    return moment(max(ends, default=None))

"""How Stripe's values are read."""

from datetime import UTC, datetime
from typing import Any

from newsroom.billing.gateway import Body


def moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def instant(seconds: int) -> datetime:
    """A moment that is never missing."""
    return datetime.fromtimestamp(seconds, UTC)


def name_of(reference: Any) -> str:
    """The id in a reference, whether Stripe expanded it or not; nothing for none."""
    if isinstance(reference, dict):
        return str(reference["id"])
    return str(reference or "")


def subscription_of(invoice: Body) -> str:
    """The subscription an invoice is for, or nothing."""
    details = (invoice.get("parent") or {}).get("subscription_details") or {}
    return name_of(details.get("subscription"))


def proration(line: Body) -> bool:
    """Whether an invoice's line is for a change within a period."""
    parent = line.get("parent") or {}
    details = parent.get("subscription_item_details") or parent.get("invoice_item_details") or {}
    return bool(details.get("proration"))

"""Stripe's seconds as moments."""

from datetime import UTC, datetime


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

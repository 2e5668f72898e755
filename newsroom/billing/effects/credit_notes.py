"""What follows when something was credited: who was billed is told."""

from datetime import datetime

from newsroom.billing.effects import telling
from newsroom.billing.mirror import Change
from newsroom.billing.models import Account, CreditNote


def follow(account: Account, change: Change, at: datetime) -> None:
    """One mail for each note that stands. It moves no licence: a refund does, by the state table."""
    note: CreditNote = change.now
    if note.status == "issued":
        telling.credited(account, note, at)

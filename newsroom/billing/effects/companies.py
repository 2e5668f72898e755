"""What follows when the register says something else of a VAT id."""

from datetime import datetime

from newsroom.billing.mirror import Change
from newsroom.billing.models import Account
from newsroom.core import audit
from newsroom.core.audit import SYSTEM


def follow(account: Account, change: Change, at: datetime) -> None:
    """Each new word of the register stands in the audit log; a number that was struck off is a flag for staff."""
    now, was = change.now, change.was
    if was is not None and was.standing == now.standing:
        return
    struck_off = now.flagged_at is not None and (was is None or was.flagged_at is None)
    action = "billing.vat_id_struck_off" if struck_off else "billing.vat_id_judged"
    audit.record(action, by=SYSTEM, of=now, at=at, facts={"standing": now.standing})

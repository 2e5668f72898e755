"""What follows when our copy of a customer's money changed: licences and mail. Read off old and new, never off events."""

from collections.abc import Callable
from datetime import datetime

from newsroom.billing.effects import credit_notes, invoices, returned, subscriptions
from newsroom.billing.mirror import Change, Changes
from newsroom.billing.models import Account, CreditNote, Dispute, Invoice, Payment, Purchase, Refund, Subscription
from newsroom.core.jobs import enqueue

Follow = Callable[[Account, Change, datetime], None]
FOLLOWS: dict[type, Follow] = {Subscription: subscriptions.follow, Invoice: invoices.follow}
FOLLOWS |= {CreditNote: credit_notes.follow}
# After all of these: what went back, or is asked back, stands above what was bought.
BACK: dict[type, Follow] = {Payment: returned.follow_payment, Purchase: returned.follow_purchase}
BACK |= {Refund: returned.follow_refund, Dispute: returned.follow_dispute}


def follow(account: Account, changes: Changes, at: datetime) -> None:
    """Do what the differences ask for. Inside the transaction that wrote them."""
    for follows in (FOLLOWS, BACK):
        for change in changes:
            if deed := follows.get(type(change.now)):
                deed(account, change, at)
    if changes:
        enqueue("billing.write_book", account_id=account.pk)

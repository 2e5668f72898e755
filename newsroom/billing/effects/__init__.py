"""What follows when our copy of a customer's money changed: licences and mail. Read off old and new, never off events."""

from collections.abc import Callable
from datetime import datetime

from newsroom.billing.effects import companies, credit_notes, invoices, payments, subscriptions
from newsroom.billing.mirror import Change, Changes
from newsroom.billing.models import (
    Account,
    Company,
    CreditNote,
    Dispute,
    Invoice,
    Payment,
    Purchase,
    Refund,
    Subscription,
)
from newsroom.billing.purchases import fulfilling
from newsroom.core.jobs import enqueue

Follow = Callable[[Account, Change, datetime], None]
FOLLOWS: dict[type, Follow] = {Subscription: subscriptions.follow, Invoice: invoices.follow}
FOLLOWS |= {Payment: payments.follow_payment, Refund: payments.follow_refund, Dispute: payments.follow_dispute}
FOLLOWS |= {CreditNote: credit_notes.follow, Purchase: fulfilling.follow, Company: companies.follow}


def follow(account: Account, changes: Changes, at: datetime) -> None:
    """Do what the differences ask for. Inside the transaction that wrote them."""
    for change in changes:
        if deed := FOLLOWS.get(type(change.now)):
            deed(account, change, at)
    if changes:
        enqueue("billing.write_book", account_id=account.pk)

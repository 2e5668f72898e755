"""What follows when our copy of a customer's money changed: licences and mail. Read off old and new, never off events."""

from collections.abc import Callable
from datetime import datetime

from newsroom.billing.effects import companies, invoices, subscriptions
from newsroom.billing.mirror import Change, Changes
from newsroom.billing.models import Account, Company, Invoice, Payment, Purchase, Subscription
from newsroom.billing.purchases import fulfilling

Follow = Callable[[Account, Change, datetime], None]
FOLLOWS: dict[type, Follow] = {Subscription: subscriptions.follow, Invoice: invoices.follow}
FOLLOWS |= {Purchase: fulfilling.follow, Payment: fulfilling.follow_payment, Company: companies.follow}


def follow(account: Account, changes: Changes, at: datetime) -> None:
    """Do what the differences ask for. Inside the transaction that wrote them."""
    for change in changes:
        if deed := FOLLOWS.get(type(change.now)):
            deed(account, change, at)

"""Who is written to about money."""

from datetime import datetime

from newsroom.accounts.models import User
from newsroom.accounts.readers import present
from newsroom.billing.models import Account
from newsroom.licensing.contracts.mails import customers


def payer(account: Account) -> User:
    """The person who pays. Only for the account of a person."""
    if account.user is None:
        raise TypeError(f"account {account.pk} is an organisation's")
    return account.user


def told(account: Account, at: datetime) -> list[User]:
    """Those who are told: the person, or the organisation's owners and billing people."""
    if account.user is not None:
        return [present(account.user)]
    assert account.organisation is not None  # the database's own constraint
    return list(customers(account.organisation, at))

"""The chart of accounts: the usual numbers and names, and those an accountant put in their place."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.billing.models import ChartAccount
from newsroom.billing.models.book import Role
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused

USUAL = {
    Role.RECEIVABLES: ("1200", "Receivables"),
    Role.STRIPE: ("1360", "Stripe balance"),
    Role.BANK: ("1800", "Bank"),
    Role.CREDIT: ("3270", "Customer credit"),
    Role.TAX: ("3800", "Tax owed"),
    Role.DEFERRED: ("3900", "Deferred revenue"),
    Role.REVENUE: ("4400", "Revenue"),
    Role.REFUNDS: ("4720", "Refunds"),
    Role.DISPUTES: ("6930", "Disputes"),
    Role.BAD_DEBT: ("6940", "Bad debt"),
}


class NumberTaken(Refused):
    """Two accounts of the ledger cannot have one number. `role`: whose number it would be."""

    def __init__(self, message: str, role: str) -> None:
        super().__init__(message)
        self.role = role


def chart() -> dict[str, ChartAccount]:
    """Every account of the ledger by what it is for, in the order of their numbers."""
    found = {role: ChartAccount(role=role, code=code, name=name) for role, (code, name) in USUAL.items()}
    found |= {Role(each.role): each for each in ChartAccount.objects.all()}
    return {str(each.role): each for each in sorted(found.values(), key=lambda each: each.code)}


@transaction.atomic
def rename(*, wanted: dict[str, tuple[str, str]], by: Actor, at: datetime) -> None:
    """These accounts have these numbers and names from now on; closed months keep theirs. Raises `NumberTaken`."""
    taken: dict[str, str] = {}
    for role, (code, _name) in wanted.items():
        if code in taken:
            raise NumberTaken(_("Another account has this number."), role)
        taken[code] = role
    ChartAccount.objects.filter(role__in=wanted).delete()
    for role, (code, name) in wanted.items():
        row = ChartAccount.objects.create(role=role, code=code, name=name)
        audit.record("finance.account_renamed", by=by, of=row, at=at, facts={"code": code, "name": name})

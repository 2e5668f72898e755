"""What the clock does to a contract. It may come late, twice, or after a week: the outcome is the same."""

from datetime import datetime

from django.db import transaction

from newsroom.core.audit import SYSTEM
from newsroom.licensing.contracts import mails
from newsroom.licensing.contracts.actions import deleting
from newsroom.licensing.contracts.actions.ending import expire
from newsroom.licensing.contracts.actions.renewing import renew
from newsroom.licensing.contracts.book import Book, today
from newsroom.licensing.contracts.licences import settle
from newsroom.licensing.contracts.planning import plan, sent, waits
from newsroom.licensing.contracts.reminders import reminder_due
from newsroom.licensing.contracts.rules import OVER, Happening
from newsroom.licensing.models import Contract


def due(*, contract_id: int, at: datetime) -> None:
    """Do everything that is due about this contract, one deed and one transaction after the other."""
    while _one(Contract.objects.get(pk=contract_id), at):
        pass


@transaction.atomic
def _one(contract: Contract, at: datetime) -> bool:
    """The next thing to do, if there is one."""
    book = Book.open(contract, at)
    if book.state in OVER:
        done = deleting.ask(book, at) or deleting.remind(book, at)
    else:
        done = _turn_of_period(book, at) or _remind(book, at)
    if not done:
        settle(book, by=SYSTEM, at=at)  # a change agreed for later may have begun
        plan(book, at)
    return done


def _turn_of_period(book: Book, at: datetime) -> bool:
    if at < book.last.period_end or waits(book):
        return False
    if book.renews:
        renew(contract=book.contract, period_to=book.last.period_to, by=SYSTEM, at=at)
    else:
        expire(contract=book.contract, by=SYSTEM, at=at)
    return True


def _remind(book: Book, at: datetime) -> bool:
    last = book.last
    days = reminder_due(last.period_from, last.period_to, today(at), sent(book))
    if days is None:
        return False
    facts = {"days": days, "period_to": last.period_to.isoformat()}
    book.write(Happening.REMINDED, by=SYSTEM, at=at, key=f"reminded:{last.period_to}:{days}", facts=facts)
    mails.remind_of_end(book, days=days, at=at)
    plan(book, at)
    return True

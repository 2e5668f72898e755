"""When next something is to be done about a contract."""

from collections.abc import Iterator
from datetime import date, datetime

from newsroom.licensing.contracts.book import Book, desk_zone, today
from newsroom.licensing.contracts.dates import moment
from newsroom.licensing.contracts.reminders import duty_days, reminder_days, reminder_due
from newsroom.licensing.contracts.rules import OVER, Happening, Pause, State
from newsroom.licensing.models import Contract, DeletionDuty


def plan(book: Book, at: datetime) -> None:
    """Note it, so that the sweep asks only for contracts of which something is due."""
    next_at = min(_moments(book, at), default=None)
    if next_at != book.contract.next_at:
        Contract.objects.filter(pk=book.contract.pk).update(next_at=next_at)
        book.contract.next_at = next_at


def _moments(book: Book, at: datetime) -> Iterator[datetime]:
    yield from (each.valid_from for each in book.versions[1:] if each.valid_from > at)
    if book.state in OVER:
        yield from _after_the_end(book)
        return
    if not waits(book):
        yield book.last.period_end
    yield from (moment(day, desk_zone()) for day in _reminders(book, at))


def waits(book: Book) -> bool:
    """A suspended contract neither renews nor, where suspended days move its end, expires until it is resumed."""
    return book.state == State.SUSPENDED and (book.renews or book.last.pause == Pause.EXTEND)


def sent(book: Book) -> set[int]:
    """The reminders of the current period's end that were sent."""
    mark = book.last.period_to.isoformat()
    found = [each for each in book.events if each.kind == Happening.REMINDED and each.facts["period_to"] == mark]
    return {each.facts["days"] for each in found}


def _reminders(book: Book, at: datetime) -> Iterator[date]:
    last, day = book.last, today(at)
    due = reminder_due(last.period_from, last.period_to, day, sent(book))
    for days, on in reminder_days(last.period_from, last.period_to).items():
        if on > day or days == due:
            yield on


def ended_at(book: Book) -> datetime | None:
    """When the contract ends or ended, once that is settled."""
    found = book.latest(Happening.EXPIRED, Happening.TERMINATED) if book.state in OVER else None
    return found.effective if found else None


def duty_key(ended: datetime) -> str:
    """What marks that deletion was asked for, of this end."""
    return f"deletion-asked:{ended.isoformat()}"


def _after_the_end(book: Book) -> Iterator[datetime]:
    ended = ended_at(book)
    if ended is not None and not book.has(duty_key(ended)):
        yield ended
    duty = DeletionDuty.objects.open().filter(contract=book.contract).first()
    if duty is not None:
        yield from (moment(day, desk_zone()) for day in duty_days(duty.due_on)[duty.reminders :])

"""When a contract is over, its customer deletes every copy, and says so."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.core.audit import SYSTEM, Actor
from newsroom.licensing.contracts import mails, papers
from newsroom.licensing.contracts.book import Book, desk_zone, today
from newsroom.licensing.contracts.dates import day_of
from newsroom.licensing.contracts.planning import duty_key, ended_at, plan
from newsroom.licensing.contracts.reminders import duty_days
from newsroom.licensing.contracts.rules import BadTerm, Happening, LinkSpent
from newsroom.licensing.models import Contract, DeletionDuty


def ask(book: Book, at: datetime) -> bool:
    """Once the contract is over, ask for the attestation: once for each end. Answers whether it asked."""
    ended = ended_at(book)
    if ended is None or ended > at or book.has(duty_key(ended)):
        return False
    due_on = day_of(ended, desk_zone()) + timedelta(days=settings.CONTRACT_DELETION_DAYS)
    passed = sum(day <= today(at) for day in duty_days(due_on))
    duty = DeletionDuty.objects.create(contract=book.contract, since=ended, due_on=due_on, reminders=passed)
    book.write(Happening.DELETION_ASKED, by=SYSTEM, at=at, key=duty_key(ended), facts={"due_on": due_on.isoformat()})
    mails.ask_for_deletion(duty, number=0, at=at)
    plan(book, at)
    return True


def remind(book: Book, at: datetime) -> bool:
    """Remind a customer who has not attested: once for all the days that have passed. Answers whether it did."""
    duty = DeletionDuty.objects.open().filter(contract=book.contract).first()
    passed = sum(day <= today(at) for day in duty_days(duty.due_on)) if duty else 0
    if duty is None or passed <= duty.reminders:
        return False
    DeletionDuty.objects.filter(pk=duty.pk).update(reminders=passed)
    key = f"deletion-reminded:{duty.pk}:{passed}"
    book.write(Happening.DELETION_REMINDED, by=SYSTEM, at=at, key=key, facts={"number": passed})
    mails.ask_for_deletion(duty, number=passed, at=at)
    plan(book, at)
    return True


@transaction.atomic
def attest(*, duty: DeletionDuty, name: str, user: User | None, by: Actor, at: datetime, words: str) -> DeletionDuty:
    """The customer says that every copy is deleted. Attested already: nothing, the first word stands.

    `words`: what was signed, as it was shown. Raises `LinkSpent`, `BadTerm`.
    """
    book = Book.open(duty.contract, at)
    duty = DeletionDuty.objects.select_for_update().get(pk=duty.pk)
    if duty.attested_at is not None:
        return duty
    if duty.withdrawn_at is not None:
        raise LinkSpent(_("There is nothing to attest any more."))
    if not name.strip():
        raise BadTerm(_("Write the name of who attests."), "name")
    DeletionDuty.objects.filter(pk=duty.pk).update(
        attested_at=at, attested_by=name.strip()[:150], attested_user=user, words=words
    )
    book.write(Happening.DELETION_ATTESTED, by=by, at=at, key=f"deletion-attested:{duty.pk}")
    plan(book, at)
    duty.refresh_from_db()
    papers.issue_attestation(duty, by=by, at=at)
    return duty


@transaction.atomic
def waive(*, contract: Contract, by: Actor, at: datetime, why: str) -> None:
    """Nobody has to attest: another contract follows, or the copies were paid for. Nothing open: nothing."""
    book = Book.open(contract, at)
    duty = DeletionDuty.objects.open().filter(contract=contract).first()
    if duty is None:
        return
    DeletionDuty.objects.filter(pk=duty.pk).update(withdrawn_at=at)
    book.write(Happening.DELETION_WAIVED, by=by, at=at, key=f"deletion-waived:{duty.pk}", why=why)
    plan(book, at)

"""A contract is over."""

from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsroom.core.audit import Actor
from newsroom.licensing.contracts.book import Book, from_day, today
from newsroom.licensing.contracts.licences import settle
from newsroom.licensing.contracts.planning import plan, waits
from newsroom.licensing.contracts.rules import (
    BadTerm,
    Happening,
    InThePast,
    NotNow,
    OutsideTerm,
    State,
    check_follows,
    state_before,
)
from newsroom.licensing.models import Contract, DeletionDuty


@transaction.atomic
def expire(*, contract: Contract, by: Actor, at: datetime, why: str = "") -> None:
    """The last period is over and nothing follows it. Expired already: nothing. Raises `NotNow`."""
    book = Book.open(contract, at)
    if book.state == State.EXPIRED:
        return
    check_follows(book.state, Happening.EXPIRED)
    ends_at = book.last.period_end
    if at < ends_at or book.renews or waits(book):
        raise NotNow(_("The contract does not end yet."))
    book.close(ends_at, at)
    book.write(Happening.EXPIRED, by=by, at=at, effective=ends_at, key=f"expired:{book.last.period_to}", why=why)
    settle(book, by=by, at=at, why=why)
    plan(book, at)


@transaction.atomic
def terminate(*, contract: Contract, on: date, by: Actor, at: datetime, why: str) -> None:
    """From this day on (today: from now on) nothing of the contract holds. For that day already: nothing.

    Raises `InThePast`, `OutsideTerm`, `BadTerm` without a reason, `NotNow`.
    """
    book = Book.open(contract, at)
    key = f"terminated:{on.isoformat()}:{sum(each.kind == Happening.TERMINATION_WITHDRAWN for each in book.events)}"
    if book.has(key):
        return
    check_follows(book.state, Happening.TERMINATED)
    _check(book, on, at, why)
    ends_at = from_day(on, at)
    facts = book.close(ends_at, at)
    book.write(Happening.TERMINATED, by=by, at=at, effective=ends_at, key=key, why=why, facts=facts)
    settle(book, by=by, at=at, why=why)
    plan(book, at)


def _check(book: Book, on: date, at: datetime, why: str) -> None:
    if not why.strip():
        raise BadTerm(_("A termination needs its reason."), "why")
    if on < today(at):
        raise InThePast(_("A contract ends today or on a later day."), "on")
    if on > book.last.period_to:
        raise OutsideTerm(
            _("The contract runs until %(day)s. Give notice instead.")
            % {"day": date_format(book.last.last_day, "j F Y")},
            "on",
        )


@transaction.atomic
def withdraw_termination(*, contract: Contract, by: Actor, at: datetime, why: str) -> None:
    """The contract goes on as it was. Not terminated: nothing. Raises `NotNow` once its end is past for good."""
    book = Book.open(contract, at)
    last = book.latest(Happening.TERMINATED)
    if book.state != State.TERMINATED or last is None:
        return
    if DeletionDuty.objects.filter(contract=contract, withdrawn_at=None).exclude(attested_at=None).exists():
        raise NotNow(_("The customer has attested that every copy is deleted. Make a new contract."))
    state = state_before(book.events, Happening.TERMINATED)
    book.unsay(last.facts, at)
    if book.last.period_end <= at:
        raise NotNow(_("The period has ended meanwhile. Make a new contract."))
    DeletionDuty.objects.open().filter(contract=contract).update(withdrawn_at=at)
    key = f"termination-withdrawn:{len(book.events)}"
    book.write(Happening.TERMINATION_WITHDRAWN, by=by, at=at, key=key, state=state, why=why)
    settle(book, by=by, at=at, why=why)
    plan(book, at)

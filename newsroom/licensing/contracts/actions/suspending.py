"""A contract rests, and goes on."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from newsroom.core.audit import Actor
from newsroom.licensing.contracts.book import Book, today
from newsroom.licensing.contracts.licences import settle
from newsroom.licensing.contracts.planning import plan
from newsroom.licensing.contracts.prices import credit
from newsroom.licensing.contracts.rules import Happening, Pause, State, check_follows, state_before
from newsroom.licensing.models import Contract


@transaction.atomic
def suspend(*, contract: Contract, by: Actor, at: datetime, why: str) -> None:
    """Every licence of the contract rests at once. Suspended already: nothing. Raises `NotNow`."""
    book = Book.open(contract, at)
    if book.state == State.SUSPENDED:
        return
    book.write(Happening.SUSPENDED, by=by, at=at, key=f"suspended:{len(book.events)}", why=why)
    settle(book, by=by, at=at, why=why)
    plan(book, at)


@transaction.atomic
def resume(*, contract: Contract, by: Actor, at: datetime, why: str = "") -> None:
    """The licences hold again; the days are credited or move the end, as agreed. Not suspended: nothing.

    The line of the timeline says how many days, and what is credited: {"days", "credit": {"minor", "currency"}}.
    """
    book = Book.open(contract, at)
    since = book.latest(Happening.SUSPENDED)
    if book.state != State.SUSPENDED or since is None:
        return
    check_follows(book.state, Happening.RESUMED)
    state = state_before(book.events, Happening.SUSPENDED)
    first, until = today(since.at), today(at)
    facts: dict[str, Any] = {"days": (until - first).days, "pause": book.last.pause}
    if book.last.pause == Pause.EXTEND:
        _move(book, facts["days"], at)
    else:
        facts["credit"] = credit_for(book, first, until)
    key = f"resumed:{len(book.events)}"
    book.write(Happening.RESUMED, by=by, at=at, key=key, state=state, why=why, facts=facts)
    settle(book, by=by, at=at, why=why)
    plan(book, at)


def credit_for(book: Book, first: date, until: date) -> dict[str, Any]:
    """What the schedule asked for these days, in minor units."""
    parts = [credit(each, first, until) for each in book.versions]
    return {"minor": sum(each.minor for each in parts if each), "currency": book.contract.currency}


def _move(book: Book, days: int, at: datetime) -> None:
    """The period ends so many days later, and they are free. Of an amendment to come, it moves that version's end."""
    last = book.last
    if days and last.valid_to is None:
        moved = {"period_to": last.period_to + timedelta(days=days), "moved_days": last.moved_days + days}
        book.say(max(at, last.valid_from), at, **moved)

"""A contract says something else from a day on."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsroom.core.audit import Actor
from newsroom.licensing.contracts import papers
from newsroom.licensing.contracts.book import Book, from_day, kept, today
from newsroom.licensing.contracts.changes import Change, compare, total
from newsroom.licensing.contracts.dates import last_day
from newsroom.licensing.contracts.licences import check_products, check_seats, settle
from newsroom.licensing.contracts.planning import plan
from newsroom.licensing.contracts.rules import (
    BadLine,
    Happening,
    InThePast,
    NotNow,
    OutsideTerm,
    Overlapping,
    check_follows,
    state_before,
)
from newsroom.licensing.contracts.terms import Agreed, Terms, check_lines, check_terms
from newsroom.licensing.lines import Line
from newsroom.licensing.models import Contract, ContractVersion

Lines = Sequence[tuple[int | None, Line]]


@transaction.atomic
def amend(
    *,
    contract: Contract,
    since: date,
    lines: Lines,
    by: Actor,
    at: datetime,
    why: str,
    terms: Terms | None = None,
) -> ContractVersion:
    """From this day on the contract has these lines: (its key, or None for a new one, and what it says), and what is
    not among them ends. The same lines and terms again change nothing.

    Raises `InThePast`, `OutsideTerm`, `Overlapping`, `SeatsOccupied`, `UnknownProduct`, `BadLine`, `BadTerm`, `NotNow`.
    """
    book = Book.open(contract, at)
    agreed = numbered(book, lines, since)
    terms = terms or book.last.terms
    if agreed == list(book.last.agreed) and terms == book.last.terms:
        return book.last
    check_amendment(book, agreed, terms, since, at)
    facts = _said(book, agreed, terms, since, at)
    key = f"amended:{book.last.number}"
    book.write(Happening.AMENDED, by=by, at=at, effective=book.last.valid_from, key=key, why=why, facts=facts)
    settle(book, by=by, at=at, why=why)
    plan(book, at)
    papers.issue_contract(book, by=by, at=at)
    return book.last


def _said(book: Book, agreed: list[Agreed], terms: Terms, since: date, at: datetime) -> dict[str, Any]:
    """Write the version, and answer the facts of the timeline: what changes, in lines and money."""
    changes = compare(book.last.agreed, agreed, book.contract.currency)
    facts: dict[str, Any] = book.say(from_day(since, at), at, lines=kept(agreed), **terms.as_columns())
    facts |= {
        "version": book.last.number,
        "changes": [{"key": each.key, "kind": each.kind, "year": each.year.minor} for each in changes],
        "year": total(changes, book.contract.currency).minor,
    }
    return facts


@transaction.atomic
def preview(*, contract: Contract, since: date, lines: Lines, at: datetime, terms: Terms | None = None) -> list[Change]:
    """What an amendment would change, line by line. Writes nothing; raises as `amend` does."""
    book = Book.open(contract, at)
    agreed = numbered(book, lines, since)
    check_amendment(book, agreed, terms or book.last.terms, since, at)
    return compare(book.last.agreed, agreed, contract.currency)


def numbered(book: Book, lines: Lines, since: date) -> list[Agreed]:
    """The lines with their keys; a new one gets a key that no line of this contract ever had."""
    kept_since = {each.key: each.since for each in book.last.agreed}
    unknown = [key for key, _line in lines if key is not None and key not in kept_since]
    if unknown:
        raise BadLine(_("The contract has no line %(key)s.") % {"key": unknown[0]}, "lines")
    fresh = iter(range(book.next_key, book.next_key + len(lines)))
    found = [(next(fresh) if key is None else key, line) for key, line in lines]
    return [Agreed(key, line, kept_since.get(key, since)) for key, line in found]


def check_amendment(book: Book, agreed: list[Agreed], terms: Terms, since: date, at: datetime) -> None:
    """Whether this can be agreed now. Raises as `amend` does."""
    check_follows(book.state, Happening.AMENDED)
    if since < today(at):
        raise InThePast(_("What is over cannot be agreed differently: choose today or a later day."), "since")
    if not book.last.period_from <= since < book.last.period_to:
        raise OutsideTerm(
            _("The current period ends with %(day)s. What is to hold later is agreed once it is renewed.")
            % {"day": date_format(last_day(book.last.period_to), "j F Y")},
            "since",
        )
    if book.last.valid_from > at and book.last.number > 1:
        raise Overlapping(
            _("A change from %(day)s is agreed already. Withdraw it first.")
            % {"day": date_format(book.last.valid_from, "j F Y")},
            "since",
        )
    check_terms(terms)
    check_lines(agreed, book.contract.currency)
    check_products(agreed)
    check_seats(book, agreed, at)


@transaction.atomic
def withdraw_amendment(*, contract: Contract, by: Actor, at: datetime, why: str) -> None:
    """The last amendment, which has not begun, is as if never agreed. Withdrawn already: nothing. Raises `NotNow`."""
    book = Book.open(contract, at)
    last = book.latest(Happening.AMENDED)
    if last is None or book.has(f"withdrawn:{last.key}"):
        return
    if last.effective <= at or not book.still_stands(last.facts):
        raise NotNow(_("The change has begun. Agree to another one instead."))
    state = state_before(book.events, Happening.AMENDED)
    book.unsay(last.facts, at)
    book.write(Happening.AMENDMENT_WITHDRAWN, by=by, at=at, key=f"withdrawn:{last.key}", state=state, why=why)
    settle(book, by=by, at=at, why=why)
    plan(book, at)
    papers.issue_contract(book, by=by, at=at)

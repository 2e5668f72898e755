"""Recurring money at the ends of months, and what moved it: opening + movements = closing, in each currency. Pure.

A month's money is a twelfth of a year's, rounded to the minor unit for each span. Nothing is ever added across
currencies. Within a scope (one plan, one country), who comes from or goes to another part of the house has `moved`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from newsroom.billing.finance.months import end_of, moment
from newsroom.billing.finance.recurring import rounded


@dataclass(frozen=True, slots=True)
class Span:
    """So much in a year, from one moment until another, that this holder pays. Minor units, without tax."""

    holder: str
    source: str
    product: str
    country: str
    currency: str
    starts_at: datetime
    ends_at: datetime
    yearly: int
    involuntary: bool = False

    @property
    def monthly(self) -> int:
        return rounded(self.yearly, 12)

    def covers(self, at: datetime) -> bool:
        """Just before this moment: what begins with a month is none of the month before."""
        return self.starts_at < at <= self.ends_at


class Kind(StrEnum):
    """Why recurring money is not what it was a month before."""

    NEW = "new"
    EXPANSION = "expansion"
    CONTRACTION = "contraction"
    CHURN_VOLUNTARY = "churn_voluntary"
    CHURN_INVOLUNTARY = "churn_involuntary"
    REACTIVATION = "reactivation"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Move:
    """What one holder's recurring money in one currency was at the beginning of a month, and what at its end."""

    month: date
    holder: str
    currency: str
    opening: int
    closing: int
    kind: Kind | None

    @property
    def delta(self) -> int:
        return self.closing - self.opening


Measure = Callable[[Span], int]
Scope = Callable[[Span], bool]


def monthly(span: Span) -> int:
    return span.monthly


def yearly(span: Span) -> int:
    return span.yearly


def everything(_span: Span) -> bool:
    return True


def moves(
    spans: Iterable[Span], months: Iterable[date], at: datetime, measure: Measure = monthly, scope: Scope = everything
) -> list[Move]:
    """One move for each holder, currency and month in which it had something at either end.

    The month that holds `at` ends at it; months to come have none.
    """
    books, known = _books(spans), [each for each in months if moment(each) < at]
    found = [
        move
        for month in known
        for book in books
        for move in _in_month(book, month, min(end_of(month), at), measure, scope)
    ]
    return sorted(found, key=lambda each: (each.month, each.currency, each.holder))


def _books(spans: Iterable[Span]) -> list[list[Span]]:
    books: dict[str, list[Span]] = defaultdict(list)
    for each in spans:
        books[each.holder].append(each)
    return list(books.values())


def _in_month(book: list[Span], month: date, ends: datetime, measure: Measure, scope: Scope) -> list[Move]:
    """`book`: all of one holder."""
    begins = moment(month)
    before, after = [each for each in book if each.covers(begins)], [each for each in book if each.covers(ends)]
    found = []
    for currency in sorted({each.currency for each in before + after if scope(each)}):
        opening = sum(measure(each) for each in before if each.currency == currency and scope(each))
        closing = sum(measure(each) for each in after if each.currency == currency and scope(each))
        if opening or closing:
            kind = _kind(book, opening, closing, begins, ends)
            found.append(Move(month, book[0].holder, currency, opening, closing, kind))
    return found


def _kind(book: list[Span], opening: int, closing: int, begins: datetime, ends: datetime) -> Kind | None:
    if opening == closing:
        return None
    if opening and closing:
        return Kind.EXPANSION if closing > opening else Kind.CONTRACTION
    if opening:
        return _left(book, begins, ends)
    if any(each.covers(begins) for each in book):
        return Kind.MOVED
    return Kind.REACTIVATION if any(each.starts_at < begins for each in book) else Kind.NEW


def _left(book: list[Span], begins: datetime, ends: datetime) -> Kind:
    """Why the holder has nothing any more: as the last of what it had ended."""
    if any(each.covers(ends) for each in book):
        return Kind.MOVED
    last = max(
        (each for each in book if begins <= each.ends_at < ends), key=lambda each: (each.ends_at, each.involuntary)
    )
    return Kind.CHURN_INVOLUNTARY if last.involuntary else Kind.CHURN_VOLUNTARY

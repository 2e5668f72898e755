"""The journal, and closing its months. What is closed is the database's to keep; what comes later lands in the open one."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.billing.finance import book
from newsroom.billing.finance.chart import chart
from newsroom.billing.finance.months import day_of, end_of, first_of, last_of, month_of, next_month, number_of
from newsroom.billing.models import (
    ChartAccount,
    ClosedMonth,
    Entry,
    Invoice,
    JournalLine,
    OutboxCall,
    Reconcile,
    StripeEvent,
)
from newsroom.core import audit
from newsroom.core.errors import Refused

KEY = "account_id, paper, happening, role, currency, of_day"


class CannotClose(Refused):
    """The month cannot be closed now."""


class NothingToClose(CannotClose):
    """There is no entry in the book."""


class MonthNotOver(CannotClose):
    """The month still runs."""


class NotInOrder(CannotClose):
    """An earlier month is open, or this one is closed already."""


class EventsOpen(CannotClose):
    """News from Stripe was not looked at."""


class CallsOpen(CannotClose):
    """What we asked Stripe for has no answer."""


class DraftsOpen(CannotClose):
    """Invoices of the month are drafts."""


class NotCompared(CannotClose):
    """Nobody compared us with Stripe since the month's end."""


class DriftFound(CannotClose):
    """The last comparison with Stripe found a difference."""


class BooksBehind(CannotClose):
    """More is known of an account than stands in its book."""


@dataclass(frozen=True, slots=True)
class Post:
    """A line as it would be written. `corrects`: the number of the line that said otherwise, 0 for none."""

    day: date
    of_day: date
    account_id: int
    paper: str
    number: str
    happening: str
    role: str
    currency: str
    amount: int
    corrects: int = 0


def last_closed() -> ClosedMonth | None:
    return ClosedMonth.objects.order_by("-pk").first()


def open_month() -> date | None:
    """The first month that is not closed; None while the book is empty."""
    closed = last_closed()
    if closed is not None:
        return next_month(month_of(closed.pk))
    first = Entry.objects.aggregate(first=Min("day"))["first"]
    return first_of(first) if first else None


def outstanding(month: date) -> list[Post]:
    """What closing this month, the first open one, would write: its entries, and what changed of closed months.

    That lands on the month's first day. An entry that is gone is written once more with the opposite sign, so that
    each happening's lines still sum to zero on the day.
    """
    found = []
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCE, [last_of(month)])
        for account_id, paper, happening, role, currency, of_day, amount, number, corrects in cursor:
            day = max(of_day, month)
            found.append(
                Post(day, of_day, account_id, paper, number, happening, role, currency, int(amount), corrects or 0)
            )
    return sorted(found, key=lambda each: (each.day, each.of_day, each.paper, each.happening, each.role, each.currency))


DIFFERENCE = f"""
SELECT {KEY}, SUM(amount_minor), MAX(number), MAX(line)
FROM (
    SELECT account_id, paper, happening, role, currency, day AS of_day, amount_minor, number, NULL::integer AS line
    FROM billing_entry WHERE day <= %s
    UNION ALL
    SELECT account_id, paper, happening, role, currency, of_day, -amount_minor, number, line
    FROM billing_journalline
) said
GROUP BY {KEY}
HAVING SUM(amount_minor) <> 0
"""  # noqa: S608  # our own column names


def check(month: date, at: datetime) -> None:
    """Raises the refusal that stands in the way of closing this month."""
    expected = open_month()
    if expected is None:
        raise NothingToClose(_("There is nothing in the book."))
    if month != expected:
        raise NotInOrder(
            _("Months are closed one after the other: the next is %(month)s.") % {"month": f"{expected:%Y-%m}"}
        )
    if at < end_of(month):
        raise MonthNotOver(_("The month is not over."))
    _check_queues()
    _check_compared(month)
    drafts = Invoice.objects.filter(status="draft", created_at__lt=end_of(month)).count()
    if drafts:
        raise DraftsOpen(_("Invoices of this month that are still drafts: %(number)s.") % {"number": drafts})
    if late := book.behind().count():
        raise BooksBehind(_("Accounts whose book is behind what we know: %(number)s.") % {"number": late})


def _check_queues() -> None:
    if events := StripeEvent.objects.exclude(state__in=("done", "ignored")).count():
        raise EventsOpen(_("Events from Stripe that were not looked at: %(number)s.") % {"number": events})
    if calls := OutboxCall.objects.unanswered().count():
        raise CallsOpen(_("Calls to Stripe without an answer: %(number)s.") % {"number": calls})


def _check_compared(month: date) -> None:
    last = Reconcile.objects.filter(kind=Reconcile.Kind.OBJECTS).order_by("-at", "-pk").first()
    if last is None or last.at < end_of(month):
        raise NotCompared(_("We were not compared with Stripe since the month ended. That is done every night."))
    if last.repaired:
        raise DriftFound(
            _("The last comparison with Stripe repaired %(number)s. Compare once more.") % {"number": last.repaired}
        )


@transaction.atomic
def close(*, month: date, note: str, by: User, at: datetime) -> ClosedMonth:
    """The month's journal is written and moves no more. Raises a `CannotClose`."""
    with connection.cursor() as cursor:  # nobody writes a book meanwhile, and nobody else closes
        cursor.execute("LOCK TABLE billing_entry, billing_closedmonth IN SHARE ROW EXCLUSIVE MODE")
    check(month, at)
    posts, before = outstanding(month), last_closed()
    first = (JournalLine.objects.aggregate(last=Max("line"))["last"] or 0) + 1
    known, accounts = _lines_named(posts), chart()
    number = number_of(month)
    lines = [_line(number, first + index, post, accounts[post.role], known) for index, post in enumerate(posts)]
    JournalLine.objects.bulk_create(lines, batch_size=1000)
    closed = ClosedMonth.objects.create(
        pk=number,
        closed_at=at,
        closed_by=by,
        closed_label=by.actor.label,
        note=note,
        lines=len(lines),
        last_number=first + len(lines) - 1,
        before=before.digest if before else "",
        digest=digest(before.digest if before else "", map(in_words, lines)),
    )
    audit.record("finance.month_closed", by=by.actor, of=closed, at=at, why=note, facts={"lines": len(lines)})
    return closed


def _lines_named(posts: Iterable[Post]) -> dict[int, int]:
    wanted = {each.corrects for each in posts if each.corrects}
    return dict(JournalLine.objects.filter(line__in=wanted).values_list("line", "pk"))


def _line(month: int, line: int, post: Post, account: ChartAccount, known: dict[int, int]) -> JournalLine:
    return JournalLine(
        month_id=month,
        line=line,
        day=post.day,
        of_day=post.of_day,
        account_id=post.account_id,
        happening=post.happening,
        role=post.role,
        code=account.code,
        name=account.name,
        currency=post.currency,
        amount_minor=post.amount,
        paper=post.paper,
        number=post.number,
        corrects_id=known.get(post.corrects),
    )


def in_words(line: JournalLine) -> str:
    """The line as the hash sees it."""
    parts: list[Any] = [
        line.line, line.day, line.of_day, line.code, line.currency, line.amount_minor, line.happening, line.paper, line.account_id
    ]  # fmt: skip
    return "\x1f".join(map(str, parts))


def digest(before: str, lines: Iterable[str]) -> str:
    """The hash of these lines after that one."""
    found = hashlib.sha256(before.encode())
    for each in lines:
        found.update(b"\x1e" + each.encode())
    return found.hexdigest()


def proven() -> Iterator[tuple[ClosedMonth, bool]]:
    """Each closed month, and whether its lines still give its hash."""
    before = ""
    for month in ClosedMonth.objects.order_by("pk"):
        lines = JournalLine.objects.filter(month=month).order_by("line").iterator(chunk_size=1000)
        yield month, month.before == before and month.digest == digest(before, map(in_words, lines))
        before = month.digest


def month_at(at: datetime) -> date:
    return first_of(day_of(at))

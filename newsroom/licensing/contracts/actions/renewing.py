"""Another period."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsroom.core.audit import Actor
from newsroom.licensing.contracts import papers
from newsroom.licensing.contracts.book import Book, kept
from newsroom.licensing.contracts.dates import add_months, last_day
from newsroom.licensing.contracts.licences import settle
from newsroom.licensing.contracts.planning import plan
from newsroom.licensing.contracts.rules import BadTerm, Happening, NotNow, check_follows
from newsroom.licensing.contracts.terms import WHOLE, Agreed
from newsroom.licensing.models import Contract


@transaction.atomic
def renew(
    *, contract: Contract, period_to: date, by: Actor, at: datetime, why: str = "", index: int | None = None
) -> None:
    """The period that runs until `period_to` is followed by another, at prices that have risen as agreed.

    `index`: what the index says, in basis points, instead of the agreed rise; the cap holds. A period that was renewed
    already is not renewed again. Raises `NotNow`, `BadTerm`.
    """
    book = Book.open(contract, at)
    if book.has(f"renewed:{period_to.isoformat()}"):
        return
    _check(book, period_to, index)
    last = book.last
    rise = last.terms.rise(index)
    lines = [_risen(each, rise) for each in last.agreed]
    prices = [
        {"key": old.key, "before": old.line.price.minor, "after": new.line.price.minor}
        for old, new in zip(last.agreed, lines, strict=True)
    ]
    facts: dict[str, Any] = book.say(last.period_end, at, lines=kept(lines), **next_period(last))
    facts |= {"rise": rise, "prices": prices, "period_to": book.last.period_to.isoformat()}
    key = f"renewed:{period_to.isoformat()}"
    book.write(Happening.RENEWED, by=by, at=at, effective=book.last.valid_from, key=key, why=why, facts=facts)
    settle(book, by=by, at=at, why=why)
    plan(book, at)
    papers.issue_contract(book, by=by, at=at)


def next_period(last: Any) -> dict[str, Any]:
    """The days of the next period. Counted from the anchor; where a suspension moved the end, that is a new anchor."""
    anchor, months = (last.period_to, 0) if last.moved_days else (last.anchor, last.months)
    months += last.term_months
    return {
        "anchor": anchor,
        "months": months,
        "period_from": last.period_to,
        "period_to": add_months(anchor, months),
        "moved_days": 0,
    }


def _risen(agreed: Agreed, rise: int) -> Agreed:
    """What was paid once is not paid again, so it does not rise either."""
    return agreed if agreed.line.interval == "once" else agreed.risen(rise)


def _check(book: Book, period_to: date, index: int | None) -> None:
    check_follows(book.state, Happening.RENEWED)
    if index is not None and not 0 <= index <= WHOLE:
        raise BadTerm(_("Prices rise by 0 to 100 percent."), "index")
    if book.last.period_to != period_to:
        raise NotNow(
            _("The current period ends with %(day)s.") % {"day": date_format(last_day(book.last.period_to), "j F Y")}
        )
    if book.notice is not None and book.notice <= period_to:
        raise NotNow(_("Notice was given for the end of this period. Withdraw it first."))

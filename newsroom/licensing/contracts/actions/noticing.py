"""One side says that it will not go on."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsroom.core.audit import Actor
from newsroom.licensing.contracts.actions.renewing import next_period
from newsroom.licensing.contracts.book import Book, today
from newsroom.licensing.contracts.dates import last_day
from newsroom.licensing.contracts.licences import settle
from newsroom.licensing.contracts.planning import plan
from newsroom.licensing.contracts.rules import BadTerm, Happening, NotNow, Side, TooLate, check_follows
from newsroom.licensing.models import Contract


@transaction.atomic
def give_notice(
    *, contract: Contract, side: Side, by: Actor, at: datetime, why: str = "", until: date | None = None
) -> date:
    """The contract ends with its current period, or with `until`, the end of the next. Answers the first day without.

    Raises `TooLate`, with the earliest day that is left, once the notice period has begun; `NotNow`, `BadTerm`.
    """
    book = Book.open(contract, at)
    if book.notice is not None:
        if until in {None, book.notice}:
            return book.notice
        raise NotNow(_("Notice was given already, for another day."))
    check_follows(book.state, Happening.NOTICE_GIVEN)
    ends = _checked(book, until, at)
    key = f"notice:{len(book.events)}"
    facts = {"until": ends.isoformat(), "side": str(side)}
    book.write(Happening.NOTICE_GIVEN, by=by, at=at, key=key, why=why, facts=facts)
    settle(book, by=by, at=at, why=why)
    plan(book, at)
    return ends


def _checked(book: Book, until: date | None, at: datetime) -> date:
    last = book.last
    following: date = next_period(last)["period_to"]
    if not last.auto_renew:
        raise NotNow(
            _("The contract ends by itself with %(day)s; no notice is needed.")
            % {"day": date_format(last.last_day, "j F Y")}
        )
    if until not in {None, last.period_to, following}:
        raise BadTerm(_("Notice counts for the end of this period or of the next."), "until")
    if until != following and today(at) > last.notice_by:
        raise TooLate(
            _(
                "Notice for %(end)s had to be given by %(day)s: the contract renews. Notice given now counts for "
                "%(next)s."
            )
            % {
                "end": date_format(last.last_day, "j F Y"),
                "day": date_format(last.notice_by, "j F Y"),
                "next": date_format(last_day(following), "j F Y"),
            },
            earliest=following,
        )
    if today(at) > following - timedelta(days=last.notice_days):
        raise NotNow(_("The contract is being renewed. Try again in a moment."))
    return until or last.period_to


@transaction.atomic
def withdraw_notice(*, contract: Contract, by: Actor, at: datetime, why: str = "") -> None:
    """The contract goes on as if no notice had been given. None given: nothing."""
    book = Book.open(contract, at)
    if book.notice is None:
        return
    key = f"notice-withdrawn:{len(book.events)}"
    book.write(Happening.NOTICE_WITHDRAWN, by=by, at=at, key=key, why=why)
    settle(book, by=by, at=at, why=why)
    plan(book, at)

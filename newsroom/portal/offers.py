"""What a reader can do about a story that has to be spent: the button, and the words of what is left. Pure but the token."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsroom.access import prices
from newsroom.access.rules import Decision, Reason
from newsroom.accounts.readers import Reader
from newsroom.licensing.rules import Source, Use

SPENDING = frozenset({Reason.METERED, Reason.QUOTA_SPENT, Reason.OVERAGE, Reason.PRICE_CHANGED, Reason.SEATS_FULL})


@dataclass(frozen=True, slots=True)
class Offer:
    """A form of one button. `fields`: what it sends along."""

    url: str
    label: str
    fields: tuple[tuple[str, str], ...] = ()


def offer_for(
    decision: Decision, *, reader: Reader, item_id: int, here: str, at: datetime, use: Use = Use.READ, position: int = 0
) -> Offer | None:
    """The button under this refusal, where pressing one opens the story."""
    download = (("position", str(position)),) if use is Use.DOWNLOAD else ()
    if decision.reason is Reason.METERED and decision.remaining:
        left = {"left": decision.remaining, "all": decision.allowance}
        return Offer(f"{here}read/", _("Read this story, %(left)s of %(all)s left") % left, download)
    if decision.reason in {Reason.OVERAGE, Reason.PRICE_CHANGED}:
        token = prices.offer(decision, reader=reader, item_id=item_id, use=use, at=at)
        return Offer(f"{here}read/", _("Accept %(price)s") % {"price": decision.price}, (("accept", token), *download))
    return None


def words(decision: Decision) -> tuple[str, str]:
    """The wall's title and text for what spending refuses."""
    date = _date(decision.until)
    match decision.reason:
        case Reason.METERED:
            return _("This story is for licence holders"), _left(decision.remaining or 0, date)
        case Reason.QUOTA_SPENT if decision.source == Source.METER:
            return (
                _("You have read your free stories"),
                _("There are new ones on %(date)s. Subscribe to read every story today.") % {"date": date},
            )
        case Reason.QUOTA_SPENT:
            return _("Your quota is used up"), _anew(date)
        case Reason.OVERAGE:
            return _("Your quota is used up"), _priced(decision)
        case Reason.PRICE_CHANGED:
            return _("The price has changed"), _priced(decision)
    return (
        _("Every seat of your licence is taken"),
        _("A seat is free again a quarter of an hour after its reader stops. Ask your organisation for more seats."),
    )


def _left(number: int, date: str) -> str:
    return ngettext(
        "You may read %(number)s more story without a licence until %(date)s.",
        "You may read %(number)s more stories without a licence until %(date)s.",
        number,
    ) % {"number": number, "date": date}


def _anew(date: str) -> str:
    if not date:
        return _("It was agreed for the whole term. Stories that you have opened stay open.")
    return _("It begins anew on %(date)s. Stories that you have opened stay open.") % {"date": date}


def _priced(decision: Decision) -> str:
    return _(
        "Your contract agrees a price for each further story: %(price)s. It is charged with your next invoice."
    ) % {"price": decision.price}


def _date(at: datetime | None) -> str:
    return formats.date_format(timezone.localtime(at), "j F Y") if at else ""

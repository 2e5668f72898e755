"""What a cell means: dates, lists, quotas. Each answers the value, or raises `BadCell`. Pure."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from newsroom.core.countries import is_country
from newsroom.core.errors import Refused
from newsroom.licensing.move_in.reading import Row
from newsroom.licensing.rules import Limits, Period, Quota, Rendition, SeatKind

YES, NO = frozenset({"yes", "true", "1", "evet"}), frozenset({"", "no", "false", "0", "hayır"})


class BadCell(Refused):
    """A cell cannot be understood. `field` is its column."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def needed(row: Row, name: str, longest: int = 254) -> str:
    if not row[name]:
        raise BadCell(name, _("is missing"))
    if len(row[name]) > longest:
        raise BadCell(name, _("is longer than %(most)d characters") % {"most": longest})
    return row[name]


def email(row: Row, name: str = "email") -> str:
    address = needed(row, name).lower()
    try:
        validate_email(address)
    except ValidationError:
        raise BadCell(name, _("is no e-mail address")) from None
    return address


def country(row: Row) -> str:
    code = needed(row, "country").upper()
    if not is_country(code):
        raise BadCell("country", _("“%(code)s” is no country of ISO 3166-1") % {"code": code})
    return code


def day(row: Row, name: str) -> date | None:
    """`2026-03-01` or `01.03.2026`; None for an empty cell."""
    if not row[name]:
        return None
    for shape in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(row[name], shape).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise BadCell(name, _("“%(words)s” is no date: write 2026-03-01") % {"words": row[name]})


def period(starts: date | None, ends: date | None, zone: tzinfo) -> tuple[datetime, datetime | None]:
    """From the first day's midnight to the one after the last day."""
    if starts is None:
        raise BadCell("starts", _("is missing"))
    if ends is not None and ends < starts:
        raise BadCell("ends", _("lies before the start"))
    until = datetime.combine(ends + timedelta(days=1), time(), zone) if ends else None
    return datetime.combine(starts, time(), zone), until


def many(row: Row, name: str) -> list[str]:
    """What stands between `|`."""
    return [each.strip() for each in row[name].split("|") if each.strip()]


def number(row: Row, name: str, least: int) -> int | None:
    if not row[name]:
        return None
    if not (row[name].lstrip("-").isascii() and row[name].lstrip("-").isdigit()):
        raise BadCell(name, _("“%(words)s” is no whole number") % {"words": row[name]})
    found = int(row[name])
    if not least <= found < 2**31:
        raise BadCell(name, _("must be at least %(least)d") % {"least": least})
    return found


def quotas(row: Row) -> tuple[Quota, ...]:
    """`publish:300/month|read:9000/year`."""
    return tuple(_quota(each) for each in many(row, "quotas"))


def _quota(words: str) -> Quota:
    use, _colon, rest = words.partition(":")
    limit, _slash, over = rest.partition("/")
    if not (limit.isascii() and limit.isdigit()) or over not in Period.values:
        raise BadCell("quotas", _("“%(words)s” is no quota: write publish:300/month") % {"words": words})
    if not 0 < int(limit) < 2**31:
        raise BadCell("quotas", _("a quota is at least one story"))
    return Quota(use, int(limit), over)


def one_of(row: Row, name: str, choices: dict[str, Any], usual: Any) -> Any:
    if not row[name]:
        return usual
    if row[name].lower() not in choices:
        known = ", ".join(choices)
        raise BadCell(name, _("“%(words)s” is none of %(known)s") % {"words": row[name], "known": known})
    return choices[row[name].lower()]


def limits(row: Row) -> Limits:
    archive = number(row, "archive_days", 1)
    return Limits(
        channels=frozenset(many(row, "channels")),
        territories=frozenset(each.upper() for each in many(row, "territories")),
        formats=frozenset(many(row, "formats")),
        delay=timedelta(hours=number(row, "delay_hours", 0) or 0),
        archive=timedelta(days=archive) if archive else None,
        rendition=one_of(row, "rendition", {each.name.lower(): each for each in Rendition}, Rendition.ORIGINAL),
        under_embargo=one_of(row, "under_embargo", dict.fromkeys(YES, True) | dict.fromkeys(NO, False), False),
        seats=number(row, "seats", 1),
        seat_kind=one_of(row, "seat_kind", {str(each): each for each in SeatKind}, SeatKind.NAMED),
        quotas=quotas(row),
    )

"""What a line and the terms of a contract say, in plain words of the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from newsroom.core.countries import countries
from newsroom.core.money import Money
from newsroom.licensing.contracts.rules import Pause
from newsroom.licensing.contracts.terms import Terms
from newsroom.licensing.lines import Line
from newsroom.licensing.rules import Channel, Limits, Period, Quota, Rendition, SeatKind, Use


def line_in_words(line: Line, products: Mapping[str, str]) -> list[str]:
    """One sentence for each thing agreed. `products`: names by code."""
    names = ", ".join(products.get(code, code) for code in line.products) if line.products else _("every product")
    uses = ", ".join(str(Use(each).label) for each in line.uses)
    return [_("%(products)s: %(uses)s.") % {"products": names, "uses": uses}, *limits_in_words(line.limits)]


def limits_in_words(limits: Limits) -> list[str]:
    return [*_who(limits), *_where(limits), *_when(limits), *(quota_in_words(each) for each in limits.quotas)]


def _who(limits: Limits) -> list[str]:
    if limits.seats is None:
        return []
    number = limits.seats
    if limits.seat_kind == SeatKind.NAMED:
        return [ngettext("%(number)s named seat.", "%(number)s named seats.", number) % {"number": number}]
    return [ngettext("%(number)s person at a time.", "%(number)s people at a time.", number) % {"number": number}]


def _where(limits: Limits) -> list[str]:
    found = []
    if limits.territories:
        names = countries(get_language() or "en")
        listed = ", ".join(names.get(code, code) for code in sorted(limits.territories))
        found.append(_("Only in %(countries)s.") % {"countries": listed})
    if limits.channels:
        listed = ", ".join(str(Channel(each).label) for each in sorted(limits.channels))
        found.append(_("Only on %(channels)s.") % {"channels": listed})
    if limits.formats:
        found.append(_("Only as %(formats)s.") % {"formats": ", ".join(sorted(limits.formats))})
    if limits.rendition < Rendition.ORIGINAL:
        found.append(_("Pictures at most as %(size)s.") % {"size": Rendition(limits.rendition).label})
    return found


def _when(limits: Limits) -> list[str]:
    found = []
    if limits.delay:
        minutes = int(limits.delay.total_seconds()) // 60
        found.append(ngettext("After %(number)s minute.", "After %(number)s minutes.", minutes) % {"number": minutes})
    if limits.archive is not None:
        days = limits.archive.days
        found.append(
            ngettext("Stories of the last %(number)s day.", "Stories of the last %(number)s days.", days)
            % {"number": days}
        )
    if limits.under_embargo:
        found.append(_("Also under embargo."))
    return found


def quota_in_words(quota: Quota) -> str:
    words = {"number": quota.limit, "use": Use(quota.use).label, "period": Period(quota.period).label}
    said = _("%(use)s: at most %(number)s stories %(period)s.") % words
    if quota.overage is None:
        return said
    return said + " " + _("Each further story: %(price)s.") % {"price": quota.overage}


def price_in_words(price: Money, interval: str) -> str:
    """“€1,200.00 a year”."""
    each = {"month": _("a month"), "quarter": _("a quarter"), "year": _("a year"), "once": _("once")}[interval]
    return f"{price} {each}"


def percent(points: int) -> str:
    """Basis points as people write them: 250 is 2.5 %."""
    whole, rest = divmod(points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + " %"


def terms_in_words(terms: Terms, version: Any) -> list[tuple[str, str]]:
    """Label and value, for a page and for paper. `version`: the period, and by when notice counts."""
    period = f"{date_format(version.period_from, 'j F Y')} – {date_format(version.last_day, 'j F Y')}"
    months = ngettext("%(number)s month", "%(number)s months", terms.term_months) % {"number": terms.term_months}
    return [
        (_("Current period"), period),
        (_("Term"), months),
        (_("At the end of the period"), _renewal(terms, version)),
        (_("Prices at renewal"), _indexation(terms)),
        (_("Invoices"), _invoices(terms)),
        (_("Days of a suspension"), str(Pause(terms.pause).label)),
    ]


def _renewal(terms: Terms, version: Any) -> str:
    if not terms.auto_renew:
        return _("It ends.")
    return _("It renews by itself unless notice is given by %(day)s (%(number)s days before).") % {
        "day": date_format(version.notice_by, "j F Y"),
        "number": terms.notice_days,
    }


def _indexation(terms: Terms) -> str:
    if terms.indexation is None:
        return _("They stay.")
    said = _("They rise by %(rise)s.") % {"rise": percent(terms.indexation)}
    if not terms.indexation:
        said = _("They follow the index.")
    return said if terms.cap is None else said + " " + _("At most %(cap)s.") % {"cap": percent(terms.cap)}


def _invoices(terms: Terms) -> str:
    each = {"month": _("Each month"), "quarter": _("Each quarter"), "year": _("Each year")}
    said = each[terms.interval]
    return _("%(interval)s, in advance, to be paid within %(number)s days.") % {
        "interval": said,
        "number": terms.payment_days,
    }

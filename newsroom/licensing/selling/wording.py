"""What a line of an offer says, in the words of a document. Pure, in the active language."""

from collections.abc import Mapping

from babel.numbers import format_currency
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, to_locale

from newsroom.core.countries import countries
from newsroom.core.money import Money
from newsroom.licensing.lines import Line
from newsroom.licensing.rules import Channel, Limits, Period, Quota, Rendition, SeatKind, Use

DAY = 86_400


def money(amount: Money, locale: str) -> str:
    """`€12,000.00` as it is written in this language."""
    return str(format_currency(amount.amount, amount.currency.upper(), locale=to_locale(locale)))


def percent(basis_points: int) -> str:
    """`12.5 %` for 1250."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole} %" if not rest else f"{whole}.{f'{rest:02d}'.rstrip('0')} %"


def facts(line: Line, products: Mapping[str, str], locale: str) -> list[list[str]]:
    """Label and words of everything a line grants and limits. `products`: code to name."""
    named = [products.get(code, code) for code in line.products]
    rows = [
        [_("Products"), ", ".join(named) if named else _("every product, also those to come")],
        [_("Uses"), ", ".join(str(Use(each).label) for each in line.uses)],
    ]
    return rows + _limits(line.limits, locale)


def _limits(limits: Limits, locale: str) -> list[list[str]]:
    names = countries(to_locale(locale))
    found = [
        (_("Channels"), ", ".join(str(Channel(each).label) for each in sorted(limits.channels))),
        (_("Territories"), ", ".join(sorted(names.get(each, each) for each in limits.territories))),
        (_("Seats"), _seats(limits)),
        (_("Delay"), duration(int(limits.delay.total_seconds()))),
        (_("Archive"), duration(int(limits.archive.total_seconds())) if limits.archive else ""),
        (
            _("Largest picture"),
            "" if limits.rendition == Rendition.ORIGINAL else str(Rendition(limits.rendition).label),
        ),
        (_("Formats"), ", ".join(sorted(limits.formats))),
        (_("Embargo"), _("stories are received under embargo") if limits.under_embargo else ""),
    ]
    rows = [[str(label), words] for label, words in found if words]
    return rows + [[_("Quota"), quota_words(each, locale)] for each in limits.quotas]


def _seats(limits: Limits) -> str:
    if limits.seats is None:
        return ""
    kind = _("floating") if limits.seat_kind == SeatKind.FLOATING else _("named")
    return f"{limits.seats} ({kind})"


def duration(seconds: int) -> str:
    """`30 days`, `2 hours`, `15 minutes`, in the largest unit that is whole."""
    if seconds <= 0:
        return ""
    if seconds % DAY == 0:
        return ngettext("%(n)s day", "%(n)s days", seconds // DAY) % {"n": seconds // DAY}
    if seconds % 3600 == 0:
        return ngettext("%(n)s hour", "%(n)s hours", seconds // 3600) % {"n": seconds // 3600}
    minutes = -(-seconds // 60)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def quota_words(quota: Quota, locale: str) -> str:
    """`read: 500 stories a month; each further story €3.00`."""
    said = _("%(use)s: %(limit)s stories, %(period)s") % {
        "use": Use(quota.use).label,
        "limit": quota.limit,
        "period": Period(quota.period).label,
    }
    if quota.per_reader:
        said = _("%(quota)s, for each reader") % {"quota": said}
    if quota.overage is None:
        return said
    return _("%(quota)s; each further story %(price)s") % {"quota": said, "price": money(quota.overage, locale)}

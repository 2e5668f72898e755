"""A licence, and a story's own rights, in words that a customer understands."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from babel.lists import format_list
from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from newsroom.core.countries import countries
from newsroom.licensing.rights.said import Granted, Reserved
from newsroom.licensing.rules import Channel, Limits, Period, Quota, Rendition, SeatKind, Use

PER = {
    Period.DAY: lazy("a day"),
    Period.MONTH: lazy("a month"),
    Period.YEAR: lazy("a year"),
    Period.TERM: lazy("over the whole term"),
}
LIMITS = {
    "seats": lazy("seats"),
    "quotas": lazy("quotas"),
    "channels": lazy("channels"),
    "territories": lazy("territory"),
    "formats": lazy("formats"),
    "delay": lazy("delay"),
    "archive": lazy("archive"),
    "rendition": lazy("pictures"),
    "under_embargo": lazy("embargo"),
}
"""The limits by name, for their clauses."""


def paragraph(granted: Granted, products: Mapping[str, str]) -> str:
    """The licence in one paragraph. `products`: names by code."""
    return " ".join(sentences(granted, products))


def sentences(granted: Granted, products: Mapping[str, str]) -> list[str]:
    """What it grants, then each of its limits, then the agreement's own words."""
    return [
        _grant(granted, products),
        _term(granted),
        *limits_in_words(granted.limits),
        *([_("It is suspended: until it is resumed, summaries only.")] if granted.suspended else []),
        _("The agreement says: %(clause)s") % {"clause": granted.clause},
        *(
            _("On %(limit)s it says: %(clause)s") % {"limit": LIMITS.get(name, name), "clause": clause}
            for name, clause in sorted(granted.limits.clauses.items())
            if clause
        ),
    ]


def _grant(granted: Granted, products: Mapping[str, str]) -> str:
    """Who may do what, and with which stories."""
    uses = joined(Use(each).label for each in ordered(granted.uses))
    first = _("%(holder)s is granted these uses: %(uses)s.") % {"holder": granted.to.name, "uses": uses}
    return f"{first} {_covered(granted, products)}"


def _covered(granted: Granted, products: Mapping[str, str]) -> str:
    if granted.products is None:
        return _("They cover every story of the service.")
    names = [_("“%(name)s”") % {"name": products.get(code, code)} for code in sorted(granted.products)]
    count = len(granted.items)
    items = ngettext("one single story", "%(count)s single stories", count) % {"count": count}
    what = {"products": joined(names), "items": items}
    if not names:
        return _("They cover %(items)s.") % what
    if granted.items:
        return _("They cover the stories of %(products)s, and besides %(items)s.") % what
    return _("They cover the stories of %(products)s.") % what


def _term(granted: Granted) -> str:
    dates = {"start": moment(granted.starts_at)}
    if granted.ends_at is None:
        return _("The right holds from %(start)s until it is ended.") % dates
    return _("The right holds from %(start)s until %(end)s.") % (dates | {"end": moment(granted.ends_at)})


def limits_in_words(limits: Limits) -> list[str]:
    """A sentence for each limit; none for what is not limited."""
    return [*_who(limits), *_when(limits), *_where(limits), *_what(limits), *(quota(each) for each in limits.quotas)]


def _who(limits: Limits) -> list[str]:
    if limits.seats is None:
        return []
    count = {"count": limits.seats}
    if limits.seat_kind == SeatKind.FLOATING:
        return [
            ngettext("One person may use it at a time.", "%(count)s people may use it at the same time.", limits.seats)
            % count
        ]
    return [
        ngettext(
            "It has one seat, given to a person by name.",
            "It has %(count)s seats, each given to a person by name.",
            limits.seats,
        )
        % count
    ]


def _when(limits: Limits) -> list[str]:
    found = []
    if limits.delay:
        found.append(_("A story opens %(span)s after it came on the wire.") % {"span": span(limits.delay)})
    if limits.archive is not None:
        found.append(_("It covers stories that are at most %(span)s old.") % {"span": span(limits.archive)})
    if limits.under_embargo:
        found.append(_("A story under embargo may be received before the embargo lifts, and used only after."))
    return found


def _where(limits: Limits) -> list[str]:
    found = []
    if limits.territories:
        found.append(_("It holds in %(places)s, and nowhere else.") % {"places": places(limits.territories)})
    if limits.channels:
        found.append(_("What is published may appear on %(channels)s only.") % {"channels": channels(limits.channels)})
    return found


def _what(limits: Limits) -> list[str]:
    found = []
    if limits.formats:
        found.append(_("Stories are handed out as %(formats)s only.") % {"formats": joined(sorted(limits.formats))})
    if limits.rendition != Rendition.ORIGINAL:
        size = Rendition(limits.rendition).label
        found.append(_("Pictures are handed out up to this size: %(size)s.") % {"size": size})
    return found


def quota(each: Quota) -> str:
    """One quota in words."""
    what: dict[str, Any] = {
        "deed": Use(each.use).label,
        "stories": ngettext("one story", "%(count)s stories", each.limit) % {"count": each.limit},
        "per": PER[Period(each.period)],
        "price": each.overage,
    }
    if each.per_reader:
        return _("For each reader, at most %(stories)s %(per)s count for “%(deed)s”; then it stops.") % what
    if each.overage is not None:
        return _("At most %(stories)s %(per)s count for “%(deed)s”; each further one costs %(price)s.") % what
    return _("At most %(stories)s %(per)s count for “%(deed)s”; then it stops.") % what


def reserved_in_words(reserved: Reserved) -> list[str]:
    """What a story's own rights rule out. A story without any says so."""
    found = []
    if reserved.embargo_until is not None:
        found.append(_("It is under embargo until %(end)s.") % {"end": moment(reserved.embargo_until)})
    if reserved.uses_out:
        deeds = joined(Use(each).label for each in ordered(reserved.uses_out))
        found.append(_("It may not be used to: %(deeds)s.") % {"deeds": deeds})
    if reserved.territories_out:
        found.append(_("It may not be used in %(places)s.") % {"places": places(reserved.territories_out)})
    if reserved.channels_out:
        found.append(_("It may not be published on %(channels)s.") % {"channels": channels(reserved.channels_out)})
    if reserved.archive is not None:
        end = moment(reserved.shown_at + reserved.archive)
        found.append(_("It may not be used from an archive: only until %(end)s.") % {"end": end})
    if reserved.expires_at is not None:
        found.append(_("It expires on %(end)s; then nobody may use it.") % {"end": moment(reserved.expires_at)})
    found += [
        _("%(whose)s %(terms)s") % {"whose": whose, "terms": terms}
        for whose, terms in (
            (_("Terms of use:"), reserved.usage_terms),
            (_("The supplier's terms:"), reserved.supplier_terms),
        )
        if terms
    ]
    return found or [_("The story itself rules nothing out.")]


def ordered(uses: Iterable[str]) -> list[str]:
    """Uses in the order in which they are always named."""
    known = list(Use.values)
    return sorted(uses, key=known.index)


def joined(words: Iterable[Any]) -> str:
    """`a, b and c` in the reader's language."""
    return format_list([str(each) for each in words], locale=_locale())


def places(codes: Iterable[str]) -> str:
    """Countries by name."""
    names = countries(_locale())
    return joined(sorted(names.get(code, code) for code in codes))


def channels(values: Iterable[str]) -> str:
    """Channels by name."""
    return joined(Channel(each).label for each in Channel.values if each in set(values))


def moment(at: datetime) -> str:
    """Day, hour and zone, in the desk's zone and the reader's language."""
    local = timezone.localtime(at)
    return f"{formats.date_format(local, 'j F Y, H:i')} (UTC{local.isoformat()[-6:]})"


def span(length: timedelta) -> str:
    """A length of time in the largest units that say it whole: `30 days`, `1 day and 2 hours`."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [
        (days, ngettext("one day", "%(count)s days", days)),
        (hours, ngettext("one hour", "%(count)s hours", hours)),
        (minutes, ngettext("one minute", "%(count)s minutes", minutes)),
        (seconds, ngettext("one second", "%(count)s seconds", seconds)),
    ]
    return joined(words % {"count": count} for count, words in parts if count) or _("no time")


def _locale() -> str:
    """The reader's language for babel. Plain English lists have no comma before “and”, as in Britain."""
    chosen = to_locale(get_language() or "en")
    return "en_GB" if chosen == "en" else chosen

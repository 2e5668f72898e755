"""Small template tags that pages of every room share."""

import time
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from newsroom.core.clock import now

register = template.Library()
_day: list[tuple[float, date]] = []


@register.filter
def moment(at: datetime) -> SafeString:
    """A `<time>`: the hour for today, else the day and the hour, in the desk's zone and the reader's language."""
    local, today = timezone.localtime(at), _today()
    hour = local.strftime("%H:%M")
    if local.date() == today:
        return _time(local, hour)
    day = formats.date_format(local, "j M" if local.year == today.year else "j M Y")
    return _time(local, f"{day}, {hour}")


@register.filter
def full_moment(at: datetime) -> SafeString:
    """A `<time>` with day, hour and zone."""
    local = timezone.localtime(at)
    zone = local.isoformat()[-6:]
    return _time(local, f"{formats.date_format(local, 'j F Y, H:i')} (UTC{zone})")


@register.filter
def day(at: datetime) -> SafeString:
    """A `<time>` with the day alone."""
    local = timezone.localtime(at)
    return _time(local, formats.date_format(local, "j F Y"))


def _today() -> date:
    """The present day in the desk's zone. The clock is asked once a second, not once for each story of a list."""
    tick = time.monotonic()
    if not _day or tick - _day[0][0] > 1:
        _day[:] = [(tick, timezone.localtime(now()).date())]
    return _day[0][1]


def _time(local: datetime, text: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), text)


@register.filter
def language_name(code: str) -> str:
    """A language's own name for itself: `Türkçe`."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


@register.filter
def counted(total: int, most: int) -> str:
    """`12`, or `1,000+` for a count that was stopped at `most`."""
    shown = formats.number_format(min(total, most), use_l10n=True, force_grouping=True)
    return _("%(number)s+") % {"number": shown} if total > most else shown


@register.simple_tag
def picture_url(token: str, size: str) -> str:
    """The address of a public rendition: `thumbnail` or `web`."""
    return f"/pictures/{token}/{size}"


@register.simple_tag
def original_url(slug: str, position: int) -> str:
    """Where the original of a story's picture is downloaded."""
    return iri_to_uri(f"/story/{slug}/original/{position}/")


@register.filter
def url_code(code: str) -> str:
    """A topic's code as part of an address: `medtop:15000000` is `medtop-15000000`."""
    return code.replace(":", "-", 1)


@register.inclusion_tag("components/field.html")
def form_field(field: Any) -> dict[str, Any]:
    """One field of a form with its label, hint and errors."""
    return {"field": field}

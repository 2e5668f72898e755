"""A story as its readers would see it, before it is released. Nothing is written."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsroom.core.countries import countries
from newsroom.licensing.rules import Channel, Use
from newsroom.wire import words
from newsroom.wire.drafts import Draft
from newsroom.wire.sanitise import clean_html, clean_line, clean_text
from newsroom.wire.views import FullText, Picture, PublicImage, Summary, TopicLabel

SIZE = (1080, 720)


def full_text_of(draft: Draft, *, locale: str, at: datetime) -> FullText:
    """The very types that readers' pages are built from, filled from a draft and cleaned as a release is.

    Pictures have a number for a token: their files are still the desk's.
    """
    pictures = tuple(
        Picture(place, str(place), *SIZE, clean_line(each.alt), clean_text(each.caption), clean_line(each.credit))
        for place, each in enumerate(draft.pictures)
    )
    summary = _summary_of(draft, locale=locale, at=at)
    return FullText(summary, clean_html(draft.body_html), pictures, clean_text(draft.usage_terms))


def restrictions_of(draft: Draft, *, locale: str) -> list[str]:
    """What the story allows nobody, in words, for the desk."""
    names = countries(locale)
    said = [
        (_("Not for: %(what)s."), [names.get(code, code) for code in draft.territories_out]),
        (_("Not on: %(what)s."), [str(Channel(each).label) for each in draft.channels_out]),
        (_("Not to: %(what)s."), [str(Use(each).label) for each in draft.uses_out]),
    ]
    found = [words % {"what": ", ".join(values)} for words, values in said if values]
    if draft.archive is not None:
        days = draft.archive.days
        found.append(
            ngettext("For %(days)d day after it is shown.", "For %(days)d days after it is shown.", days)
            % {"days": days}
        )
    if draft.expires_at is not None:
        found.append(_("Until %(moment)s.") % {"moment": date_format(localtime(draft.expires_at), "DATETIME_FORMAT")})
    if draft.supplier_terms:
        found.append(_("Supplier's terms: %(terms)s") % {"terms": draft.supplier_terms})
    return found


def _summary_of(draft: Draft, *, locale: str, at: datetime) -> Summary:
    return Summary(
        item_id=0,
        release_id=0,
        uri=draft.uri,
        slug="preview",
        headline=clean_line(draft.headline),
        summary=clean_text(draft.summary),
        slugline=clean_line(draft.slugline),
        byline=clean_line(draft.byline),
        dateline=clean_line(draft.dateline),
        language=draft.language,
        direction=words.direction(draft.language),
        desk_code=draft.desk.code,
        desk_label=draft.desk.label(locale),
        topics=tuple(TopicLabel(each.code, each.label(locale)) for each in draft.topics),
        place=draft.place.label(locale) if draft.place else "",
        genre=draft.genre,
        urgency=draft.urgency,
        version=0,
        signal="new",
        note=clean_text(draft.note),
        public_tier=draft.public_tier,
        first_released_at=at,
        released_at=at,
        shown_at=draft.embargo_until or at,
        pictures=tuple(PublicImage(str(n), *SIZE, clean_line(p.credit)) for n, p in enumerate(draft.pictures)),
        provider=clean_line(draft.provider),
    )

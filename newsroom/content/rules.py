"""Judgements of the desk, pure: who may do what, what is complete, which signal a publish sends."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from newsroom.core.countries import is_country
from newsroom.core.errors import Refused
from newsroom.wire.rules import Signal

GENRES = {
    "Current": pgettext_lazy("genre", "News"),
    "Analysis": pgettext_lazy("genre", "Analysis"),
    "Background": pgettext_lazy("genre", "Background"),
    "Curtain_Raiser": pgettext_lazy("genre", "Preview"),
    "Exclusive": pgettext_lazy("genre", "Exclusive"),
    "ListingOfFacts": pgettext_lazy("genre", "Factbox"),
    "Feature": pgettext_lazy("genre", "Feature"),
    "Interview": pgettext_lazy("genre", "Interview"),
    "Obituary": pgettext_lazy("genre", "Obituary"),
    "Opinion": pgettext_lazy("genre", "Opinion"),
    "Press_Release": pgettext_lazy("genre", "Press release"),
    "Profile": pgettext_lazy("genre", "Profile"),
    "Results_Listings_and_Statistics": pgettext_lazy("genre", "Results and statistics"),
    "Review": pgettext_lazy("genre", "Review"),
    "Special_Report": pgettext_lazy("genre", "Special report"),
}
"""Codes of the IPTC Genre NewsCodes that the desk offers; an imported story may have others."""


class Role(models.TextChoices):
    """What somebody is on a desk."""

    WRITER = "writer", gettext_lazy("writer")
    EDITOR = "editor", gettext_lazy("editor")
    CHIEF = "chief", gettext_lazy("chief")


class Deed(StrEnum):
    """What is done to a story."""

    WRITE = "write"
    PUBLISH = "publish"
    WITHHOLD = "withhold"
    KILL = "kill"


MAY: Mapping[Deed, frozenset[str]] = {
    Deed.WRITE: frozenset({Role.WRITER, Role.EDITOR, Role.CHIEF}),
    Deed.PUBLISH: frozenset({Role.EDITOR, Role.CHIEF}),
    Deed.WITHHOLD: frozenset({Role.EDITOR, Role.CHIEF}),
    Deed.KILL: frozenset({Role.CHIEF}),
}
"""Which roles on the story's own desk a deed needs. Who has no role there may do nothing."""


class NotYours(Refused):
    """This person has not the right on this desk."""

    status = 403


class Unfinished(Refused):
    """The story lacks something that every release needs."""


class SecondPersonNeeded(Refused):
    """The desk wants two persons, and the one who publishes wrote the text."""


class NotApproved(Refused):
    """Nobody stands behind this publish: no person, and no schedule that is due."""


class Kept(Refused):
    """What was once released stays."""


def check_right(deed: Deed, *, role: str | None, superuser: bool) -> None:
    """Raises `NotYours` unless a person of this role on the story's desk may do the deed."""
    if superuser or role in MAY[deed]:
        return
    if role is None:
        raise NotYours(_("This story belongs to a desk where you have no role."))
    raise NotYours(_("Your role on this desk does not include this."))


def check_two_persons(*, wanted: bool, author_id: int | None, publisher_id: int | None) -> None:
    """Raises `SecondPersonNeeded` if the desk wants two persons and the text is the publisher's own."""
    if wanted and author_id == publisher_id:
        raise SecondPersonNeeded(_("On this desk somebody else must publish what you wrote. Send it to review."))


@dataclass(frozen=True, slots=True)
class Shape:
    """What completeness is judged by."""

    headline: str
    language: str
    summary: str
    has_body: bool
    alts: tuple[str, ...]


def check_complete(shape: Shape) -> None:
    """Raises `Unfinished`, naming everything that is missing."""
    missing = []
    if not shape.headline.strip():
        missing.append(_("a headline"))
    if not shape.language:
        missing.append(_("a language"))
    if not shape.has_body and not shape.summary.strip():
        missing.append(_("a summary or a body"))
    if any(not alt.strip() for alt in shape.alts):
        missing.append(_("a text alternative for every picture"))
    if missing:
        raise Unfinished(_("Not released yet. Missing: %(what)s.") % {"what": ", ".join(missing)})


def fault_of_restrictions(
    territories: Collection[str], expires_at: datetime | None, embargo_until: datetime | None
) -> tuple[str, str] | None:
    """What is wrong with a story's own restrictions, as the field's name and the reason; None when nothing is."""
    unknown = [code for code in territories if not is_country(code)]
    if unknown:
        return "territories_out", _("“%(code)s” is no country of ISO 3166-1.") % {"code": unknown[0]}
    if expires_at is not None and embargo_until is not None and expires_at <= embargo_until:
        return "expires_at", _("It would expire before its embargo lifts.")
    return None


def check_may_be_deleted(*, released: bool) -> None:
    """Raises `Kept` for a story that was on the wire."""
    if released:
        raise Kept(_("This story was released and cannot be deleted. Withhold or kill it."))


def signal_of_publish(*, last: str | None, asked: Signal | None) -> Signal:
    """The signal that a publish sends: the one asked for, else new at first and update after."""
    return asked or (Signal.NEW if last is None else Signal.UPDATE)


def is_older(version: str, created: datetime | None, *, than: Collection[tuple[str, datetime | None]]) -> bool:
    """Whether a provider's version lies behind one that is already here: by number, else by its date."""
    for other, other_created in than:
        if version.isdecimal() and other.isdecimal():
            if int(version) < int(other):
                return True
        elif created and other_created and created < other_created:
            return True
    return False

"""What the desk hands to the wire."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newsroom.wire.models import Desk, Place, Topic
from newsroom.wire.rules import Tier


@dataclass(frozen=True, slots=True)
class PictureDraft:
    """A picture to release: the original's bytes, and its words in the story's language.

    `focal_x`, `focal_y`: the point that must stay in sight, as fractions of width and height from the top left.
    """

    original: bytes = field(repr=False)
    alt: str
    caption: str
    credit: str
    focal_x: float = 0.5
    focal_y: float = 0.5


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything of a story that leaves the desk. What is not named here stays there.

    `body_html` may be any HTML: the wire sanitises it. `summary` is the editor's own; it is never cut from the body.
    The story's own restrictions are stricter than any licence: countries (ISO 3166-1 alpha-2), channels and uses (as
    licences name them) it is not for, how long after it is shown it may be used, and the moment it expires.
    """

    uri: str
    headline: str
    language: str
    desk: Desk
    body_html: str = field(repr=False)
    summary: str = ""
    slugline: str = ""
    slug_hint: str = ""
    byline: str = ""
    dateline: str = ""
    topics: tuple[Topic, ...] = ()
    genre: str = ""
    urgency: int = 4
    place: Place | None = None
    note: str = ""
    usage_terms: str = ""
    embargo_until: datetime | None = None
    public_tier: Tier = Tier.SUMMARY
    pictures: tuple[PictureDraft, ...] = ()
    provider: str = ""
    source_version: str = ""
    keywords: tuple[str, ...] = ()
    territories_out: tuple[str, ...] = ()
    channels_out: tuple[str, ...] = ()
    uses_out: tuple[str, ...] = ()
    archive: timedelta | None = None
    expires_at: datetime | None = None
    supplier_terms: str = ""

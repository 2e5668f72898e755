"""What leaves the wire: a `Summary`, which has no body, a `FullText`, which has, and a `Notice`.

Pages, feeds, answers and mails are built from these and never from a Release or a vault entry.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime

from newsroom.wire import words
from newsroom.wire.models import Release, Topic
from newsroom.wire.vault import Opened

LABELS_LIVE = 60.0
_labels: dict[str, tuple[float, dict[str, str]]] = {}


@dataclass(frozen=True, slots=True)
class TopicLabel:
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class PublicImage:
    """A picture as everybody may see it: no caption, no alternative text. Size of the `web` rendition, in pixels."""

    token: str
    width: int
    height: int
    credit: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The public part of a release, in a reader's language. It has no body, so it cannot leak one."""

    item_id: int
    release_id: int
    uri: str
    slug: str
    headline: str
    summary: str
    slugline: str
    byline: str
    dateline: str
    language: str
    direction: str
    desk_code: str
    desk_label: str
    topics: tuple[TopicLabel, ...]
    place: str
    genre: str
    urgency: int
    version: int
    signal: str
    note: str
    public_tier: int
    first_released_at: datetime
    released_at: datetime
    shown_at: datetime
    pictures: tuple[PublicImage, ...]
    provider: str

    @property
    def url_path(self) -> str:
        return f"/story/{self.slug}/"

    @property
    def picture(self) -> PublicImage | None:
        return self.pictures[0] if self.pictures else None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its words, for those who may read the full text."""

    position: int
    token: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class FullText:
    """A release as a licence holder reads it. `body_html` was sanitised when it was released."""

    summary: Summary
    body_html: str = field(repr=False)
    pictures: tuple[Picture, ...] = field(repr=False)
    usage_terms: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is left of a story that was withheld or killed: the note, and no word of the story."""

    uri: str
    slug: str
    signal: str
    headline: str
    note: str
    language: str
    direction: str
    at: datetime


def topic_labels(locale: str) -> dict[str, str]:
    """Every topic's label in this language; asked of the database once a minute and process."""
    now = time.monotonic()
    kept = _labels.get(locale)
    if kept is None or now - kept[0] > LABELS_LIVE:
        kept = (now, {topic.code: topic.label(locale) for topic in Topic.objects.only("code", "name", "names")})
        _labels[locale] = kept
    return kept[1]


def forget_labels() -> None:
    """Ask the database again, after topics changed."""
    _labels.clear()


def summary_of(made: Release, locale: str) -> Summary:
    """The public part. `made` comes with its item, desk and place; no further query when labels are warm."""
    labels = topic_labels(locale) if made.topics else {}
    return Summary(
        item_id=made.item_id,
        release_id=made.pk,
        uri=made.item.uri,
        slug=made.item.slug,
        headline=made.headline,
        summary=made.summary,
        slugline=made.slugline,
        byline=made.byline,
        dateline=made.dateline,
        language=made.language,
        direction=words.direction(made.language),
        desk_code=made.desk.code,
        desk_label=made.desk.label(locale),
        topics=tuple(TopicLabel(code, labels[code]) for code in made.topics if code in labels),
        place=made.place.label(locale) if made.place else "",
        genre=made.genre,
        urgency=made.urgency,
        version=made.version,
        signal=made.signal,
        note=made.note,
        public_tier=made.public_tier,
        first_released_at=made.item.first_released_at or made.released_at,
        released_at=made.released_at,
        shown_at=made.shown_at,
        pictures=tuple(PublicImage(p["token"], p["width"], p["height"], p["credit"]) for p in made.pictures),
        provider=made.provider,
    )


def full_text_of(made: Release, opened: Opened, locale: str) -> FullText:
    """The public part and what the vault held."""
    public = summary_of(made, locale)
    pictures = tuple(
        Picture(kept["position"], image.token, image.width, image.height, kept["alt"], kept["caption"], kept["credit"])
        for kept, image in zip(opened.pictures, public.pictures, strict=True)
    )
    return FullText(public, opened.body_html, pictures, made.usage_terms)


def notice_of(made: Release) -> Notice:
    """The notice of a withheld or killed item."""
    return Notice(
        uri=made.item.uri,
        slug=made.item.slug,
        signal=made.signal,
        headline=made.headline,
        note=made.note,
        language=made.language,
        direction=words.direction(made.language),
        at=made.released_at,
    )

"""The stories of the seeded agency, as they stand in `stories/*.json`."""

import json
import zlib
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from newsroom.wire.rules import Signal, Tier

FOLDER = Path(__file__).with_name("stories")
TIERS = {"nothing": Tier.NOTHING, "summary": Tier.SUMMARY, "full": Tier.FULL}


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture to be drawn, and its words in the story's language."""

    motif: str
    palette: str
    alt: str
    caption: str
    credit: str
    seed: int

    @property
    def name(self) -> str:
        return f"{self.motif}-{self.palette}-{self.seed}.jpg"


@dataclass(frozen=True, slots=True)
class Chapter:
    """What became of a story later: the whole text as it stands then, or a note alone when it is taken back."""

    signal: Signal
    ago: timedelta
    headline: str
    body_html: str
    note: str


@dataclass(frozen=True, slots=True)
class StoryFile:
    """One story. `chapters` holds its first release and everything after it; times count back from the seeding.

    `stage` says how far it has come: `draft`, `review` or `wire`.
    """

    id: str
    language: str
    desk: str
    slugline: str
    summary: str
    byline: str
    dateline: str
    place: str
    topics: tuple[str, ...]
    genre: str
    urgency: int
    public_tier: Tier
    usage_terms: str
    embargo: timedelta | None
    scheduled: timedelta | None
    stage: str
    pictures: tuple[PictureFile, ...]
    chapters: tuple[Chapter, ...]

    @property
    def uri(self) -> str:
        """A tag URI (RFC 4151) of the agency's own."""
        return f"tag:anka-wire.example,2026:{self.id}"


@lru_cache(maxsize=1)
def stories() -> tuple[StoryFile, ...]:
    """Every story of the seed, in the order of the files."""
    return tuple(_story(raw) for path in sorted(FOLDER.glob("*.json")) for raw in json.loads(path.read_text("utf-8")))


def _story(raw: dict[str, Any]) -> StoryFile:
    plain = ("id", "language", "desk", "slugline", "summary", "byline", "dateline", "place", "genre", "urgency")
    return StoryFile(
        **{name: raw[name] for name in plain},
        topics=tuple(raw["topics"]),
        public_tier=TIERS[raw["public_tier"]],
        usage_terms=raw.get("usage_terms", ""),
        embargo=_ahead(raw.get("embargo")),
        scheduled=_ahead(raw.get("schedule")),
        stage=raw.get("stage", "wire"),
        pictures=tuple(_picture(raw["id"], each) for each in raw["pictures"]),
        chapters=_chapters(raw),
    )


def _ahead(raw: dict[str, float] | None) -> timedelta | None:
    return timedelta(hours=raw["hours_ahead"]) if raw else None


def _picture(story: str, raw: dict[str, str]) -> PictureFile:
    return PictureFile(**raw, seed=zlib.crc32(story.encode()) % 10_000)


def _chapters(raw: dict[str, Any]) -> tuple[Chapter, ...]:
    """Each chapter holds the text as the replacements up to it leave it."""
    headline, body = raw["headline"], "\n".join(raw["body_html"])
    found = [Chapter(Signal.NEW, timedelta(hours=raw["hours_ago"]), headline, body, raw.get("note", ""))]
    for later in raw.get("history", ()):
        headline = later.get("headline", headline)
        for old, new in later.get("replace", ()):
            if body.count(old) != 1:
                raise ValueError(f"{raw['id']}: “{old}” stands {body.count(old)} times in the text")
            body = body.replace(old, new)
        found.append(
            Chapter(Signal(later["signal"]), timedelta(hours=later["hours_ago"]), headline, body, later["note"])
        )
    return tuple(found)

"""The stories of the matrix: one in every state that a story can be in, each with canaries of its own."""

import io
import random
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.files.storage import storages
from PIL import Image

from newsroom.content import actions as content
from newsroom.content.models import Story
from newsroom.content.rules import Role
from newsroom.core.audit import SYSTEM
from newsroom.wire import actions as wire
from newsroom.wire.drafts import PictureDraft
from newsroom.wire.models import Desk, PublicPicture, Release, Topic
from newsroom.wire.pictures import rendition_name
from newsroom.wire.rules import Signal, Tier
from tests.factories import HOUR, NOON, a_draft, staff_of
from tests.leaks.canaries import FULL, ORIGINALS, PUBLIC, WITHDRAWN, Kind, Mark, new_word

LIFTS_AT = NOON + HOUR  # when the embargoes end
FILLER = "<p>" + "Ordinary words stand between those that are watched. " * 12 + "</p>"


@dataclass(frozen=True, slots=True)
class Told:
    """One story of the matrix as its readers may know it. `tier` is the public one; None: nobody may have it now."""

    state: str
    slug: str
    tier: Tier | None
    words: Mapping[Kind, str]
    tokens: tuple[str, ...] = ()
    lifts_at: datetime | None = None
    withdrawn: bool = False
    formers: tuple[str, ...] = ()
    story_id: int | None = None

    def kinds_for(self, *, reads: bool, downloads: bool, at: datetime) -> frozenset[Kind]:
        """What somebody with such a licence may see of it. The tests' own word, apart from the product's judgement."""
        if self.withdrawn:
            return WITHDRAWN
        if self.tier is None or (self.lifts_at is not None and at < self.lifts_at):
            return frozenset()
        by_tier = {Tier.NOTHING: frozenset[Kind](), Tier.SUMMARY: PUBLIC, Tier.FULL: FULL}
        seen = FULL if reads else by_tier[self.tier]
        return seen | ORIGINALS if downloads else seen


@dataclass
class Planted:
    """Every canary that was planted, and every file that must not get out."""

    marks: dict[str, Mark] = field(default_factory=dict)
    files: dict[Mark, list[bytes]] = field(default_factory=dict)

    def words(self, state: str) -> dict[Kind, str]:
        """Fresh canaries for a version of this story, one of each kind."""
        made = {kind: new_word() for kind in Kind}
        self.marks |= {word: Mark(state, kind) for kind, word in made.items()}
        return made

    def file(self, state: str, kind: Kind, content: bytes) -> None:
        self.files.setdefault(Mark(state, kind), []).append(content[-96:])

    def renditions(self, state: str, made: Release) -> None:
        """The public copies of this release's pictures."""
        for picture in PublicPicture.objects.filter(release=made):
            for name in ("thumbnail", "web"):
                with storages["default"].open(rendition_name(picture.digest, name)) as file:
                    self.file(state, Kind.PIXELS, file.read())

    def replace(self, words: Mapping[Kind, str]) -> None:
        """These words are of a version that is no longer shown to anybody."""
        for word in words.values():
            was = self.marks[word]
            self.marks[word] = Mark(was.story, was.kind, replaced=True)


def noise(metadata: str) -> bytes:
    """A picture like no other, with this word in its EXIF, XMP, IPTC and comment."""
    picture = Image.frombytes("RGB", (120, 80), random.randbytes(120 * 80 * 3))
    exif = Image.Exif()
    exif[0x010E] = f"ImageDescription {metadata}"
    out = io.BytesIO()
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{metadata}</x:xmpmeta>'.encode()
    picture.save(out, "JPEG", quality=60, exif=exif, comment=metadata.encode(), xmp=xmp)
    caption = b"\x1c\x02\x78" + struct.pack(">H", len(metadata)) + metadata.encode()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(caption)) + caption
    made = out.getvalue()
    return made[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + made[2:]


def body_of(words: Mapping[Kind, str]) -> str:
    """A body with a canary in each kind of place."""
    return (
        f"<p>The first sentence says {words[Kind.FIRST]}. Then it goes on.</p>{FILLER}"
        f"<blockquote><p>Somebody said {words[Kind.QUOTE]}.</p></blockquote>{FILLER}"
        f"<p>In the middle there is {words[Kind.MIDDLE]}.</p>"
        f"<ul><li>First</li><li>{words[Kind.LIST]}</li></ul>"
        f"<table><tr><th>Head</th><td>{words[Kind.TABLE]}</td></tr></table>{FILLER}"
        f'<p>See <a href="https://example.com/" title="{words[Kind.LINK]}">there</a>.</p>'
        f"<p>It goes on, and the last sentence says {words[Kind.LAST]}.</p>"
    )


class Teller:
    """Puts the stories on the wire, by the wire's own deeds."""

    def __init__(self, desk: Desk, topic: Topic) -> None:
        self.desk, self.topic, self.planted = desk, topic, Planted()

    def release(
        self, state: str, words: Mapping[Kind, str], *, signal: Signal = Signal.NEW, at: datetime, **facts: Any
    ) -> Release:
        """One version of the state's story with these canaries in it."""
        original = noise(words[Kind.METADATA])
        self.planted.file(state, Kind.ORIGINAL, original)
        values: dict[str, Any] = {
            "uri": f"urn:newsroom:leaks:{state}",
            "slug_hint": f"state-{state}",
            "headline": f"Headline {words[Kind.HEADLINE]}",
            "slugline": words[Kind.SLUGLINE],
            "byline": f"By {words[Kind.BYLINE]}",
            "dateline": words[Kind.DATELINE],
            "summary": f"The summary begins like any other. It ends with {words[Kind.SUMMARY]}.",
            "note": f"Note {words[Kind.NOTE]}",
            "usage_terms": f"Terms {words[Kind.TERMS]}",
            "body_html": body_of(words),
            "desk": self.desk,
            "topics": (self.topic,),
            "pictures": (
                PictureDraft(original, f"Alt {words[Kind.ALT]}", f"Caption {words[Kind.CAPTION]}", words[Kind.CREDIT]),
            ),
        }
        made = wire.release(draft=a_draft(**values | facts), signal=signal, by=SYSTEM, at=at)
        self.planted.renditions(state, made)
        return made

    def told(self, made: Release, words: Mapping[Kind, str], tier: Tier | None, **facts: Any) -> Told:
        tokens = tuple(made.public_pictures.values_list("token", flat=True))
        state = made.item.uri.rpartition(":")[2]
        return Told(state, made.item.slug, tier, words, tokens, **facts)

    def live(self, state: str, tier: Tier) -> Told:
        words = self.planted.words(state)
        return self.told(self.release(state, words, at=NOON - 3 * HOUR, public_tier=tier), words, tier)

    def replaced(self, state: str, signal: Signal, before: Tier, after: Tier, **facts: Any) -> Told:
        """Released, then released again: the first version's canaries belong to nobody any more."""
        old, words = self.planted.words(state), self.planted.words(state)
        first = self.release(state, old, at=NOON - 3 * HOUR, public_tier=before)
        made = self.release(state, words, signal=signal, at=NOON - HOUR, public_tier=after, **facts)
        self.planted.replace(old)
        formers = tuple(first.public_pictures.values_list("token", flat=True))
        return self.told(made, words, after, lifts_at=facts.get("embargo_until"), formers=formers)

    def embargoed(self, state: str) -> Told:
        words = self.planted.words(state)
        made = self.release(state, words, at=NOON - HOUR, embargo_until=LIFTS_AT)
        return self.told(made, words, Tier.SUMMARY, lifts_at=LIFTS_AT)

    def withdrawn(self, state: str, deed: Callable[..., Release]) -> Told:
        old, words = self.planted.words(state), self.planted.words(state)
        made = self.release(state, old, at=NOON - 3 * HOUR, public_tier=Tier.FULL)
        self.planted.replace(old)
        deed(item=made.item, by=SYSTEM, note=f"It was {words[Kind.NOTICE]}.", at=NOON - HOUR)
        formers = tuple(made.public_pictures.values_list("token", flat=True))
        return Told(state, made.item.slug, None, words, withdrawn=True, formers=formers)


class Writer:
    """Writes stories at the desk, by the desk's own deeds, as one of its chiefs."""

    def __init__(self, desk: Desk, topic: Topic, planted: Planted) -> None:
        self.desk, self.topic, self.planted = desk, topic, planted
        self.by = staff_of(desk, Role.CHIEF, is_staff=True)

    def text(self, state: str, words: Mapping[Kind, str]) -> dict[str, Any]:
        """The fields of a story that holds these canaries, the internal note and the picture's file name among them."""
        original = noise(words[Kind.METADATA])
        self.planted.file(state, Kind.ORIGINAL, original)
        image = content.add_picture(
            name=f"{words[Kind.FILE]}.jpg", content=original, credit=words[Kind.CREDIT], by=self.by
        )
        return {
            "headline": f"Headline {words[Kind.HEADLINE]}",
            "slugline": words[Kind.SLUGLINE],
            "byline": f"By {words[Kind.BYLINE]}",
            "dateline": words[Kind.DATELINE],
            "summary": f"The summary begins like any other. It ends with {words[Kind.SUMMARY]}.",
            "note": f"Note {words[Kind.NOTE]}",
            "internal_note": f"Internal {words[Kind.INTERNAL]}",
            "usage_terms": f"Terms {words[Kind.TERMS]}",
            "body": body_of(words),
            "topics": (self.topic,),
            "pictures": (content.PictureOf(image, f"Alt {words[Kind.ALT]}", f"Caption {words[Kind.CAPTION]}"),),
        }

    def draft(self, state: str) -> tuple[Story, Told]:
        words = self.planted.words(state)
        facts = self.text(state, words) | {"desk": self.desk, "language": "en"}
        story = content.write(by=self.by, at=NOON - 2 * HOUR, **facts)
        return story, Told(state, f"draft-{story.pk}", None, words, story_id=story.pk)

    def live(self, state: str) -> tuple[Story, Told]:
        """Released by the desk; what is the desk's alone stays there."""
        story, told = self.draft(state)
        made = story.publish(story.latest_revision, user=self.by, at=NOON - HOUR)
        assert made is not None
        self.planted.renditions(state, made)
        tokens = tuple(made.public_pictures.values_list("token", flat=True))
        return story, replace(told, slug=made.item.slug, tier=Tier.SUMMARY, tokens=tokens)

    def stories(self) -> list[Told]:
        _draft, draft = self.draft("draft")
        story, review = self.draft("in review")
        content.submit(story=story, by=self.by)
        story, scheduled = self.draft("scheduled")
        content.schedule(story=story, by=self.by, due_at=LIFTS_AT, at=NOON - HOUR)
        story, live = self.live("from the desk")
        words = self.planted.words("newer draft")
        content.edit(story=story, by=self.by, **self.text("newer draft", words))
        newer = Told("newer draft", f"draft-{story.pk}", None, words, story_id=story.pk)
        return [draft, review, scheduled, live, newer]


def tell(desk: Desk, topic: Topic) -> tuple[Planted, dict[str, Told]]:
    """Seed the desk and the wire with a story in each state."""
    teller = Teller(desk, topic)
    stories = [
        teller.live("hidden", Tier.NOTHING),
        teller.live("live", Tier.SUMMARY),
        teller.live("free", Tier.FULL),
        teller.replaced("corrected", Signal.CORRECTION, Tier.SUMMARY, Tier.SUMMARY),
        teller.replaced("lowered", Signal.UPDATE, Tier.FULL, Tier.NOTHING),
        teller.replaced("held-again", Signal.UPDATE, Tier.FULL, Tier.SUMMARY, embargo_until=LIFTS_AT),
        teller.embargoed("embargoed"),
        teller.withdrawn("withheld", wire.withhold),
        teller.withdrawn("killed", wire.kill),
        *Writer(desk, topic, teller.planted).stories(),
    ]
    return teller.planted, {story.state: story for story in stories}

"""Deeds of the wire. Each release is one transaction over one item; the sequence is the last lock it takes."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anyascii import anyascii
from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused
from newsroom.core.jobs import announce
from newsroom.wire import rules, stamping, words
from newsroom.wire.drafts import Draft, PictureDraft
from newsroom.wire.models import Item, PublicPicture, Release, Topic, VaultEntry
from newsroom.wire.pictures import Prepared, prepare
from newsroom.wire.products import set_rule as set_rule
from newsroom.wire.rules import Facts, Signal, Tier
from newsroom.wire.sanitise import clean_html, clean_line, clean_text, plain
from newsroom.wire.signals import released
from newsroom.wire.stamping import restamp as restamp


class Incomplete(Refused):
    """The draft lacks what every release needs."""


@dataclass(frozen=True, slots=True)
class _Content:
    """What becomes rows once the sequence is known."""

    public: dict[str, Any]
    body_html: str
    body_text: str
    pictures: tuple[tuple[PictureDraft, Prepared], ...]
    facts: Facts | None
    topic_words: str


def release(*, draft: Draft, signal: Signal, by: Actor, at: datetime) -> Release:
    """Put a version of a story on the wire: public part, vault, pictures and stamps, or nothing of it.

    Raises `Incomplete`, `NotNow` (this signal may not follow) or `BadPicture`. Announces `released` after commit.
    """
    if signal not in rules.LIVE:
        raise rules.NotNow(_("A withhold or a kill carries no text."))
    content = _content(draft)
    with transaction.atomic():
        item = _item(draft, at)
        rules.check_signal(signal, after=item.signal)
        return _append(item, content, signal=signal, by=by, at=at)


def withhold(*, item: Item, by: Actor, note: str, at: datetime) -> Release:
    """Take the item off every surface until a later release brings it back."""
    return _without_text(item, Signal.WITHHOLD, by=by, note=note, at=at)


def kill(*, item: Item, by: Actor, note: str, at: datetime) -> Release:
    """Withdraw the item everywhere it has been sent; final. The note is shown to everybody."""
    return _without_text(item, Signal.KILL, by=by, note=note, at=at)


@transaction.atomic
def _without_text(item: Item, signal: Signal, *, by: Actor, note: str, at: datetime) -> Release:
    if not clean_line(note):
        raise Incomplete(_("A note is needed: those who have the story must be told why."))
    item = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    rules.check_signal(signal, after=item.signal)
    head = Release.objects.select_related("desk").get(item=item, is_head=True)
    public = {
        "public_tier": Tier.NOTHING,
        "headline": str(_("Withdrawn")) if signal == Signal.KILL else str(_("Withheld")),
        "language": head.language,
        "desk": head.desk,
        "urgency": head.urgency,
        "note": clean_text(note),
    }
    return _append(item, _Content(public, "", "", (), None, ""), signal=signal, by=by, at=at)


def _content(draft: Draft) -> _Content:
    """The draft, cleaned: no HTML that runs, no line that overrides its direction."""
    headline = clean_line(draft.headline)
    body = clean_html(draft.body_html)
    text = plain(body)
    if not headline or not draft.language or not draft.uri:
        raise Incomplete(_("A headline, a language and a URI are needed."))
    lineage = sorted({code for topic in draft.topics for code in topic.lineage})
    keywords = list(dict.fromkeys(line for each in draft.keywords if (line := clean_line(each)[:60].strip())))
    folded = sorted({rules.fold(each) for each in keywords})
    public = {
        "public_tier": draft.public_tier,
        "headline": headline[:300],
        "slugline": clean_line(draft.slugline)[:120],
        "summary": clean_text(draft.summary),
        "byline": clean_line(draft.byline)[:200],
        "dateline": clean_line(draft.dateline)[:200],
        "language": draft.language,
        "desk": draft.desk,
        "genre": draft.genre,
        "urgency": draft.urgency,
        "place": draft.place,
        "topics": [topic.code for topic in draft.topics],
        "topics_all": lineage,
        "note": clean_text(draft.note),
        "usage_terms": clean_text(draft.usage_terms),
        "embargo_until": draft.embargo_until,
        "provider": clean_line(draft.provider)[:200],
        "source_version": draft.source_version,
        "keywords": keywords,
        "keywords_folded": folded,
        "territories_out": sorted(draft.territories_out),
        "channels_out": sorted(draft.channels_out),
        "uses_out": sorted(draft.uses_out),
        "archive": draft.archive,
        "expires_at": draft.expires_at,
        "supplier_terms": clean_text(draft.supplier_terms),
    }
    pictures = tuple((each, prepare(each.original)) for each in draft.pictures)
    facts = Facts(
        language=draft.language,
        desk=draft.desk.code,
        topics=frozenset(lineage),
        genre=draft.genre,
        urgency=draft.urgency,
        place=stamping.names_of(draft.place),
        media=frozenset({"text", "picture"} if pictures else {"text"}),
        keywords=frozenset(folded),
    )
    labels = [str(name) for topic in draft.topics for name in (topic.name, *topic.names.values())]
    return _Content(public, body, text, pictures, facts, " ".join(labels))


def _item(draft: Draft, at: datetime) -> Item:
    """The item of this URI, locked."""
    mark = hashlib.sha256(draft.uri.encode()).hexdigest()[:8]
    Item.objects.get_or_create(uri=draft.uri, defaults={"slug": f"{slug_of(draft)}-{mark}", "first_released_at": at})
    return Item.objects.select_for_update(of=("self",)).get(uri=draft.uri)


def slug_of(draft: Draft) -> str:
    """The readable part of the address: Latin scripts without marks, other scripts as they are."""
    hint = clean_line(draft.slug_hint or draft.headline)
    if words.direction(draft.language) == "ltr":
        hint = anyascii(hint)
    return slugify(hint, allow_unicode=True)[:80].strip("-") or "story"


def _append(item: Item, content: _Content, *, signal: Signal, by: Actor, at: datetime) -> Release:
    head = Release.objects.filter(item=item, is_head=True).first()
    language = content.public["language"]
    embargo = content.public.get("embargo_until")
    shown_at = max(at, embargo) if embargo else at
    if head is not None and signal == Signal.CORRECTION:
        shown_at = min(shown_at, head.shown_at)
    if head is not None:
        Release.objects.filter(pk=head.pk).update(is_head=False)
    public_words = (
        (content.public["headline"], "A"),
        (content.public.get("summary", ""), "B"),
        (content.topic_words, "C"),
    )
    pictures = [_public_picture(index, *pair) for index, pair in enumerate(content.pictures)]
    made = Release.objects.create(
        item=item,
        sequence=_next_sequence(),
        version=head.version + 1 if head else 1,
        signal=signal,
        released_at=at,
        shown_at=shown_at,
        pictures=[_picture_facts(each) for each in pictures],
        public_vector=words.vector(language, *public_words),
        **content.public,
    )
    _fill_vault(made, content, public_words)
    for each in pictures:
        each.release = made
    PublicPicture.objects.bulk_create(pictures)
    stamping.stamp(made, content.facts, in_place_of=head)
    item.head, item.signal = made, signal
    item.save(update_fields=["head", "signal"])
    audit.record(
        f"item.{signal}", by=by, of=item, at=at, why=content.public.get("note", ""), facts={"release": made.pk}
    )
    announce(released, release_id=made.pk)
    return made


def _fill_vault(made: Release, content: _Content, public_words: tuple[tuple[str, str], ...]) -> None:
    kept = [
        {
            "position": index,
            "digest": file.digest,
            "file": file.file,
            "type": file.type,
            "width": file.width,
            "height": file.height,
            "alt": clean_line(picture.alt),
            "caption": clean_text(picture.caption),
            "credit": clean_line(picture.credit),
        }
        for index, (picture, file) in enumerate(content.pictures)
    ]
    captions = " ".join(f"{each['alt']} {each['caption']}" for each in kept)
    VaultEntry.objects.create(
        release=made,
        body_html=content.body_html,
        body_text=content.body_text,
        pictures=kept,
        full_vector=words.vector(made.language, *public_words, (content.body_text, "D"), (captions, "D")),
    )


def _public_picture(position: int, picture: PictureDraft, file: Prepared) -> PublicPicture:
    return PublicPicture(
        position=position,
        token=secrets.token_urlsafe(16),
        digest=file.digest,
        width=file.width,
        height=file.height,
        credit=clean_line(picture.credit)[:300],
        renditions=file.renditions,
    )


def _picture_facts(picture: PublicPicture) -> dict[str, Any]:
    web = picture.renditions["web"]
    return {"token": picture.token, "width": web["width"], "height": web["height"], "credit": picture.credit}


def _next_sequence() -> int:
    """The next number of the wire. Its row stays locked until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE wire_sequence SET value = value + 1 WHERE id = 1 RETURNING value")
        row = cursor.fetchone()
    return int(row[0])


@transaction.atomic
def add_topic(*, code: str, name: str, names: dict[str, str], parent: Topic | None, retired: bool) -> Topic:
    """Add or rename a topic; its path follows its parent's."""
    path = f"{parent.path if parent else ''}{code}/"
    topic, _made = Topic.objects.update_or_create(
        code=code, defaults={"name": name, "names": names, "parent": parent, "path": path, "retired": retired}
    )
    return topic

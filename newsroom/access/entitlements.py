"""Many questions at once, for machines: the gate's own judgement over what the process remembers.

Nothing is decided here that `decide` would not decide: the same terms in a `Book`, the same rights, the same judge.
Each kind says whose matter it is; `warm` says whether it is still so.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Min, OuterRef, Q

from newsroom.access import peek
from newsroom.access.book import Book
from newsroom.access.querysets import manner_of
from newsroom.access.rules import PLAIN, Decision, Manner, Reason, Rights, Terms, covers
from newsroom.access.settle import counts_nothing
from newsroom.access.terms import rights_of, terms_of
from newsroom.access.warm import Asking, Kind, Loaded
from newsroom.accounts.readers import Reader
from newsroom.licensing.models import LicenceVersion, Seat
from newsroom.licensing.querysets import holders
from newsroom.licensing.rules import Use
from newsroom.wire.models import Item, Release, Stamp
from newsroom.wire.rules import Tier

NO_ITEM = Decision(Tier.NOTHING, Reason.NOT_RELEASED)


@dataclass(frozen=True, slots=True)
class Held:
    """What a reader holds, arranged for judging."""

    book: Book
    by_id: dict[int, Terms]


@dataclass(frozen=True, slots=True)
class Known:
    """An item by ids, with what the judgement must know of it."""

    item_id: int
    release_id: int | None
    uri: str
    rights: Rights


@dataclass(frozen=True, slots=True)
class Question:
    """`name`: `uri:…` or `slug:…` of the item."""

    name: str
    use: Use
    manner: Manner = PLAIN


@dataclass(frozen=True, slots=True)
class Answer:
    """`told`: a licence in force covers the story, so its holder may know that it exists though it must not show."""

    question: Question
    known: Known | None
    decision: Decision
    told: bool
    terms: tuple[Terms, ...]


def subject_of(name: str) -> str:
    """Under which subject the database notes changes of the item with this name (`access_names`)."""
    return f"item:{hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:16]}"


def _subjects_of_item(name: str) -> tuple[str, ...]:
    return subject_of(name), "stamps"


def _items(names: Sequence[str], at: datetime) -> dict[str, Loaded[Known | None]]:
    uris = [name[4:] for name in names if name.startswith("uri:")]
    slugs = [name[5:] for name in names if name.startswith("slug:")]
    stamps = Stamp.objects.effective().filter(release=OuterRef("head")).values("product_id")
    found = Item.objects.select_related("head").annotate(product_ids=ArraySubquery(stamps))
    found = found.defer("head__public_vector", "head__summary", "head__pictures")
    known: dict[str, Known] = {}
    for item in found.filter(Q(uri__in=uris) | Q(slug__in=slugs)):
        known[f"uri:{item.uri}"] = known[f"slug:{item.slug}"] = Known(item.pk, item.head_id, item.uri, rights_of(item))
    return {name: Loaded(known.get(name)) for name in names}


ITEMS: Kind[str, Known | None] = Kind("item", _subjects_of_item, _items, most=50_000)


def subjects_of_reader(reader: Reader) -> tuple[str, ...]:
    """Whose changes change what this reader holds."""
    by = holders(reader)
    found = [f"org:{pk}" for pk in sorted({*reader.organisation_ids, *reader.network_ids, *reader.domain_ids})]
    found += [f"user:{reader.user_id}"] if reader.user_id is not None else []
    found += [f"bearer:{digest}" for digest in sorted(reader.bearers)]
    return (*found, f"audience:{by['audience']}") if by["audience"] else tuple(found)


def _held(readers: Sequence[Reader], at: datetime) -> dict[Reader, Loaded[Held]]:
    return {reader: _held_by(reader, at) for reader in readers}


def _held_by(reader: Reader, at: datetime) -> Loaded[Held]:
    book = Book(terms_of(reader, at))
    return Loaded(Held(book, {each.licence_id: each for each in book.terms}), _turns_at(reader, at))


def _turns_at(reader: Reader, at: datetime) -> datetime | None:
    """The next moment at which other versions or other seats hold, by the clock alone."""
    versions = LicenceVersion.objects.of(**holders(reader)).aggregate(
        begin=Min("recorded_from", filter=Q(recorded_from__gt=at)), end=Min("recorded_to", filter=Q(recorded_to__gt=at))
    )
    seats: dict[str, datetime | None] = {}
    if reader.user_id is not None:
        seats = Seat.objects.filter(user_id=reader.user_id).aggregate(
            sits=Min("valid_from", filter=Q(valid_from__gt=at)), leaves=Min("valid_to", filter=Q(valid_to__gt=at))
        )
    return min((each for each in (*versions.values(), *seats.values()) if each is not None), default=None)


HELD: Kind[Reader, Held] = Kind("held", subjects_of_reader, _held, most=5_000)


def answers(asking: Asking, reader: Reader, questions: Sequence[Question]) -> list[Answer]:
    """The gate's answer to each question, in their order, with nothing spent and nothing written.

    No SQL for what is remembered and counts nothing; where quotas count, one query for all of them together.
    """
    held = asking.one(HELD, reader)
    items = asking.take(ITEMS, list(dict.fromkeys(each.name for each in questions)))
    found = [_answer(held.book, reader, each, items[each.name], asking.at) for each in questions]
    counting = [place for place, each in enumerate(found) if _counts(held, each)]
    if counting:
        seen = peek.look([_peeked(held, reader, found[place], asking.at) for place in counting])
        for place, decision in zip(counting, seen, strict=True):
            found[place] = Answer(found[place].question, found[place].known, decision, True, held.book.terms)
    return found


def _answer(book: Book, reader: Reader, question: Question, known: Known | None, at: datetime) -> Answer:
    if known is None:
        return Answer(question, None, NO_ITEM, False, book.terms)
    decision = book.judge(known.rights, question.use, at, manner_of(reader, question.manner))
    told = decision.tier is not Tier.NOTHING or any(tells(each, known.rights, at) for each in book.terms)
    return Answer(question, known, decision, told, book.terms)


def tells(terms: Terms, rights: Rights, at: datetime) -> bool:
    """Whether this licence is in force and about the item."""
    runs = terms.starts_at <= at and (terms.ends_at is None or at < terms.ends_at) and not terms.suspended
    return runs and covers(terms, rights)


def _counts(held: Held, answer: Answer) -> bool:
    decision = answer.decision
    if not decision.allowed or decision.licence_id is None:
        return False
    return not counts_nothing(held.by_id[decision.licence_id], answer.question.use)


def _peeked(held: Held, reader: Reader, answer: Answer, at: datetime) -> peek.Case:
    assert answer.known is not None
    question, known = answer.question, answer.known
    ways = held.book.ranked(known.rights, question.use, at, manner_of(reader, question.manner))
    release = Release(pk=known.release_id, item_id=known.item_id, public_tier=known.rights.public_tier)
    return peek.Case(reader, release, question.use, at, ways, held.by_id)

"""Search. Words of the full text are matched only where the reader may read it; the rest by its public words."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from newsroom.access.querysets import may_have, readable
from newsroom.access.terms import terms_of
from newsroom.accounts.readers import Reader
from newsroom.licensing.rules import Source, Use
from newsroom.wire import words as wire_words
from newsroom.wire.models import Release, VaultEntry
from newsroom.wire.querysets import ReleaseQuerySet
from newsroom.wire.rules import Tier
from newsroom.wire.views import Summary, summary_of

COUNTED_TO = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for. Dates are of the desk's time zone, both ends included."""

    words: str = ""
    language: str = ""
    desk: str = ""
    topic: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results, newest first. `total` is exact up to `COUNTED_TO`, then that number. `older` is the next cursor."""

    stories: tuple[Summary, ...]
    total: int
    older: tuple[datetime, int] | None

    @property
    def more_than_counted(self) -> bool:
        return self.total > COUNTED_TO


def search(
    *,
    reader: Reader,
    wanted: Wanted,
    at: datetime,
    locale: str,
    before: tuple[datetime, int] | None = None,
    limit: int = 20,
) -> Found:
    """What matches and may be seen at least as a summary. No words: the newest. Two queries, three for who may hold a licence."""
    matching = _matching(reader=reader, wanted=wanted, at=at)
    total = len(matching.values_list("pk", flat=True)[: COUNTED_TO + 1])
    page = matching.newest_first()
    if before is not None:
        page = page.before(*before)
    rows = list(page.select_related("item", "desk", "place").defer("public_vector")[: limit + 1])
    shown = rows[:limit]
    older = (shown[-1].shown_at, shown[-1].pk) if len(rows) > limit else None
    return Found(tuple(summary_of(each, locale) for each in shown), total, older)


def _matching(*, reader: Reader, wanted: Wanted, at: datetime) -> ReleaseQuerySet:
    held = [each for each in terms_of(reader, at) if each.source != Source.GIFT]  # a gift is one story, not a search
    seen = readable(Release.objects.all(), reader=reader, use=Use.READ, at=at, tier=Tier.SUMMARY, licences=held)
    seen = _narrowed(seen, wanted)
    if not wanted.words.strip():
        return seen
    query = wire_words.query(wanted.words, wanted.language or None)
    if query is None:
        return seen.none()
    inside = VaultEntry.objects.filter(release=OuterRef("pk"), full_vector=query)
    full = may_have(reader=reader, use=Use.READ, at=at, licences=held) & Q(Exists(inside))
    return seen.filter(Q(public_vector=query) | full)


def _narrowed(seen: ReleaseQuerySet, wanted: Wanted) -> ReleaseQuerySet:
    if wanted.language:
        seen = seen.filter(language=wanted.language)
    if wanted.desk:
        seen = seen.filter(desk__code=wanted.desk)
    if wanted.topic:
        seen = seen.filter(topics_all__contains=[wanted.topic])
    if wanted.since:
        seen = seen.filter(shown_at__date__gte=wanted.since)
    if wanted.until:
        seen = seen.filter(shown_at__date__lte=wanted.until)
    return seen

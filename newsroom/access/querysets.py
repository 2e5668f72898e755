"""The gate in SQL: which releases a reader may have, filtered in the query and never after it.

What the licences say is read once (`terms_of`); what the stories say is asked of the database. Licences that say the
same about time are one condition, so that a hundred licences are a handful of conditions.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.fields import DateTimeField

from newsroom.access.rules import PLAIN, PUBLISHING, Manner, Rights, Terms, weigh
from newsroom.access.terms import terms_of
from newsroom.accounts.readers import Reader
from newsroom.licensing.rules import Use
from newsroom.wire.models import Stamp
from newsroom.wire.querysets import ReleaseQuerySet
from newsroom.wire.rules import Signal, Tier

NONE = Q(pk__in=[])


def readable(
    releases: ReleaseQuerySet,
    *,
    reader: Reader,
    use: Use,
    at: datetime,
    tier: Tier,
    manner: Manner = PLAIN,
    licences: Iterable[Terms] | None = None,
    among: Mapping[int, Collection[int]] | None = None,
) -> ReleaseQuerySet:
    """Those of `releases` for which `judge` answers at least `tier`. `tier` is SUMMARY or FULL.

    `licences`: the reader's terms, when they are known already; else one query reads them. `among`: the products
    of a few releases by their keys, when these alone are asked about and it is known which of the held ones they are in.
    """
    if tier is Tier.NOTHING:
        raise ValueError("everything may be seen as nothing")
    full = may_have(reader=reader, use=use, at=at, manner=manner, licences=licences, among=among)
    if among is not None:
        releases = releases.filter(pk__in=list(among))
    public = not_embargoed(at) & Q(public_tier__gte=Tier.SUMMARY) if tier is Tier.SUMMARY else NONE
    return releases.unexpired(at).filter(full | public)


def not_embargoed(at: datetime) -> Q:
    """Past its embargo, or never under one."""
    return Q(embargo_until=None) | Q(embargo_until__lte=at)


def may_have(
    *,
    reader: Reader,
    use: Use,
    at: datetime,
    manner: Manner = PLAIN,
    licences: Iterable[Terms] | None = None,
    among: Mapping[int, Collection[int]] | None = None,
) -> Q:
    """The condition, on an unexpired head, that `judge` answers FULL (before quota and meter are spent)."""
    terms = terms_of(reader, at) if licences is None else licences
    manner = manner_of(reader, manner)
    free = not_embargoed(at) & Q(public_tier=Tier.FULL) if use is Use.READ else NONE
    held = NONE
    for shape, group in grouped(terms, use, at, manner).items():
        held |= shape.condition(at) & group.condition(among)
    return unbarred(use, at, manner) & (free | held)


def manner_of(reader: Reader, manner: Manner) -> Manner:
    """The manner, with the reader's country where it names no place."""
    if manner.territory or not reader.country:
        return manner
    return Manner(manner.channel, reader.country, manner.format, manner.rendition)


def unbarred(use: Use, at: datetime, manner: Manner) -> Q:
    """The condition that the story's own restrictions let this use through."""
    let = ~Q(uses_out__contains=[use.value])
    let &= ~Q(territories_out__contains=[manner.territory]) if manner.territory else Q(territories_out=[])
    if use in PUBLISHING:
        let &= ~Q(channels_out__contains=[manner.channel]) if manner.channel else Q(channels_out=[])
    age = ExpressionWrapper(Value(at, output_field=DateTimeField()) - F("shown_at"), output_field=DurationField())
    return let & (Q(archive=None) | Q(archive__gt=age))


@dataclass(frozen=True, slots=True)
class Shape:
    """What a group of licences asks of a story's time."""

    delay: timedelta
    archive: timedelta | None
    under_embargo: bool

    def condition(self, at: datetime) -> Q:
        when = Q() if self.under_embargo else not_embargoed(at)
        if self.delay:
            when &= Q(shown_at__lte=at - self.delay)
        if self.archive is not None:
            when &= Q(shown_at__gt=at - self.archive)
        return when


class Covered:
    """What a group of licences covers."""

    def __init__(self) -> None:
        self.everything = False
        self.products: set[int] = set()
        self.items: set[int] = set()

    def add(self, terms: Terms) -> None:
        self.everything = self.everything or terms.products is None
        self.products |= terms.products or frozenset()
        self.items |= terms.items

    def condition(self, among: Mapping[int, Collection[int]] | None) -> Q:
        if self.everything:
            return Q()
        covered = NONE
        if among is not None:
            covered |= Q(pk__in=[pk for pk, products in among.items() if not self.products.isdisjoint(products)])
        elif self.products:
            stamps = Stamp.objects.effective().filter(release=OuterRef("pk"), product_id__in=sorted(self.products))
            covered |= Q(Exists(stamps))
        if self.items:
            covered |= Q(item_id__in=sorted(self.items))
        return covered


def grouped(terms: Iterable[Terms], use: Use, at: datetime, manner: Manner) -> dict[Shape, Covered]:
    """The licences that say yes to this use at this moment, whatever the story, by what they ask of its time."""
    found: dict[Shape, Covered] = defaultdict(Covered)
    for each in terms:
        if not weigh(each, _any_story(each), use, at, manner).allowed:
            continue
        ahead = each.limits.under_embargo and use is Use.RECEIVE
        found[Shape(each.limits.delay, each.limits.archive, ahead)].add(each)
    return found


def _any_story(terms: Terms) -> Rights:
    """A story that this licence covers and that is neither too old nor too young for it."""
    return Rights(Signal.NEW, Tier.NOTHING, None, terms.products or frozenset(), next(iter(terms.items), 0))

"""The newest that a reader may have, without looking at what they may not.

`readable` is the right answer and a slow question: on a wire of a million the database would find everything that
fifty products hold, and sort it, to show fifty. Here each product's newest are read off an index and merged; what
comes out is judged story by story, so the answer is that of `judge`, and therefore of `readable`, whatever a story or
a licence restricts.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from newsroom.access.querysets import grouped, manner_of
from newsroom.access.rules import PLAIN, Manner, Rights, Terms, judge
from newsroom.access.terms import terms_of
from newsroom.accounts.readers import Reader
from newsroom.core.prepared import Prepared
from newsroom.core.statements import Statement
from newsroom.licensing.rules import Use
from newsroom.wire.models import Release
from newsroom.wire.querysets import ReleaseQuerySet
from newsroom.wire.rules import Tier

Place = tuple[datetime, int]
MOST = 10_000
HEADS = """
SELECT shown_at, id, NULL::bigint AS product FROM wire_release
 WHERE is_head AND {what} AND (shown_at, id) < (%(shown_at)s::timestamptz, %(pk)s::bigint)
 ORDER BY shown_at DESC, id DESC LIMIT {limit}"""
OF_EVERYTHING = """
SELECT near.shown_at, near.id, near.product
  FROM unnest(%(every_from)s::timestamptz[], %(every_to)s::timestamptz[]) AS held ("from", "to")
 CROSS JOIN LATERAL ({heads}) near"""
OF_PRODUCTS = """
SELECT near.shown_at, near.id, held.product
  FROM unnest(%(products)s::bigint[], %(from)s::timestamptz[], %(to)s::timestamptz[]) AS held (product, "from", "to")
  JOIN wire_productversion version ON version.product_id = held.product
       AND version.effective_from IS NOT NULL AND version.effective_to IS NULL
 CROSS JOIN LATERAL (
       SELECT shown_at, release_id AS id FROM wire_stamp
        WHERE version_id = version.id AND shown_at > held."from" AND shown_at <= held."to"
          AND (shown_at, release_id) < (%(shown_at)s::timestamptz, %(pk)s::bigint)
        ORDER BY shown_at DESC, release_id DESC LIMIT {limit}) near"""
MERGED = """
SELECT near.shown_at, near.id, near.products, made.item_id, made.signal, made.public_tier, made.embargo_until,
       made.territories_out, made.channels_out, made.uses_out, made.archive, made.expires_at
  FROM (SELECT shown_at, id, array_agg(product) FILTER (WHERE product IS NOT NULL) AS products FROM ({parts}) merged
         GROUP BY shown_at, id ORDER BY shown_at DESC, id DESC LIMIT {limit}) near
  JOIN wire_release made ON made.id = near.id
 ORDER BY near.shown_at DESC, near.id DESC"""


def newest_readable(
    *,
    reader: Reader,
    use: Use,
    at: datetime,
    tier: Tier = Tier.FULL,
    manner: Manner = PLAIN,
    limit: int = 50,
    before: Place | None = None,
    licences: Iterable[Terms] | None = None,
) -> list[Release]:
    """`readable(…).newest_first()[:limit]`, from behind the place `before` on, each with its item, desk and place.

    Two queries when `licences` are given and few stories are restricted, three when they are not.
    """
    terms, manner = list(terms_of(reader, at) if licences is None else licences), manner_of(reader, manner)
    about = _About(terms)
    found: list[Release] = []
    for near in _walk(terms, use, at, manner, tier).pages(before, limit):
        mine = [pk for pk, rights in near if judge(about(rights), rights, use, at, manner).tier >= tier]
        found += _whole(mine[: limit - len(found)])
        if len(found) >= limit:
            break
    return found


class _About:
    """The licences that are about a story; the others cannot say yes to it."""

    def __init__(self, terms: Iterable[Terms]) -> None:
        self.everything: list[Terms] = []
        self.products: dict[int, list[Terms]] = defaultdict(list)
        self.items: dict[int, list[Terms]] = defaultdict(list)
        for each in terms:
            if each.products is None:
                self.everything.append(each)
            for product in each.products or ():
                self.products[product].append(each)
            for item in each.items:
                self.items[item].append(each)

    def __call__(self, rights: Rights) -> list[Terms]:
        held = [each for product in rights.products for each in self.products.get(product, ())]
        return [*self.everything, *held, *self.items.get(rights.item_id, ())]


def _whole(pks: list[int]) -> list[Release]:
    """These heads with all that a summary needs, newest first. One query, and one text for lists of about that length."""
    if not pks:
        return []
    length = 1 << (len(pks) - 1).bit_length()
    return _heads(pks=[*pks, *[0] * (length - len(pks))])


@Prepared
def _heads(pks: Collection[int]) -> ReleaseQuerySet:
    heads = Release.objects.heads().filter(pk__in=pks)
    return heads.select_related("item", "desk", "place").defer("public_vector").newest_first()


@dataclass(slots=True)
class _Walk:
    """Where to look: products and the whole wire between two moments, items, and what is public."""

    products: list[tuple[int, str, str]] = field(default_factory=list)
    everything: list[tuple[str, str]] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    public: Tier | None = None

    def pages(self, before: Place | None, limit: int) -> Iterator[list[tuple[int, Rights]]]:
        """Everything that may be readable, newest first, in pages that grow; what is not may lie among it.

        A page holds keys of releases with what is to be known of them: of their products those they were found in.
        """
        size = limit
        while True:
            page = self._page(before, size)
            if page:
                yield [(pk, rights) for _shown_at, pk, rights in page]
            if len(page) < size:
                return
            before, size = page[-1][:2], min(size * 4, MOST)

    def _page(self, before: Place | None, size: int) -> list[tuple[datetime, int, Rights]]:
        parts = tuple(self._parts())
        if not parts:
            return []
        values = {
            "products": [each[0] for each in self.products],
            "from": [each[1] for each in self.products],
            "to": [each[2] for each in self.products],
            "every_from": [each[0] for each in self.everything],
            "every_to": [each[1] for each in self.everything],
            "items": self.items,
            "shown_at": before[0].isoformat() if before else "infinity",
            "pk": before[1] if before else 0,
        }
        statement, names = _merged(parts, size)
        return [_rights(*row) for row in statement.rows([values[name] for name in names])]

    def _parts(self) -> Iterator[str]:
        if self.everything:
            heads = HEADS.format(what='shown_at > held."from" AND shown_at <= held."to"', limit="{limit}")
            yield OF_EVERYTHING.format(heads=heads)
        if self.products:
            yield OF_PRODUCTS
        if self.items:
            yield HEADS.format(what="item_id = ANY(%(items)s::bigint[])", limit="{limit}")
        if self.public is not None:
            what = f"public_tier {'=' if self.public is Tier.FULL else '>='} {self.public:d}"
            yield HEADS.format(what=what, limit="{limit}")


@lru_cache(maxsize=256)
def _merged(parts: tuple[str, ...], limit: int) -> tuple[Statement, list[str]]:
    """The question that merges these parts, and the names of its values in their order."""
    sql = MERGED.format(parts=" UNION ALL ".join(f"({part})" for part in parts), limit="{limit}")
    sql = sql.replace("{limit}", str(limit))
    return Statement(re.sub(r"%\(\w+\)s", "%s", sql)), re.findall(r"%\((\w+)\)s", sql)


def _rights(
    shown_at: datetime,
    pk: int,
    products: list[int] | None,
    item_id: int,
    signal: str,
    public_tier: int,
    embargo_until: datetime | None,
    territories_out: list[str],
    channels_out: list[str],
    uses_out: list[str],
    archive: timedelta | None,
    expires_at: datetime | None,
) -> tuple[datetime, int, Rights]:
    rights = Rights(
        signal,
        Tier(public_tier),
        embargo_until,
        frozenset(products or ()),
        item_id,
        shown_at,
        frozenset(territories_out),
        frozenset(channels_out),
        frozenset(uses_out),
        archive,
        expires_at,
    )
    return shown_at, pk, rights


def _walk(terms: list[Terms], use: Use, at: datetime, manner: Manner, tier: Tier) -> _Walk:
    walk = _Walk()
    for shape, covered in grouped(terms, use, at, manner).items():
        until = (at - shape.delay).isoformat() if shape.delay else "infinity"
        since = (at - shape.archive).isoformat() if shape.archive is not None else "-infinity"
        if covered.everything:
            walk.everything.append((since, until))
            continue
        walk.products += [(product, since, until) for product in sorted(covered.products)]
        walk.items += sorted(covered.items)
    if tier is Tier.SUMMARY:
        walk.public = Tier.SUMMARY
    elif use is Use.READ:
        walk.public = Tier.FULL
    if ("-infinity", "infinity") in walk.everything:
        return _Walk(everything=[("-infinity", "infinity")])
    return walk

"""The newest that a reader may have, without looking at what they may not.

`readable` is the right answer and a slow question: on a wire of a million the database would find everything that
fifty products hold, and sort it, to show fifty. Here each product's newest are read off an index and merged; what
comes out is asked of `readable`, so the answer is its answer, whatever a story or a licence restricts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from newsroom.access.querysets import grouped, manner_of, readable
from newsroom.access.rules import PLAIN, Manner, Terms
from newsroom.access.terms import terms_of
from newsroom.accounts.readers import Reader
from newsroom.licensing.rules import Use
from newsroom.wire.models import Release
from newsroom.wire.rules import Tier

Place = tuple[datetime, int]
MOST = 10_000
HEADS = """
SELECT shown_at, id, NULL::bigint AS product FROM wire_release
 WHERE is_head AND {what} AND (shown_at, id) < (%(shown_at)s::timestamptz, %(pk)s)
 ORDER BY shown_at DESC, id DESC LIMIT %(limit)s"""
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
          AND (shown_at, release_id) < (%(shown_at)s::timestamptz, %(pk)s)
        ORDER BY shown_at DESC, release_id DESC LIMIT %(limit)s) near"""
MERGED = """
SELECT shown_at, id, array_agg(product) FILTER (WHERE product IS NOT NULL) FROM ({parts}) merged
 GROUP BY shown_at, id ORDER BY shown_at DESC, id DESC LIMIT %(limit)s"""


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
    terms = list(terms_of(reader, at) if licences is None else licences)
    walk = _walk(terms, use, at, manner_of(reader, manner), tier)
    found: list[Release] = []
    for near in walk.pages(before, limit):
        mine = readable(
            Release.objects.all(), reader=reader, use=use, at=at, tier=tier, manner=manner, licences=terms, among=near
        )
        whole = mine.select_related("item", "desk", "place").defer("public_vector")
        found += whole.newest_first()[: limit - len(found)]
        if len(found) >= limit:
            break
    return found


@dataclass(slots=True)
class _Walk:
    """Where to look: products and the whole wire between two moments, items, and what is public."""

    products: list[tuple[int, str, str]] = field(default_factory=list)
    everything: list[tuple[str, str]] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    public: Tier | None = None

    def pages(self, before: Place | None, limit: int) -> Iterator[dict[int, list[int]]]:
        """Everything that may be readable, newest first, in pages that grow; what is not may lie among it.

        A page holds keys of releases with the products they were found in.
        """
        size = limit
        while True:
            page = self._page(before, size)
            if page:
                yield {pk: products or [] for _shown_at, pk, products in page}
            if len(page) < size:
                return
            before, size = page[-1][:2], min(size * 4, MOST)

    def _page(self, before: Place | None, size: int) -> list[tuple[datetime, int, list[int] | None]]:
        parts = [f"({part})" for part in self._parts()]
        if not parts:
            return []
        sql = MERGED.format(parts=" UNION ALL ".join(parts))
        values: dict[str, Any] = {
            "products": [each[0] for each in self.products],
            "from": [each[1] for each in self.products],
            "to": [each[2] for each in self.products],
            "every_from": [each[0] for each in self.everything],
            "every_to": [each[1] for each in self.everything],
            "items": self.items,
            "public": self.public,
            "shown_at": before[0] if before else "infinity",
            "pk": before[1] if before else 0,
            "limit": size,
        }
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def _parts(self) -> Iterator[str]:
        if self.everything:
            heads = HEADS.format(what='shown_at > held."from" AND shown_at <= held."to"')
            yield OF_EVERYTHING.format(heads=heads)
        if self.products:
            yield OF_PRODUCTS
        if self.items:
            yield HEADS.format(what="item_id = ANY(%(items)s)")
        if self.public is not None:
            yield HEADS.format(what=f"public_tier {'=' if self.public is Tier.FULL else '>='} {self.public:d}")


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

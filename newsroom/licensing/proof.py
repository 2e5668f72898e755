"""That what is used, what was counted and what the ledger says are one and the same; each difference by its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from newsroom.licensing.models import Counted, Counter, LicenceVersion, Overage, Usage

TABLES = {
    "counter": Counter._meta.db_table,
    "counted": Counted._meta.db_table,
    "overage": Overage._meta.db_table,
    "usage": Usage._meta.db_table,
    "version": LicenceVersion._meta.db_table,
}

# A counter says another number than the stories that were counted, or than those that were paid for.
COUNTERS = """
SELECT licence_id, use, period, starts_at, pool, COALESCE(a.used, 0), COALESCE(b.used, 0), COALESCE(a.overage, 0),
    COALESCE(b.overage, 0)
FROM {counter} AS a FULL JOIN (
    SELECT licence_id, use, period, starts_at, pool, count(*) AS used, count(*) FILTER (WHERE overage) AS overage
    FROM {counted} GROUP BY licence_id, use, period, starts_at, pool
) AS b USING (licence_id, use, period, starts_at, pool)
WHERE (COALESCE(a.used, 0), COALESCE(a.overage, 0)) <> (COALESCE(b.used, 0), COALESCE(b.overage, 0))
ORDER BY licence_id, use, period, starts_at, pool
"""

# Counted, and no line of the ledger says so: of this use and story, under this licence unless it was carried over.
WITHOUT_A_LINE = """
SELECT a.licence_id, a.use, a.period, a.starts_at, a.reader, a.item_id FROM {counted} AS a
WHERE NOT EXISTS (
    SELECT FROM {usage} AS b WHERE b.key = a.key AND b.use = a.use AND b.item_id = a.item_id
        AND (a.carried OR b.licence_id = a.licence_id)
) ORDER BY a.id
"""

# In the ledger under a version of a licence that counts such a use, and not counted in that period for that reader.
NOT_COUNTED = """
SELECT b.licence_id, b.use, quota->>'period', b.key, b.item_id FROM {usage} AS b
JOIN {version} AS version ON version.licence_id = b.licence_id AND version.number = b.version
CROSS JOIN LATERAL jsonb_array_elements(version.quotas) AS quota
WHERE quota->>'use' = b.use AND NOT EXISTS (
    SELECT FROM {counted} AS a
    WHERE a.licence_id = b.licence_id AND a.use = b.use AND a.item_id = b.item_id AND a.period = quota->>'period'
        AND a.starts_at = CASE quota->>'period' WHEN 'term' THEN version.starts_at
            ELSE date_trunc(quota->>'period', b.at, 'UTC') END
        AND a.reader = CASE WHEN (quota->>'per_reader')::boolean OR (quota->>'counts_readers')::boolean
            THEN COALESCE('u:' || b.user_id, b.reader) ELSE '' END
) ORDER BY b.id
"""

# Paid for and not counted as such, or counted as paid for and nobody accepted a price.
UNPAID = """
SELECT COALESCE(a.licence_id, b.licence_id), COALESCE(a.use, b.use), COALESCE(a.item_id, b.item_id), a.key IS NULL
FROM {overage} AS a FULL JOIN (SELECT DISTINCT licence_id, use, item_id, key FROM {counted} WHERE overage) AS b
    ON a.key = b.key AND a.licence_id = b.licence_id
WHERE a.key IS NULL OR b.key IS NULL
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two of the three say different things about this licence."""

    licence_id: int
    what: str

    def __str__(self) -> str:
        return f"licence {self.licence_id}: {self.what}"


def differences() -> Iterator[Difference]:
    """Every difference there is. Four questions; none holds a lock, so run it while people read."""
    for licence, use, period, since, pool, used, counted, paid, marked in _rows(COUNTERS):
        whose = f" for {pool}" if pool else ""
        what = f"{use} by {period} since {since:%Y-%m-%d}{whose}: the counter says {used}, counted are {counted}"
        yield Difference(licence, f"{what}; paid for {paid}, marked {marked}" if paid != marked else what)
    for licence, use, period, since, reader, item in _rows(WITHOUT_A_LINE):
        whose = f" for {reader}" if reader else ""
        yield Difference(
            licence, f"{use} by {period} since {since:%Y-%m-%d}{whose}: story {item} has no line in the ledger"
        )
    for licence, use, period, key, item in _rows(NOT_COUNTED):
        yield Difference(licence, f"{use} of story {item} is in the ledger ({key[:12]}) and not counted by {period}")
    for licence, use, item, unpaid in _rows(UNPAID):
        said = (
            "was counted above the quota and nobody accepted a price" if unpaid else "was paid for and not counted so"
        )
        yield Difference(licence, f"{use} of story {item} {said}")


def _rows(question: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question.format(**TABLES))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

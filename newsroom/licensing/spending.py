"""Spending a quota: the counters, what was counted, the ledger and an accepted price move in one statement or not at all."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from newsroom.core.errors import Refused
from newsroom.core.money import Money
from newsroom.licensing.counting import Standing, Tally
from newsroom.licensing.ledger import COLUMNS, VALUES, Entry
from newsroom.licensing.models import Counted, Counter, Overage, Usage

OVERDRAWN = "counter_never_overdrawn"

# What is not counted yet is counted; only then do the counters move, in one order for all who wait for the same ones.
# A counter that would pass its limit fails the whole statement: nothing is counted, and nothing stands in the ledger.
# What is paid for fits even where the limit was lowered under what is used.
SPEND = f"""
WITH asked AS (
    SELECT * FROM unnest(%(period)s::text[], %(starts_at)s::timestamptz[], %(pool)s::text[], %(who)s::text[],
        %(limit)s::int[]) AS asked(period, starts_at, pool, reader, most)
), fresh AS (
    INSERT INTO {Counted._meta.db_table}
        (licence_id, use, period, starts_at, pool, reader, item_id, at, key, overage, carried)
    SELECT %(licence_id)s, %(use)s, period, starts_at, pool, reader, %(item_id)s, %(at)s, %(key)s, %(overage)s, false
    FROM asked ORDER BY period, pool
    ON CONFLICT (licence_id, use, period, starts_at, reader, item_id) DO NOTHING
    RETURNING period, starts_at, pool, reader
), moved AS (
    INSERT INTO {Counter._meta.db_table} AS counter
        (licence_id, use, period, starts_at, pool, used, "limit", overage)
    SELECT %(licence_id)s, %(use)s, period, starts_at, pool, 1, most, %(overage)s::int
    FROM fresh JOIN asked USING (period, starts_at, pool, reader) ORDER BY period, pool
    ON CONFLICT (licence_id, use, period, starts_at, pool) DO UPDATE
    SET used = counter.used + 1, overage = counter.overage + EXCLUDED.overage, "limit" = CASE WHEN %(overage)s
        THEN GREATEST(EXCLUDED."limit", counter.used - counter.overage) ELSE EXCLUDED."limit" END
    RETURNING used, "limit", overage
), line AS (
    INSERT INTO {Usage._meta.db_table} ({", ".join(COLUMNS)})
    VALUES ({VALUES})
    ON CONFLICT (key) DO NOTHING
), paid AS (
    INSERT INTO {Overage._meta.db_table} (licence_id, version, use, period, starts_at, reader, item_id, user_id,
        organisation_id, accepted_by, minor, currency, at, key, request_id)
    SELECT %(licence_id)s, %(version)s, %(use)s, period, starts_at, reader, %(item_id)s, %(user_id)s,
        %(organisation_id)s, %(accepted_by)s, %(minor)s, %(currency)s, %(at)s, %(key)s, %(request_id)s
    FROM fresh WHERE %(overage)s ORDER BY period, pool LIMIT 1
)
SELECT "limit" + overage - used FROM moved
"""  # noqa: S608  # the tables' names and columns are ours
LOOK = f"""
SELECT COALESCE(counter.used, 0), COALESCE(counter.overage, 0), counted.id IS NOT NULL
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::text[])
    WITH ORDINALITY AS asked(licence_id, use, period, starts_at, pool, reader, place)
LEFT JOIN {Counter._meta.db_table} AS counter USING (licence_id, use, period, starts_at, pool)
LEFT JOIN {Counted._meta.db_table} AS counted ON (counted.licence_id, counted.use, counted.period, counted.starts_at,
    counted.reader, counted.item_id) = (asked.licence_id, asked.use, asked.period, asked.starts_at, asked.reader, %s)
ORDER BY asked.place
"""  # noqa: S608  # the tables' names are ours


class QuotaSpent(Refused):
    """The licence has no uses left."""

    status = 429


@dataclass(frozen=True, slots=True)
class Accepted:
    """A price that somebody said yes to. `by`: their name, which outlives their account."""

    price: Money
    by: str


def look(tallies: Sequence[Tally], item_id: int) -> list[Standing]:
    """How each tally stands, and whether this story is in it already. One query, in the order of the tallies."""
    if not tallies:
        return []
    names = ("licence_id", "use", "period", "starts_at", "pool", "reader")
    columns = [[getattr(tally, name) for tally in tallies] for name in names]
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [*columns, item_id])
        rows = cursor.fetchall()
    return [Standing(tally, *row) for tally, row in zip(tallies, rows, strict=True)]


def spend(entry: Entry, tallies: Sequence[Tally], *, accepted: Accepted | None = None) -> int | None:
    """Count the story against every tally that does not have it yet, and write the line of the ledger. One statement.

    `accepted`: it is paid for, and takes nothing of the quota. Answers how many more stories there are, None when this
    one was counted already. Raises `QuotaSpent`, and then nothing is counted or written.
    """
    try:
        with _statement(), connection.cursor() as cursor:
            cursor.execute(SPEND, values_of(entry, tallies, accepted))
            return min((row[0] for row in cursor.fetchall()), default=None)
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") != OVERDRAWN:
            raise
        raise QuotaSpent(_("This quota is used up.")) from None


def values_of(entry: Entry, tallies: Sequence[Tally], accepted: Accepted | None) -> dict[str, Any]:
    """What the statement is filled with."""
    return entry.values() | {
        "period": [each.period for each in tallies],
        "starts_at": [each.starts_at for each in tallies],
        "pool": [each.pool for each in tallies],
        "who": [each.reader for each in tallies],
        "limit": [each.limit for each in tallies],
        "overage": accepted is not None,
        "minor": accepted.price.minor if accepted else None,
        "currency": accepted.price.currency if accepted else None,
        "accepted_by": accepted.by[:200] if accepted else None,
    }


def _statement() -> AbstractContextManager[Any]:
    """A failed statement takes itself back; inside a transaction a savepoint keeps the rest."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()

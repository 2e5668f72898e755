"""What a use is counted against: which counters move, and for whom. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from newsroom.accounts.readers import Reader
from newsroom.core.money import Money
from newsroom.licensing.rules import Quota

KEPT = 32  # hexadecimal digits of a digest: 128 bits


@dataclass(frozen=True, slots=True)
class Tally:
    """One counter that a story would move. `pool` and `reader`: as in `Counter` and `Counted`.

    A tally is full at `limit` different stories, those paid for left aside. `resets_at` None: never.
    """

    licence_id: int
    use: str
    period: str
    starts_at: datetime
    pool: str
    reader: str
    limit: int
    resets_at: datetime | None = None
    overage: Money | None = None

    @property
    def name(self) -> tuple[int, str, str, datetime, str]:
        return self.licence_id, self.use, self.period, self.starts_at, self.pool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a tally stands. `counted`: this story is in it already, so that using it again is free."""

    tally: Tally
    used: int
    overage: int
    counted: bool

    @property
    def remaining(self) -> int:
        return max(0, self.tally.limit + self.overage - self.used)

    @property
    def full(self) -> bool:
        return not self.counted and not self.remaining


def reader_key(reader: Reader) -> str:
    """Who this is to a quota that counts readers; empty when nobody can tell them from others."""
    return f"u:{reader.user_id}" if reader.user_id is not None else nameless(reader)


def nameless(reader: Reader) -> str:
    """Who this is, of those that nobody has signed in: a browser with our id, a machine's organisation, a network."""
    if reader.user_id is not None:
        return ""
    if reader.visitor or reader.browser:  # one browser has one id, whichever cookie brings it
        return f"v:{reader.visitor or reader.browser}"
    for kind, organisations in (("o", reader.organisation_ids), ("n", reader.network_ids)):
        if organisations:
            return f"{kind}:{min(organisations)}"
    return ""


def tallies(
    *, licence_id: int, quotas: Iterable[Quota], use: str, starts_at: datetime, reader: Reader, at: datetime
) -> tuple[Tally, ...]:
    """Every counter that this use of a story would move. `starts_at`: when the licence's term began."""
    found: list[Tally] = []
    for quota in quotas:
        if quota.use == use:
            begins = quota.starts(at) or starts_at
            found += _of(quota, licence_id, begins, reader, at)
    return tuple(found)


def _of(quota: Quota, licence_id: int, begins: datetime, reader: Reader, at: datetime) -> list[Tally]:
    """A quota by readers is spent for somebody whom nothing tells from others: they could come back as often."""
    by_reader = quota.per_reader or quota.counts_readers
    key = reader_key(reader) if by_reader else ""
    limit = quota.limit if key or not by_reader else 0

    def tally(pool: str, who: str, most: int) -> Tally:
        resets = quota.resets(at)
        return Tally(licence_id, quota.use, quota.period, begins, pool, who, most, resets, quota.overage)

    own = tally(key if quota.per_reader else "", key, limit)
    if not quota.prefix_budget or reader.user_id is not None:
        return [own]
    prefix = f"p:{_digest(reader.prefix)}"
    return [own, tally(prefix, f"p:{_digest(f'{reader.prefix}|{key}')}", quota.prefix_budget)]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:KEPT]

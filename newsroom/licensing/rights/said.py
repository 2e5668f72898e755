"""What a licence grants and what a story rules out, by names instead of numbers. Pure.

`Granted` and `Reserved` are what is written in plain words (`words`) and in ODRL (`odrl`), and what is read back.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newsroom.licensing.rules import NO_LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Party:
    """Who grants or who holds. `many`: a group rather than one person or body."""

    uid: str
    name: str
    many: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """One version of a licence. `products`: codes, None for every product. `items`: URIs covered besides.

    `uid`: the IRI of this version. Moments are aware; `limits` as the gate knows them.
    """

    uid: str
    by: Party
    to: Party
    uses: frozenset[str]
    products: frozenset[str] | None
    starts_at: datetime
    ends_at: datetime | None
    clause: str
    items: frozenset[str] = frozenset()
    suspended: bool = False
    limits: Limits = NO_LIMITS


@dataclass(frozen=True, slots=True)
class Reserved:
    """What a release's own rights rule out for everybody. `uri`: the story's; `shown_at`: from when its age counts."""

    uid: str
    by: Party
    uri: str
    shown_at: datetime
    territories_out: frozenset[str] = frozenset()
    channels_out: frozenset[str] = frozenset()
    uses_out: frozenset[str] = frozenset()
    archive: timedelta | None = None
    expires_at: datetime | None = None
    embargo_until: datetime | None = None
    usage_terms: str = ""
    supplier_terms: str = field(default="")

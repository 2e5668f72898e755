"""What the licences of a contract must say, from the contract's versions alone. Pure.

A start and an end are dates on the licence and hold without anybody at work. What changes in between (seats, uses,
products) is what the version in force at the moment says: a licence says one thing at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from newsroom.licensing.contracts.terms import Agreed


class Version(Protocol):
    """What is asked of a version: the terms from one moment to another (None: on and on)."""

    @property
    def agreed(self) -> tuple[Agreed, ...]: ...
    @property
    def valid_from(self) -> datetime: ...
    @property
    def valid_to(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Target:
    """The licence of one line: what it covers, from when to when."""

    key: int
    agreed: Agreed
    starts_at: datetime
    ends_at: datetime


def targets(versions: Sequence[Version], *, period_end: datetime, slack: timedelta, at: datetime) -> list[Target]:
    """One for each line that was ever agreed and stands. `versions`: what is known now, earliest first.

    `period_end`: when the current period ends; `slack`: how much longer the lines of the last version hold, because a
    renewal is to be expected and may be late.
    """
    keys = sorted({each.key for version in versions for each in version.agreed})
    return [_target(key, versions, period_end + slack, at) for key in keys]


def _target(key: int, versions: Sequence[Version], open_end: datetime, at: datetime) -> Target:
    with_it = [each for each in versions if any(agreed.key == key for agreed in each.agreed)]
    begun = [each for each in with_it if each.valid_from <= at]
    says = begun[-1] if begun else with_it[0]
    agreed = next(each for each in says.agreed if each.key == key)
    starts_at = with_it[0].valid_from
    ends_at = open_end if with_it[-1].valid_to is None else with_it[-1].valid_to
    return Target(key, agreed, starts_at, max(starts_at, ends_at))

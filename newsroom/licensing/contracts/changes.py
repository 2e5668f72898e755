"""What one set of lines changes against another, in licences and in money. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum

from newsroom.core.money import Money
from newsroom.licensing.contracts.prices import a_year
from newsroom.licensing.contracts.terms import Agreed
from newsroom.licensing.lines import Line
from newsroom.licensing.rules import Limits


class Kind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one line. `what`: names of what differs, fields of `Line` and of `Limits`. `year`: in money."""

    key: int
    kind: Kind
    before: Line | None
    after: Line | None
    what: tuple[str, ...]
    year: Money


def compare(before: Iterable[Agreed], after: Iterable[Agreed], currency: str) -> list[Change]:
    """Line by line, in the order of their keys."""
    old, new = ({each.key: each for each in lines} for lines in (before, after))
    return [_change(key, old.get(key), new.get(key), currency) for key in sorted({*old, *new})]


def _change(key: int, old: Agreed | None, new: Agreed | None, currency: str) -> Change:
    what = _differences(old.line, new.line) if old and new else ()
    kind = Kind.ADDED if old is None else Kind.ENDED if new is None else Kind.CHANGED if what else Kind.KEPT
    year = a_year([new] if new else [], currency) - a_year([old] if old else [], currency)
    return Change(key, kind, old.line if old else None, new.line if new else None, what, year)


def _differences(old: Line, new: Line) -> tuple[str, ...]:
    plain = [each.name for each in fields(Line) if each.name != "limits"]
    found = [name for name in plain if getattr(old, name) != getattr(new, name)]
    limits = [each.name for each in fields(Limits)]
    return (*found, *(name for name in limits if getattr(old.limits, name) != getattr(new.limits, name)))


def total(changes: Iterable[Change], currency: str) -> Money:
    """What all of it costs more, or less, in a year."""
    return Money(sum(each.year.minor for each in changes), currency)

"""Where the stand-in keeps its objects. The rules know this interface only."""

import copy
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What was answered to an idempotency key."""

    digest: str
    status: int
    body: Body
    at: int


@dataclass(frozen=True, slots=True)
class Search:
    """Objects of one kind: JSON containment, one of several values, bounds on `created`; newest first."""

    kind: str
    where: Mapping[str, Any] = field(default_factory=dict)
    one_of: Mapping[str, Collection[Any]] = field(default_factory=dict)
    none_of: Mapping[str, Collection[Any]] = field(default_factory=dict)
    created: Mapping[str, int] = field(default_factory=dict)  # gt, gte, lt, lte
    after: str | None = None  # older than this object
    before: str | None = None  # newer than it, the nearest ones
    limit: int | None = None


class Store(Protocol):
    def find(self, name: str) -> Body | None: ...

    def save(self, body: Body, *, due: int | None, clock: str | None) -> None: ...

    def remove(self, name: str) -> None: ...

    def select(self, search: Search) -> list[Body]: ...

    def earliest(self, *, until: int, clock: str | None) -> Body | None:
        """The object whose time has come first."""

    def recall(self, key: str) -> Kept | None: ...

    def remember(self, key: str, kept: Kept) -> None: ...

    def undoable(self) -> AbstractContextManager[None]:
        """What is written inside is undone when an error leaves it."""


def contains(whole: Any, part: Any) -> bool:
    """JSON containment as PostgreSQL's @> has it."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            name in whole and contains(whole[name], each) for name, each in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(contains(one, each) for one in whole) for each in part)
    return bool(whole == part)


_BOUNDS = {
    "gt": lambda created, bound: created > bound,
    "gte": lambda created, bound: created >= bound,
    "lt": lambda created, bound: created < bound,
    "lte": lambda created, bound: created <= bound,
}


@dataclass
class _Row:
    body: Body
    due: int | None
    clock: str | None


class MemoryStore:
    """For tests of the rules alone."""

    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}
        self._kept: dict[str, Kept] = {}

    def find(self, name: str) -> Body | None:
        row = self._rows.get(name)
        return copy.deepcopy(row.body) if row else None

    def save(self, body: Body, *, due: int | None, clock: str | None) -> None:
        self._rows[body["id"]] = _Row(copy.deepcopy(body), due, clock)

    def remove(self, name: str) -> None:
        del self._rows[name]

    def select(self, search: Search) -> list[Body]:
        names = list(self._rows)[::-1]
        if search.after:
            names = names[names.index(search.after) + 1 :]
        if search.before:
            names = names[: names.index(search.before)][::-1]
        found = [self._rows[name].body for name in names if _matches(self._rows[name].body, search)][: search.limit]
        return copy.deepcopy(found[::-1] if search.before else found)

    def earliest(self, *, until: int, clock: str | None) -> Body | None:
        due = [row for row in self._rows.values() if row.due is not None and row.due <= until and row.clock == clock]
        return copy.deepcopy(min(due, key=lambda row: row.due or 0).body) if due else None

    def recall(self, key: str) -> Kept | None:
        return self._kept.get(key)

    def remember(self, key: str, kept: Kept) -> None:
        self._kept[key] = kept

    @contextmanager
    def undoable(self) -> Iterator[None]:
        before = dict(self._rows)
        try:
            yield
        except BaseException:
            self._rows = before
            raise


def _matches(body: Body, search: Search) -> bool:
    return (
        body["object"] == search.kind
        and contains(body, search.where)
        and all(body.get(name) in values for name, values in search.one_of.items())
        and all(body.get(name) not in values for name, values in search.none_of.items())
        and all(_BOUNDS[bound](body.get("created", 0), value) for bound, value in search.created.items())
    )

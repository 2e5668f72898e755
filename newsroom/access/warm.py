"""What a process remembers between requests, believed only while the epochs say that nothing has changed.

An entry is believed while the marks of all its subjects are those that stood *before* it was read from the database,
until the next moment at which it would change by the clock (`until`), and for `OLDEST` seconds at most. Without Valkey
nothing is believed and nothing remembered: each answer comes from the database.
"""

import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from newsroom.access.epochs import Away, Counting, Reading, epochs

OLDEST = 60.0  # seconds: how long a process believes that it would have been told
Name = TypeVar("Name", bound=Hashable)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Loaded(Generic[Value]):
    """What the database said. `until`: the next moment at which it will say something else by the clock alone."""

    value: Value
    until: datetime | None = None


@dataclass(frozen=True)
class Kind(Generic[Name, Value]):
    """One kind of thing that is remembered: whose matter it is, how it is read, and how many are kept.

    `absent`: whether it is remembered too that there is no such thing; off where strangers may ask for any name.
    """

    name: str
    subjects: Callable[[Name], tuple[str, ...]]
    load: Callable[[Sequence[Name], datetime], dict[Name, Loaded[Value]]]
    most: int = 20_000
    absent: bool = True


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    marks: tuple[bytes, ...]
    since: datetime
    until: datetime | None
    stored: float


class Memory:
    """The process's own, oldest out first."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[Hashable, _Kept]] = {}

    def get(self, kind: str, name: Hashable) -> _Kept | None:
        return self._kept.get(kind, {}).get(name)

    def put(self, kind: str, name: Hashable, kept: _Kept, most: int) -> None:
        shelf = self._kept.setdefault(kind, {})
        shelf.pop(name, None)
        if len(shelf) >= most:
            shelf.pop(next(iter(shelf)), None)
        shelf[name] = kept

    def clear(self) -> None:
        self._kept = {}


memory = Memory()
epochs.on_connect.append(memory.clear)


class Asking:
    """One request's look at what is remembered. Name every subject at once and it costs one round trip.

    `count`: what `counting` stands at with this request; None when nobody could be asked.
    """

    def __init__(self, at: datetime, subjects: Iterable[str] = (), counting: Counting | None = None) -> None:
        self.at, self.away, self.count = at, False, None
        self._marks: dict[str, bytes] = {}
        self._life: int | None = None
        self.count = self._read(dict.fromkeys(subjects), counting).count

    def take(self, kind: Kind[Name, Value], names: Sequence[Name]) -> dict[Name, Value]:
        """Each of `names`, from memory where it still holds, the rest from the database in one go."""
        subjects = {name: kind.subjects(name) for name in names}
        unread = {each: None for every in subjects.values() for each in every if each not in self._marks}
        if unread and not self.away:
            self._read(unread)
        found: dict[Name, Value] = {}
        for name, whose in subjects.items():
            kept = None if self.away else memory.get(kind.name, name)
            if kept is not None and self._holds(kept, whose):
                found[name] = kept.value
        lacking = [name for name in subjects if name not in found]
        return found | self._loaded(kind, lacking, subjects) if lacking else found

    def one(self, kind: Kind[Name, Value], name: Name) -> Value:
        return self.take(kind, (name,))[name]

    def _holds(self, kept: _Kept, subjects: tuple[str, ...]) -> bool:
        return (
            kept.since <= self.at
            and (kept.until is None or self.at < kept.until)
            and time.monotonic() - kept.stored < OLDEST
            and all(self._marks[each] == mark for each, mark in zip(subjects, kept.marks, strict=True))
        )

    def _loaded(
        self, kind: Kind[Name, Value], names: list[Name], subjects: dict[Name, tuple[str, ...]]
    ) -> dict[Name, Value]:
        loaded = kind.load(names, self.at)
        if not self.away and self._life == epochs.life:
            now = time.monotonic()
            for name, each in loaded.items():
                if each.value is None and not kind.absent:
                    continue
                marks = tuple(self._marks[subject] for subject in subjects[name])
                memory.put(kind.name, name, _Kept(each.value, marks, self.at, each.until, now), kind.most)
        return {name: each.value for name, each in loaded.items()}

    def _read(self, subjects: dict[str, None], counting: Counting | None = None) -> Reading:
        try:
            reading = epochs.read(list(subjects), counting)
        except Away:
            self.away = True
            return Reading()
        if self._life is not None and reading.life != self._life:
            self._marks.clear()  # over another connection: what was read before may be older than what was missed
            self.away = True
        self._life = reading.life
        self._marks |= reading.marks
        return reading


def remembered(kind: Kind[Name, Value], name: Name) -> Value | None:
    """What was known of it, believed or not: only to guess which subjects to ask for."""
    kept = memory.get(kind.name, name)
    return None if kept is None else kept.value

"""Where texts rest: each room says how it lets go of its own, and whoever shreds a story asks all of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

Files = list[tuple[str, str]]
"""Storage and name. They are deleted after the commit, by a task that may run twice."""


@dataclass(frozen=True, slots=True)
class Shredding:
    """What must go of an item. `versions`: those it lost. `every`: all of them. `public`: headline and summary too."""

    item_id: int
    versions: tuple[int, ...]
    every: bool
    public: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Removed:
    """How many rows of which table were emptied or deleted, and which files are to follow."""

    rows: dict[str, int] = field(default_factory=dict)
    files: Files = field(default_factory=list)

    def __add__(self, other: "Removed") -> "Removed":
        rows = {name: self.rows.get(name, 0) + other.rows.get(name, 0) for name in {**self.rows, **other.rows}}
        return Removed(rows, self.files + other.files)


Shredder = Callable[[Shredding], Removed]
_shredders: dict[str, Shredder] = {}


def register(room: str, shredder: Shredder) -> None:
    """This room holds texts of stories, and this is how it lets go of them. Called once, when the room is ready."""
    _shredders[room] = shredder


def shredders() -> Iterable[Shredder]:
    return tuple(_shredders.values())


def permit_erasure() -> None:
    """Let this transaction, and it alone, change what is only ever added to."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL newsroom.erasure = 'on'")

"""What a row of the matrix is: an address or a call, what may be on it at most, and what must be there."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tests.leaks.canaries import PUBLIC, Kind
from tests.leaks.states import Told
from tests.leaks.world import World

LISTED = PUBLIC - {Kind.PIXELS}
"""The most that a page tells of a story it is not about."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `about`: the story it names; None for a list of them.

    `needs`: an answer holds anything at all only for those who are due all of these kinds of `about`. `most`: what
    the answer may hold of `about` at most; None: what the surface allows. `says`: what it must hold, of what is due.
    `readers`: who tries it; None: all whom the surface names.
    """

    path: str
    about: Told | None = None
    method: str = "GET"
    form: Mapping[str, str] = field(default_factory=dict)
    json: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    needs: frozenset[Kind] = frozenset()
    most: frozenset[Kind] | None = None
    says: frozenset[Kind] | None = None
    readers: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}{f' {dict(self.headers)}' if self.headers else ''}"


@dataclass(frozen=True, slots=True)
class Surface:
    """A row. `covers`: the names of the URL patterns it stands for. `readers`: who tries it; None: all.

    `most` and `says`: as in `Ask`, for all its requests. `lists`: the answer is about many stories, and must tell of
    each that everybody may see. `desk`: a page of the newsroom, where other rights hold. `personal`: lists may tell of what this reader may see, not only of what all may.
    """

    name: str
    covers: tuple[str, ...]
    asks: Callable[[World], Iterable[Ask]]
    most: frozenset[Kind] = frozenset()
    says: frozenset[Kind] = frozenset()
    lists: bool = False
    personal: bool = False
    desk: bool = False
    readers: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return self.name


def one(path: str, **facts: object) -> Callable[[World], Iterable[Ask]]:
    """A surface of one address."""
    return lambda world: [Ask(path, **facts)]  # type: ignore[arg-type]  # Ask's own fields

"""Recorded lives for the tests of the proof."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.billing.proof.playing import Player
from tests.billing.proof.records import recorded, undone
from tests.billing.proof.table import counted


@pytest.fixture
def player(db_of_both: None, monkeypatch: pytest.MonkeyPatch, record_property) -> Iterator[Callable[..., Player]]:
    """Makes a player of the lives of these names; what was played is counted."""
    made: list[Player] = []

    def make(*names: str) -> Player:
        made.append(Player(monkeypatch, *[recorded(name) for name in names]))
        return made[-1]

    yield make
    counted(record_property, events_delivered=sum(each.delivered for each in made))


@pytest.fixture
def again(record_property) -> Iterator[Callable[[], object]]:
    """A context whose writes are undone, so that the same life can be played once more."""
    played = [0]

    @contextmanager
    def played_once() -> Iterator[None]:
        played[0] += 1
        with undone("default"):
            yield

    yield played_once
    counted(record_property, replays=played[0])

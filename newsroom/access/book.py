"""All licences of one reader, arranged once so that each judgement costs the same for fifty as for five thousand.

For each product (or item, or everything) and use the licences are merged into a line of moments. Between two moments
the same few can win: of licences with the same limits only the one that is preferred. `Book(terms).judge(…)` answers
what `rules.judge(terms, …)` answers; a property test holds the two together.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime
from heapq import heappop, heappush
from typing import Any

from newsroom.access.rules import (
    PLAIN,
    Decision,
    Manner,
    Reason,
    Rights,
    Terms,
    distance,
    preference,
    ranked,
    refusal,
    settled_by_story,
    weigh,
)
from newsroom.licensing.rules import NO_LIMITS, Use
from newsroom.wire.rules import Tier

Key = Hashable
EVERYTHING: Key = "everything"
NOTHING_HELD = Decision(Tier.NOTHING, Reason.NO_LICENCE)


class Book:
    """The licences of one reader. Pure: it holds what they said when it was made."""

    __slots__ = ("_ahead", "_any", "_lines", "terms")

    def __init__(self, terms: Iterable[Terms]) -> None:
        self.terms = tuple(terms)
        self._ahead = any(each.limits.under_embargo for each in self.terms)
        self._any = min(self.terms, key=_number, default=None)
        about: dict[Key, list[Terms]] = defaultdict(list)
        for each in self.terms:
            for key in _keys(each):
                about[key].append(each)
        self._lines = {(key, use): _Line(found, use) for key, found in about.items() for use in _uses(found)} | {
            (key, ""): _Line(found, "") for key, found in about.items()
        }

    def judge(self, rights: Rights, use: Use, at: datetime, manner: Manner = PLAIN) -> Decision:
        """Whether these licences allow this use, and why. Before quota and meter are spent."""
        settled = settled_by_story(rights, use, at, manner, ahead=self._ahead and use is Use.RECEIVE)
        if settled is not None:
            return settled
        lines = list(self._about(rights, use.value))
        best: tuple[Any, Decision] | None = None
        for line in lines:
            for rank, terms, answer in line.candidates(at):
                if best is not None and rank >= best[0]:
                    break
                if answer is None or rights.embargo_until is not None:
                    answer = weigh(terms, rights, use, at, manner)
                if answer.reason is Reason.LICENSED:
                    best = rank, answer
                    break
        return best[1] if best is not None else self._no(lines, rights, use, at, manner)

    def ranked(self, rights: Rights, use: Use, at: datetime, manner: Manner = PLAIN) -> list[Decision]:
        """Every yes, the best first; or the one no."""
        return ranked(self.terms, rights, use, at, manner)

    def _about(self, rights: Rights, use: str) -> "Iterator[_Line]":
        """The lines of this story and this use: its products, itself, and everything."""
        lines = self._lines
        for key in (*rights.products, ("item", rights.item_id), EVERYTHING):
            line = lines.get((key, use)) or lines.get((key, ""))
            if line is not None:
                yield line

    def _no(self, lines: "list[_Line]", rights: Rights, use: Use, at: datetime, manner: Manner) -> Decision:
        """The nearest of all refusals: of a licence in force, else of one that ended, is to come, grants other uses."""
        standing = [weigh(terms, rights, use, at, manner) for line in lines for terms in line.standing(at)]
        if standing:
            return refusal(min(standing, key=distance), rights, at)
        for stage in (_Line.ended, _Line.coming, _Line.without):
            found = [terms for line in lines if (terms := stage(line, at)) is not None]
            if found:
                nearest = found[0] if len(found) == 1 else min(found, key=_ORDER[stage])
                return refusal(weigh(nearest, rights, use, at, manner), rights, at)
        if self._any is None:
            return refusal(NOTHING_HELD, rights, at)
        return refusal(weigh(self._any, rights, use, at, manner), rights, at)


class _Line:
    """The licences about one product and one use, along time. Use "" is of a use that none of them grants."""

    __slots__ = ("_ended", "_ends", "_moments", "_segments", "_started", "_starts", "_without")

    def __init__(self, terms: list[Terms], use: str) -> None:
        granting = [each for each in terms if use in each.uses]
        self._without = min((each for each in terms if use not in each.uses), key=_number, default=None)
        self._moments, self._segments = _segments(granting, use)
        self._ended = _firsts(sorted((each for each in granting if each.ends_at), key=_end_first), _ends_at)
        self._ends = [each.ends_at for each in self._ended if each.ends_at is not None]
        self._started = _firsts(sorted(granting, key=lambda each: (each.starts_at, each.licence_id)), _starts_at)
        self._starts = [each.starts_at for each in self._started]

    def candidates(self, at: datetime) -> "tuple[_Candidate, ...]":
        """Who may win at this moment, the preferred first, with the answer where it asks nothing of the story."""
        place = bisect_right(self._moments, at) - 1
        return self._segments[place][0] if place >= 0 else ()

    def standing(self, at: datetime) -> tuple[Terms, ...]:
        """The licences in force at this moment one of which refuses nearest: the oldest of each kind."""
        place = bisect_right(self._moments, at) - 1
        return self._segments[place][1] if place >= 0 else ()

    def ended(self, at: datetime) -> Terms | None:
        """The one that ended last."""
        place = bisect_right(self._ends, at) - 1
        return self._ended[place] if place >= 0 else None

    def coming(self, at: datetime) -> Terms | None:
        """The one that begins first."""
        place = bisect_right(self._starts, at)
        return self._started[place] if place < len(self._started) else None

    def without(self, at: datetime) -> Terms | None:
        """The oldest that grants other uses."""
        return self._without


_Candidate = tuple[Any, Terms, Decision | None]
_Segment = tuple[tuple[_Candidate, ...], tuple[Terms, ...]]


def _segments(terms: list[Terms], use: str) -> tuple[list[datetime], list[_Segment]]:
    """The moments at which something begins or ends, and who may win, or refuse nearest, from each to the next."""
    moments = sorted({moment for each in terms for moment in (each.starts_at, each.ends_at) if moment is not None})
    waiting = sorted(terms, key=_starts_at, reverse=True)
    preferred: dict[Key, list[Any]] = defaultdict(list)
    oldest: dict[Key, list[Any]] = defaultdict(list)
    segments: list[_Segment] = []
    for moment in moments:
        while waiting and waiting[-1].starts_at <= moment:
            each = waiting.pop()
            kind = (each.suspended, each.seated, each.limits)
            if not each.suspended:
                rank = preference(_yes(each), each, Use(use))
                heappush(preferred[kind], (rank, id(each), each))
            heappush(oldest[kind], (each.licence_id, id(each), each))
        winners = sorted(_tops(preferred, moment), key=lambda top: (top[0], top[1]))
        candidates = tuple((rank, each, _yes(each) if each.limits is NO_LIMITS else None) for rank, _, each in winners)
        segments.append((candidates, tuple(each for _, _, each in _tops(oldest, moment))))
    return moments, segments


def _tops(heaps: dict[Key, list[Any]], moment: datetime) -> list[Any]:
    """The first of each heap that has not ended by then."""
    found = []
    for heap in heaps.values():
        while heap and heap[0][2].ends_at is not None and heap[0][2].ends_at <= moment:
            heappop(heap)
        if heap:
            found.append(heap[0])
    return found


def _yes(terms: Terms) -> Decision:
    return Decision(Tier.FULL, Reason.LICENSED, terms.licence_id, terms.clause, terms.ends_at, terms.version)


def _keys(terms: Terms) -> Iterator[Key]:
    if terms.products is None:
        yield EVERYTHING
    yield from terms.products or ()
    for item in terms.items:
        yield ("item", item)


def _uses(terms: list[Terms]) -> frozenset[str]:
    return frozenset(use for each in terms for use in each.uses)


def _firsts(terms: list[Terms], moment_of: Any) -> list[Terms]:
    """Of those that share a moment the first."""
    found: list[Terms] = []
    for each in terms:
        if not found or moment_of(found[-1]) != moment_of(each):
            found.append(each)
    return found


def _number(terms: Terms) -> int:
    return terms.licence_id


def _starts_at(terms: Terms) -> datetime:
    return terms.starts_at


def _ends_at(terms: Terms) -> datetime | None:
    return terms.ends_at


def _end_first(terms: Terms) -> tuple[datetime | None, int]:
    return terms.ends_at, terms.licence_id


def _last_to_end(terms: Terms) -> tuple[float, int]:
    return -terms.ends_at.timestamp() if terms.ends_at else 0.0, terms.licence_id


def _first_to_begin(terms: Terms) -> tuple[float, int]:
    return terms.starts_at.timestamp(), terms.licence_id


_ORDER: dict[Any, Callable[[Terms], Any]] = {
    _Line.ended: _last_to_end,
    _Line.coming: _first_to_begin,
    _Line.without: _number,
}

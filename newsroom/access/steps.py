"""The walk behind an answer: which rules were asked, in order, and what would turn a no into a yes. Pure.

Nothing is judged here. Each step is read off the answers of `settled_by_story` and `weigh`: what refused is the step
that says no, what stands before it in the order said yes. So the walk and the judgement cannot fall apart; a test proves the
orders below, another that the outcome is `judge`'s.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
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
    settled_by_story,
    weigh,
)
from newsroom.licensing.rules import Rendition, SeatKind, Use

OF_THE_STORY = (
    Reason.KILLED,
    Reason.WITHHELD,
    Reason.NOT_RELEASED,
    Reason.EXPIRED,
    Reason.EMBARGOED,
    Reason.STORY_NOT_FOR_USE,
    Reason.STORY_NOT_HERE,
    Reason.STORY_NOT_ON_CHANNEL,
    Reason.STORY_TOO_OLD,
)
"""The order in which a story is asked, each rule named by the refusal it would give."""

OF_A_LICENCE = (
    Reason.OUTSIDE_PRODUCT,
    Reason.USE_NOT_GRANTED,
    Reason.NOT_STARTED,
    Reason.ENDED,
    Reason.SUSPENDED,
    Reason.NO_SEAT,
    Reason.OUTSIDE_ARCHIVE,
    Reason.DELAYED,
    Reason.WRONG_TERRITORY,
    Reason.WRONG_CHANNEL,
    Reason.WRONG_FORMAT,
    Reason.TOO_LARGE,
    Reason.EMBARGOED,
)
"""The order in which a licence is asked."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rule. `rule`: the refusal it would give. `asked`: whether story or licence say anything about it at all."""

    rule: Reason
    passed: bool
    asked: bool = True
    clause: str = ""
    until: datetime | None = None


class Preference(StrEnum):
    """Why this licence was named and not the next that says yes."""

    ONLY = "only"
    COUNTS_NOTHING = "counts_nothing"
    NEVER_ENDS = "never_ends"
    LASTS_LONGER = "lasts_longer"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Weighed:
    """One licence, what it answered, and the walk there. `remedies`: what would have to change, one after another."""

    terms: Terms
    decision: Decision
    steps: tuple[Step, ...]
    remedies: tuple[Reason, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.decision.allowed


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer and the whole walk. `licences`: in the order of their answers, none where the story decided alone."""

    decision: Decision
    story: tuple[Step, ...]
    licences: tuple[Weighed, ...]
    preferred: Preference | None = None

    @property
    def decided_by_story(self) -> bool:
        """Whether no licence was asked: the story is closed to everybody, or open to everybody."""
        return self.decision.reason is Reason.FREE or any(not step.passed for step in self.story)

    @property
    def nearest(self) -> Weighed | None:
        """The licence that the decision names."""
        return next((each for each in self.licences if each.terms.licence_id == self.decision.licence_id), None)


def walk(licences: Iterable[Terms], rights: Rights, use: Use, at: datetime, manner: Manner = PLAIN) -> Explanation:
    """The answer of `judge` to the same question, with every step that led to it."""
    licences = list(licences)
    decision = ranked(licences, rights, use, at, manner)[0]
    ahead = use is Use.RECEIVE and any(each.limits.under_embargo for each in licences)
    settled = settled_by_story(rights, use, at, manner, ahead=ahead)
    story = _up_to(OF_THE_STORY, settled, _told_by_story(rights))
    if settled is not None:
        return Explanation(decision, story, ())
    weighed = [_weighed(each, rights, use, at, manner) for each in licences]
    yes = sorted(
        (each for each in weighed if each.allowed), key=lambda each: preference(each.decision, each.terms, use)
    )
    no = sorted((each for each in weighed if not each.allowed), key=lambda each: distance(each.decision))
    return Explanation(decision, story, (*yes, *no), _preferred(yes, use))


def _up_to(order: tuple[Reason, ...], said: Decision | None, told: Collection[Reason]) -> tuple[Step, ...]:
    """The steps of `order` up to the one that refused; all of them when none of these did."""
    if said is None or said.reason not in order:
        return tuple(Step(rule, True, rule in told) for rule in order)
    last = order.index(said.reason)
    before = tuple(Step(rule, True, rule in told) for rule in order[:last])
    return (*before, Step(said.reason, False, True, said.clause, said.until))


def _told_by_story(rights: Rights) -> set[Reason]:
    """The rules about which this story says something."""
    says = {
        Reason.EXPIRED: rights.expires_at is not None,
        Reason.EMBARGOED: rights.embargo_until is not None,
        Reason.STORY_NOT_FOR_USE: bool(rights.uses_out),
        Reason.STORY_NOT_HERE: bool(rights.territories_out),
        Reason.STORY_NOT_ON_CHANNEL: bool(rights.channels_out),
        Reason.STORY_TOO_OLD: rights.archive is not None,
    }
    return {rule for rule in OF_THE_STORY if says.get(rule, True)}


def _told_by_licence(terms: Terms, rights: Rights) -> set[Reason]:
    """The rules about which this licence says something."""
    limits = terms.limits
    says = {
        Reason.ENDED: terms.ends_at is not None,
        Reason.NO_SEAT: limits.seats is not None and limits.seat_kind == SeatKind.NAMED,
        Reason.OUTSIDE_ARCHIVE: limits.archive is not None,
        Reason.DELAYED: bool(limits.delay),
        Reason.WRONG_TERRITORY: bool(limits.territories),
        Reason.WRONG_CHANNEL: bool(limits.channels),
        Reason.WRONG_FORMAT: bool(limits.formats),
        Reason.TOO_LARGE: limits.rendition != Rendition.ORIGINAL,
        Reason.EMBARGOED: rights.embargo_until is not None,
    }
    return {rule for rule in OF_A_LICENCE if says.get(rule, True)}


def _weighed(terms: Terms, rights: Rights, use: Use, at: datetime, manner: Manner) -> Weighed:
    said = weigh(terms, rights, use, at, manner)
    steps = _up_to(OF_A_LICENCE, said, _told_by_licence(terms, rights))
    return Weighed(terms, said, steps, remedies(terms, rights, use, at, manner))


def remedies(terms: Terms, rights: Rights, use: Use, at: datetime, manner: Manner) -> tuple[Reason, ...]:
    """Which refusals would have to be lifted, one after another, until this licence says yes."""
    found: list[Reason] = []
    while len(found) <= len(OF_A_LICENCE):
        said = weigh(terms, rights, use, at, manner)
        if said.allowed:
            break
        found.append(said.reason)
        terms, rights = _lifted(terms, rights, said.reason, use, at, manner)
    return tuple(found)


def _lifted(
    terms: Terms, rights: Rights, reason: Reason, use: Use, at: datetime, manner: Manner
) -> tuple[Terms, Rights]:
    """The same licence without what refused. An embargo is the story's: it lifts there."""
    limits = terms.limits
    match reason:
        case Reason.EMBARGOED:
            return terms, replace(rights, embargo_until=None)
        case Reason.OUTSIDE_PRODUCT:
            return replace(terms, products=None), rights
        case Reason.USE_NOT_GRANTED:
            return replace(terms, uses=terms.uses | {use}), rights
        case Reason.NOT_STARTED:
            return replace(terms, starts_at=at), rights
        case Reason.ENDED:
            return replace(terms, ends_at=None), rights
        case Reason.SUSPENDED:
            return replace(terms, suspended=False), rights
        case Reason.NO_SEAT:
            return replace(terms, seated=True), rights
    limited: dict[Reason, dict[str, Any]] = {
        Reason.OUTSIDE_ARCHIVE: {"archive": None},
        Reason.DELAYED: {"delay": timedelta(0)},
        Reason.WRONG_TERRITORY: {"territories": frozenset()},
        Reason.WRONG_CHANNEL: {"channels": frozenset()},
        Reason.WRONG_FORMAT: {"formats": frozenset()},
        Reason.TOO_LARGE: {"rendition": manner.rendition},
    }
    return replace(terms, limits=replace(limits, **limited[reason])), rights


def _preferred(yes: list[Weighed], use: Use) -> Preference | None:
    """Why the first of these stands before the second: the first part in which their places differ."""
    if len(yes) < 2:
        return Preference.ONLY if yes else None
    first, second = (preference(each.decision, each.terms, use) for each in yes[:2])
    parts = (Preference.COUNTS_NOTHING, Preference.NEVER_ENDS, Preference.LASTS_LONGER, Preference.OLDER)
    return next((part for part, mine, other in zip(parts, first, second, strict=True) if mine != other), None)

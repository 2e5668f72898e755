"""Judgements of the wire, pure: which signal may follow which, and what a product's rule matches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.core.errors import Refused


class Tier(models.IntegerChoices):
    """How much of a release somebody may see."""

    NOTHING = 0, _("nothing")
    SUMMARY = 1, _("summary")
    FULL = 2, _("full text")


class Signal(models.TextChoices):
    """What a release means for those who hold a former one."""

    NEW = "new", _("new")
    UPDATE = "update", _("update")
    CORRECTION = "correction", _("correction")
    WITHHOLD = "withhold", _("withheld")
    KILL = "kill", _("killed")


MAY_FOLLOW: Mapping[str | None, frozenset[str]] = {
    None: frozenset({Signal.NEW}),
    Signal.NEW: frozenset({Signal.UPDATE, Signal.CORRECTION, Signal.WITHHOLD, Signal.KILL}),
    Signal.UPDATE: frozenset({Signal.UPDATE, Signal.CORRECTION, Signal.WITHHOLD, Signal.KILL}),
    Signal.CORRECTION: frozenset({Signal.UPDATE, Signal.CORRECTION, Signal.WITHHOLD, Signal.KILL}),
    Signal.WITHHOLD: frozenset({Signal.UPDATE, Signal.CORRECTION, Signal.KILL}),
    Signal.KILL: frozenset(),
}
"""Which signal may follow which: `None` stands before the first release, and nothing follows a kill."""

LIVE = frozenset({Signal.NEW, Signal.UPDATE, Signal.CORRECTION})
"""The signals after which an item may be read."""


class NotNow(Refused):
    """This signal may not follow the item's last one."""


class BadRule(Refused):
    """A product's rule cannot be understood. Until it is mended it matches nothing.

    `field` names what is wrong: `include`, `exclude`, or a field of one, as `include_desk`.
    """

    def __init__(self, message: Any, *, side: str = "include", name: str = "") -> None:
        super().__init__(message)
        self.field = f"{side}_{name}" if name else side


def check_signal(signal: str, *, after: str | None) -> None:
    """Raises `NotNow` unless `signal` may follow `after`."""
    if signal in MAY_FOLLOW[after]:
        return
    if after is None:
        raise NotNow(_("This story was never released, so it can only be released as new."))
    if after == Signal.KILL:
        raise NotNow(_("This story was killed. A kill is final."))
    raise NotNow(
        _("After “%(after)s” there can be no “%(signal)s”.")
        % {"after": Signal(after).label, "signal": Signal(signal).label}
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """What a product's rule may ask of a release.

    Topics hold every ancestor too, `place` the place's code and its country's, keywords are case-folded.
    """

    language: str
    desk: str
    topics: frozenset[str]
    genre: str
    urgency: int
    place: frozenset[str]
    media: frozenset[str]
    keywords: frozenset[str] = frozenset()


FIELDS = ("language", "desk", "topics", "genre", "urgency", "place", "media", "keywords")
SIDES = ("include", "exclude")
MEDIA = ("text", "picture")


def check_rule(rule: Any) -> None:
    """Raises `BadRule` unless `rule` reads `{"include": {field: [values]}, "exclude": {…}}` or `{"include": "everything"}`.

    Within a field any value suffices; every named field of `include` must match, and no field of `exclude` may.
    """
    if not isinstance(rule, dict) or not rule.get("include") or set(rule) - {*SIDES}:
        raise BadRule(_("A rule says what it includes, or that it includes everything."))
    for side in SIDES:
        part = rule.get(side, {})
        if side == "include" and part == "everything":
            continue
        if not isinstance(part, dict):
            raise BadRule(_("“%(side)s” must name fields.") % {"side": side}, side=side)
        for name, values in part.items():
            _check_field(side, name, values)
    _check_contradictions(rule)


def _check_field(side: str, name: str, values: Any) -> None:
    if name not in FIELDS:
        raise BadRule(_("There is no field “%(name)s”.") % {"name": name}, side=side)
    kind = int if name == "urgency" else str
    if not isinstance(values, list) or not values or not all(type(value) is kind for value in values):
        raise BadRule(_("“%(name)s” needs a list of values.") % {"name": name}, side=side, name=name)
    if name == "urgency" and not all(1 <= value <= 9 for value in values):
        raise BadRule(_("Urgency is a whole number from 1 to 9."), side=side, name=name)
    if kind is str and not all(value.strip() for value in values):
        raise BadRule(_("“%(name)s” has an empty value.") % {"name": name}, side=side, name=name)


def _check_contradictions(rule: Any) -> None:
    """Raises `BadRule` when a value is both wanted and unwanted."""
    if rule["include"] == "everything":
        return
    for name, values in rule.get("exclude", {}).items():
        both = [value for value in wanted(name, values) if value in wanted(name, rule["include"].get(name, []))]
        if both:
            message = _("“%(value)s” is both included and excluded.") % {"value": both[0]}
            raise BadRule(message, side="exclude", name=name)


def wanted(name: str, values: list[Any]) -> list[Any]:
    """A rule's values as a release has them: keywords are compared whatever their case."""
    return [fold(value) for value in values] if name == "keywords" else values


def fold(keyword: str) -> str:
    """A keyword whatever its case and space."""
    return " ".join(keyword.split()).casefold()


def matches(rule: Any, facts: Facts) -> bool:
    """Whether a release with these facts belongs to the product. An empty or broken rule matches nothing."""
    try:
        check_rule(rule)
    except BadRule:
        return False
    include, exclude = rule["include"], rule.get("exclude", {})
    if any(_has(facts, name, values) for name, values in exclude.items()):
        return False
    return include == "everything" or all(_has(facts, name, values) for name, values in include.items())


def _has(facts: Facts, name: str, values: list[Any]) -> bool:
    held, values = getattr(facts, name), wanted(name, values)
    return not held.isdisjoint(values) if isinstance(held, frozenset) else held in values

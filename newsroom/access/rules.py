"""May they use it? A pure judgement that denies by default and always says why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newsroom.licensing.rules import Use
from newsroom.wire.rules import LIVE, Signal, Tier


class Reason(StrEnum):
    """Why a judgement fell as it did. Stable: faces translate it, machines read it."""

    FREE = "free"
    LICENSED = "licensed"
    NO_LICENCE = "no_licence"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    SUSPENDED = "suspended"
    USE_NOT_GRANTED = "use_not_granted"
    OUTSIDE_PRODUCT = "outside_product"
    EMBARGOED = "embargoed"
    WITHHELD = "withheld"
    KILLED = "killed"
    NOT_RELEASED = "not_released"


@dataclass(frozen=True, slots=True)
class Terms:
    """What one licence says at the moment of the judgement. `products` None: every product."""

    licence_id: int
    uses: frozenset[str]
    products: frozenset[int] | None
    starts_at: datetime
    ends_at: datetime | None
    suspended: bool
    clause: str


@dataclass(frozen=True, slots=True)
class Rights:
    """What the judgement must know of an item's present release. `signal` None: never released."""

    signal: str | None
    public_tier: Tier
    embargo_until: datetime | None
    products: frozenset[int]


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of the gate. `until` is the date that matters to it: an end, a start or a lifting."""

    tier: Tier
    reason: Reason
    licence_id: int | None = None
    clause: str = ""
    until: datetime | None = None

    @property
    def allowed(self) -> bool:
        return self.tier is Tier.FULL


# From the one that nearly said yes to the one farthest from it: which refusal a reader is told about.
NEAREST = (Reason.SUSPENDED, Reason.ENDED, Reason.NOT_STARTED, Reason.USE_NOT_GRANTED, Reason.OUTSIDE_PRODUCT)


def judge(licences: Iterable[Terms], rights: Rights, use: Use, at: datetime) -> Decision:
    """Whether these licences allow this use of an item with these rights at this moment.

    Denies by default. Among several licences that say yes the one that lasts longest is named, among several
    that say no the nearest one.
    """
    closed = _closed(rights, at)
    if closed is not None:
        return closed
    if rights.public_tier is Tier.FULL and use is Use.READ:
        return Decision(Tier.FULL, Reason.FREE)
    answers = [_weigh(terms, rights, use, at) for terms in licences]
    yes = [answer for answer in answers if answer.reason is Reason.LICENSED]
    if yes:
        return max(yes, key=_lasting)
    no = min(answers, key=_distance, default=Decision(Tier.NOTHING, Reason.NO_LICENCE))
    return Decision(min(rights.public_tier, Tier.SUMMARY), no.reason, no.licence_id, no.clause, no.until)


def _closed(rights: Rights, at: datetime) -> Decision | None:
    """The answer for an item that nobody may have now, or None."""
    if rights.signal == Signal.KILL:
        return Decision(Tier.NOTHING, Reason.KILLED)
    if rights.signal == Signal.WITHHOLD:
        return Decision(Tier.NOTHING, Reason.WITHHELD)
    if rights.signal not in LIVE:
        return Decision(Tier.NOTHING, Reason.NOT_RELEASED)
    if rights.embargo_until is not None and at < rights.embargo_until:
        return Decision(Tier.NOTHING, Reason.EMBARGOED, until=rights.embargo_until)
    return None


def _weigh(terms: Terms, rights: Rights, use: Use, at: datetime) -> Decision:
    """One licence's answer."""

    def no(reason: Reason, until: datetime | None = None) -> Decision:
        return Decision(Tier.NOTHING, reason, terms.licence_id, terms.clause, until)

    if terms.products is not None and terms.products.isdisjoint(rights.products):
        return no(Reason.OUTSIDE_PRODUCT)
    if use not in terms.uses:
        return no(Reason.USE_NOT_GRANTED)
    if at < terms.starts_at:
        return no(Reason.NOT_STARTED, terms.starts_at)
    if terms.ends_at is not None and at >= terms.ends_at:
        return no(Reason.ENDED, terms.ends_at)
    if terms.suspended:
        return no(Reason.SUSPENDED)
    return Decision(Tier.FULL, Reason.LICENSED, terms.licence_id, terms.clause, terms.ends_at)


def _lasting(answer: Decision) -> tuple[bool, float, int]:
    """Longest first; of two that last alike the older licence."""
    forever = answer.until is None
    return forever, 0.0 if answer.until is None else answer.until.timestamp(), -(answer.licence_id or 0)


def _distance(answer: Decision) -> tuple[int, float, int]:
    """Nearest first; of two that ended the one that ended last."""
    return NEAREST.index(answer.reason), -answer.until.timestamp() if answer.until else 0.0, answer.licence_id or 0

"""May they use it? A pure judgement that denies by default and always says why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from newsroom.core.money import Money
from newsroom.licensing.rules import NO_LIMITS, Limits, Quota, SeatKind, Unlock, Use
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
    NO_SEAT = "no_seat"
    DELAYED = "delayed"
    OUTSIDE_ARCHIVE = "outside_archive"
    WRONG_TERRITORY = "wrong_territory"
    WRONG_CHANNEL = "wrong_channel"
    WRONG_FORMAT = "wrong_format"
    TOO_LARGE = "too_large"
    STORY_NOT_HERE = "story_not_here"
    STORY_NOT_ON_CHANNEL = "story_not_on_channel"
    STORY_NOT_FOR_USE = "story_not_for_use"
    STORY_TOO_OLD = "story_too_old"
    EXPIRED = "expired"
    EMBARGOED = "embargoed"
    WITHHELD = "withheld"
    KILLED = "killed"
    NOT_RELEASED = "not_released"
    # What spending adds (`open_for`), after a judgement that said yes:
    QUOTA_SPENT = "quota_spent"
    OVERAGE = "overage"
    PRICE_CHANGED = "price_changed"
    METERED = "metered"
    SEATS_FULL = "seats_full"


PUBLISHING = frozenset({Use.PUBLISH, Use.SYNDICATE})
"""The uses that happen on a channel."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a use is done. `territory` is where, empty when unknown; `channel` is asked of publishing only.

    `format` and `rendition` are what it would be handed out in; empty and None when nothing is handed out.
    """

    channel: str = ""
    territory: str = ""
    format: str = ""
    rendition: int | None = None


PLAIN = Manner()


@dataclass(frozen=True, slots=True)
class Terms:
    """What one licence says at the moment of the judgement. `products` None: every product.

    `seated`: whether this reader has a seat in it, where its seats are named. `source`: where the licence comes from.
    """

    licence_id: int
    uses: frozenset[str]
    products: frozenset[int] | None
    starts_at: datetime
    ends_at: datetime | None
    suspended: bool
    clause: str
    items: frozenset[int] = frozenset()
    limits: Limits = NO_LIMITS
    seated: bool = True
    version: int | None = None
    source: str = ""

    def quota_for(self, use: str) -> Quota | None:
        """The quota that this use is counted against: of several, the one with the shortest period."""
        order = ("day", "month", "year", "term")
        found = [each for each in self.limits.quotas if each.use == use]
        return min(found, key=lambda each: order.index(each.period), default=None)

    def words(self, limit: str) -> str:
        """The words that decide about this limit."""
        return self.limits.clauses.get(limit) or self.clause


@dataclass(frozen=True, slots=True)
class Rights:
    """What the judgement must know of an item's present release. `signal` None: never released.

    The restrictions are the story's own; they stand above every licence.
    """

    signal: str | None
    public_tier: Tier
    embargo_until: datetime | None
    products: frozenset[int]
    item_id: int = 0
    shown_at: datetime | None = None
    territories_out: frozenset[str] = frozenset()
    channels_out: frozenset[str] = frozenset()
    uses_out: frozenset[str] = frozenset()
    archive: timedelta | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of the gate. `until` is the date that matters to it: an end, a start or a lifting.

    `clause`: the words that decided, the licence's or the story's. `version`: which version of the licence said them.
    `remaining`: how many more stories the quota has, None where none counts; only spending knows it. `price`: what
    this story costs above the quota. `allowance`: of how many `remaining` remain. `source`: where the licence comes
    from, of a no that spending says.
    """

    tier: Tier
    reason: Reason
    licence_id: int | None = None
    clause: str = ""
    until: datetime | None = None
    version: int | None = None
    remaining: int | None = None
    price: Money | None = None
    allowance: int | None = None
    source: str = ""

    @property
    def allowed(self) -> bool:
        return self.tier is Tier.FULL

    @property
    def unlock(self) -> Unlock:
        """What would turn this no into a yes."""
        return UNLOCKS.get(self.reason, Unlock.NOTHING)


UNLOCKS = {
    Reason.NO_LICENCE: Unlock.SUBSCRIBE,
    Reason.NOT_STARTED: Unlock.WAIT,
    Reason.ENDED: Unlock.SUBSCRIBE,
    Reason.SUSPENDED: Unlock.PAY,
    Reason.USE_NOT_GRANTED: Unlock.ASK_SALES,
    Reason.OUTSIDE_PRODUCT: Unlock.ASK_SALES,
    Reason.NO_SEAT: Unlock.ASK_ADMIN,
    Reason.SEATS_FULL: Unlock.ASK_ADMIN,
    Reason.DELAYED: Unlock.WAIT,
    Reason.OUTSIDE_ARCHIVE: Unlock.ASK_SALES,
    Reason.WRONG_TERRITORY: Unlock.ASK_SALES,
    Reason.WRONG_CHANNEL: Unlock.ASK_SALES,
    Reason.WRONG_FORMAT: Unlock.ASK_SALES,
    Reason.TOO_LARGE: Unlock.OTHER_RENDITION,
    Reason.EMBARGOED: Unlock.WAIT,
    Reason.WITHHELD: Unlock.WAIT,
    Reason.QUOTA_SPENT: Unlock.WAIT,
    Reason.OVERAGE: Unlock.ACCEPT_PRICE,
    Reason.PRICE_CHANGED: Unlock.ACCEPT_PRICE,
    Reason.METERED: Unlock.SPEND_METER,
}

# From the one that nearly said yes to the one farthest from it: which refusal a reader is told about.
NEAREST = (
    Reason.TOO_LARGE,
    Reason.WRONG_FORMAT,
    Reason.DELAYED,
    Reason.WRONG_CHANNEL,
    Reason.WRONG_TERRITORY,
    Reason.OUTSIDE_ARCHIVE,
    Reason.NO_SEAT,
    Reason.SUSPENDED,
    Reason.ENDED,
    Reason.NOT_STARTED,
    Reason.USE_NOT_GRANTED,
    Reason.OUTSIDE_PRODUCT,
)


def judge(licences: Iterable[Terms], rights: Rights, use: Use, at: datetime, manner: Manner = PLAIN) -> Decision:
    """Whether these licences allow this use of an item with these rights at this moment.

    Denies by default. Among several licences that say yes one without a quota is named before one with, then the
    one that lasts longest; among several that say no the nearest one. Before quota and meter are spent.
    """
    return ranked(licences, rights, use, at, manner)[0]


def ranked(licences: Iterable[Terms], rights: Rights, use: Use, at: datetime, manner: Manner = PLAIN) -> list[Decision]:
    """Every yes, the best first; or the one no."""
    licences = list(licences)
    ahead = use is Use.RECEIVE and any(each.limits.under_embargo for each in licences)
    settled = settled_by_story(rights, use, at, manner, ahead=ahead)
    if settled is not None:
        return [settled]
    answers = [(weigh(terms, rights, use, at, manner), terms) for terms in licences]
    yes = [pair for pair in answers if pair[0].reason is Reason.LICENSED]
    if yes:
        return [answer for answer, _ in sorted(yes, key=lambda pair: preference(pair[0], pair[1], use))]
    no = min((answer for answer, _ in answers), key=distance, default=Decision(Tier.NOTHING, Reason.NO_LICENCE))
    return [refusal(no, rights, at)]


def refusal(no: Decision, rights: Rights, at: datetime) -> Decision:
    """The nearest no, as the answer about this story: what is public of it stays."""
    if _embargoed(rights, at):
        return Decision(Tier.NOTHING, Reason.EMBARGOED, until=rights.embargo_until)
    tier = min(rights.public_tier, Tier.SUMMARY)
    return Decision(tier, no.reason, no.licence_id, no.clause, no.until, no.version)


def settled_by_story(rights: Rights, use: Use, at: datetime, manner: Manner, *, ahead: bool) -> Decision | None:
    """The answer that the story itself gives, whoever asks; None when it lies with the licences.

    `ahead`: whether any licence of the reader's may receive under embargo.
    """
    closed = _closed(rights, at, ahead=ahead)
    if closed is not None:
        return closed
    barred = _barred(rights, use, at, manner)
    if barred is not None:
        return barred
    if rights.public_tier is Tier.FULL and use is Use.READ and not _embargoed(rights, at):
        return Decision(Tier.FULL, Reason.FREE)
    return None


def _embargoed(rights: Rights, at: datetime) -> bool:
    return rights.embargo_until is not None and at < rights.embargo_until


def _closed(rights: Rights, at: datetime, *, ahead: bool) -> Decision | None:
    """The answer for an item that nobody may have now, or None."""
    if rights.signal == Signal.KILL:
        return Decision(Tier.NOTHING, Reason.KILLED)
    if rights.signal == Signal.WITHHOLD:
        return Decision(Tier.NOTHING, Reason.WITHHELD)
    if rights.signal not in LIVE:
        return Decision(Tier.NOTHING, Reason.NOT_RELEASED)
    if rights.expires_at is not None and at >= rights.expires_at:
        return Decision(Tier.NOTHING, Reason.EXPIRED, until=rights.expires_at)
    if _embargoed(rights, at) and not ahead:
        return Decision(Tier.NOTHING, Reason.EMBARGOED, until=rights.embargo_until)
    return None


def _barred(rights: Rights, use: Use, at: datetime, manner: Manner) -> Decision | None:
    """The answer of the story's own restrictions, which no licence lifts, or None. An unknown place is barred."""

    def no(reason: Reason, clause: str, until: datetime | None = None) -> Decision:
        tier = Tier.NOTHING if _embargoed(rights, at) else min(rights.public_tier, Tier.SUMMARY)
        return Decision(tier, reason, None, clause, until)

    if use in rights.uses_out:
        return no(Reason.STORY_NOT_FOR_USE, f"story: not for {use.value}")
    if rights.territories_out and (not manner.territory or manner.territory in rights.territories_out):
        return no(Reason.STORY_NOT_HERE, f"story: not for {', '.join(sorted(rights.territories_out))}")
    if rights.channels_out and use in PUBLISHING and (not manner.channel or manner.channel in rights.channels_out):
        return no(Reason.STORY_NOT_ON_CHANNEL, f"story: not for {', '.join(sorted(rights.channels_out))}")
    if rights.archive is not None and rights.shown_at is not None and at >= rights.shown_at + rights.archive:
        return no(Reason.STORY_TOO_OLD, "story: no archive", rights.shown_at + rights.archive)
    return None


def covers(terms: Terms, rights: Rights) -> bool:
    """Whether the licence is about this item at all."""
    return terms.products is None or not terms.products.isdisjoint(rights.products) or rights.item_id in terms.items


def weigh(terms: Terms, rights: Rights, use: Use, at: datetime, manner: Manner) -> Decision:
    """One licence's answer."""

    def no(reason: Reason, until: datetime | None = None, clause: str = "") -> Decision:
        return Decision(Tier.NOTHING, reason, terms.licence_id, clause or terms.clause, until, terms.version)

    if not covers(terms, rights):
        return no(Reason.OUTSIDE_PRODUCT)
    if use not in terms.uses:
        return no(Reason.USE_NOT_GRANTED)
    if at < terms.starts_at:
        return no(Reason.NOT_STARTED, terms.starts_at)
    if terms.ends_at is not None and at >= terms.ends_at:
        return no(Reason.ENDED, terms.ends_at)
    if terms.suspended:
        return no(Reason.SUSPENDED)
    if terms.limits is not NO_LIMITS:
        limited = _limited(terms, rights, use, at, manner)
        if limited is not None:
            reason, until, limit = limited
            return no(reason, until, terms.words(limit))
    elif _embargoed(rights, at):
        return no(Reason.EMBARGOED, rights.embargo_until)
    return Decision(Tier.FULL, Reason.LICENSED, terms.licence_id, terms.clause, terms.ends_at, terms.version)


def _limited(
    terms: Terms, rights: Rights, use: Use, at: datetime, manner: Manner
) -> tuple[Reason, datetime | None, str] | None:
    """The limit that says no, with its date and its name; None when none does."""
    limits = terms.limits
    if limits.seats is not None and limits.seat_kind == SeatKind.NAMED and not terms.seated:
        return Reason.NO_SEAT, None, "seats"
    aged = _aged(limits, rights, at)
    if aged is not None:
        return aged
    if limits.territories and manner.territory not in limits.territories:
        return Reason.WRONG_TERRITORY, None, "territories"
    if limits.channels and use in PUBLISHING and manner.channel not in limits.channels:
        return Reason.WRONG_CHANNEL, None, "channels"
    if limits.formats and manner.format and manner.format not in limits.formats:
        return Reason.WRONG_FORMAT, None, "formats"
    if manner.rendition is not None and manner.rendition > limits.rendition:
        return Reason.TOO_LARGE, None, "rendition"
    if _embargoed(rights, at) and not (limits.under_embargo and use is Use.RECEIVE):
        return Reason.EMBARGOED, rights.embargo_until, "under_embargo"
    return None


def _aged(limits: Limits, rights: Rights, at: datetime) -> tuple[Reason, datetime | None, str] | None:
    """Whether the story is too old or too young for these limits."""
    if rights.shown_at is None:
        return None
    if limits.archive is not None and at >= rights.shown_at + limits.archive:
        return Reason.OUTSIDE_ARCHIVE, rights.shown_at + limits.archive, "archive"
    if limits.delay and at < rights.shown_at + limits.delay:
        return Reason.DELAYED, rights.shown_at + limits.delay, "delay"
    return None


def preference(answer: Decision, terms: Terms, use: Use) -> tuple[bool, bool, float, int]:
    """One that counts nothing first, then the longest; of two that last alike the older licence."""
    counts = terms.quota_for(use) is not None or terms.limits.seat_kind == SeatKind.FLOATING
    ends = 0.0 if answer.until is None else -answer.until.timestamp()
    return counts, answer.until is not None, ends, answer.licence_id or 0


def distance(answer: Decision) -> tuple[int, float, int]:
    """Nearest first; of two that ended the one that ended last, of two that open the one that opens first."""
    place = NEAREST.index(answer.reason) if answer.reason in NEAREST else len(NEAREST)
    if answer.until is None:
        return place, 0.0, answer.licence_id or 0
    sooner = answer.reason in {Reason.DELAYED, Reason.NOT_STARTED}
    return place, answer.until.timestamp() if sooner else -answer.until.timestamp(), answer.licence_id or 0

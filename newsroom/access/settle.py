"""Which of the licences that say yes the use is counted against, and what stands in its way. Spending comes after judging."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from newsroom.access import prices
from newsroom.access.rules import Decision, Reason, Terms
from newsroom.accounts.readers import Reader
from newsroom.licensing import leases, ledger, spending
from newsroom.licensing.counting import Standing, Tally, tallies
from newsroom.licensing.ledger import Entry
from newsroom.licensing.rules import Quota, SeatKind, Source, Use
from newsroom.licensing.spending import Accepted, QuotaSpent
from newsroom.wire.models import Release
from newsroom.wire.rules import Tier

FIRST = (Reason.METERED, Reason.PRICE_CHANGED, Reason.OVERAGE, Reason.SEATS_FULL, Reason.QUOTA_SPENT, Reason.NO_SEAT)
"""Of several that cannot be spent, which one a reader is told about: what they can do something about first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """From which door and in which words somebody asks: the ledger's channel and request id, the reader's language.

    `counts`: this request is a reading; off for a HEAD or a prefetch. `clicked`: the reader pressed the button that
    says what it spends. `accepts`: the token of a price the reader said yes to (`prices.offer`).
    """

    channel: str
    request_id: str
    locale: str
    counts: bool = True
    clicked: bool = False
    accepts: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One use of one release by one reader, about to be spent."""

    reader: Reader
    release: Release
    use: Use
    at: datetime
    asked: Asked
    format: str = ""

    def entry(self, answer: Decision) -> Entry:
        """Its line in the ledger under this answer's licence."""
        return Entry(
            reader=self.reader,
            licence_id=answer.licence_id,
            item_id=self.release.item_id,
            release_id=self.release.pk,
            use=self.use,
            channel=self.asked.channel,
            request_id=self.asked.request_id,
            at=self.at,
            version=answer.version,
            format=self.format,
        )


@dataclass(frozen=True, slots=True)
class Way:
    """One licence that says yes, with what it would be counted against."""

    answer: Decision
    terms: Terms
    standings: tuple[Standing, ...]

    @property
    def counted(self) -> bool:
        return all(each.counted for each in self.standings)

    @property
    def tallies(self) -> tuple[Tally, ...]:
        return tuple(each.tally for each in self.standings if not each.counted)

    @property
    def remaining(self) -> int | None:
        return min((each.remaining for each in self.standings), default=None)

    @property
    def allowance(self) -> int | None:
        return min((each.tally.limit for each in self.standings), default=None)

    @property
    def floating(self) -> bool:
        return self.terms.limits.seats is not None and self.terms.limits.seat_kind == SeatKind.FLOATING

    @property
    def plain(self) -> bool:
        return not self.standings and not self.floating


def counts_nothing(terms: Terms, use: Use) -> bool:
    """Whether this licence neither counts this use nor lends its seats: nothing to spend."""
    lends = terms.limits.seats is not None and terms.limits.seat_kind == SeatKind.FLOATING
    return not lends and terms.quota_for(use) is None


def settle(answers: Sequence[Decision], terms: Mapping[int, Terms], act: Act) -> Decision:
    """Spend the first of these licences that has the story already or has room; else say what stands in the way.

    `answers`: every yes, the best first. A yes comes back with `remaining`; its line is in the ledger.
    """
    refused: list[Decision] = []
    for way in sorted(_ways(answers, terms, act), key=lambda way: not way.counted):
        got = _taken(way, act)
        if got.allowed:
            return got
        refused.append(got)
    return min(refused, key=lambda decision: FIRST.index(decision.reason))


def standing(answers: Sequence[Decision], terms: Mapping[int, Terms], act: Act) -> Decision:
    """What `settle` would answer, with nothing spent: for those who only look."""
    return settle(answers, terms, replace(act, asked=replace(act.asked, counts=False)))


def _ways(answers: Sequence[Decision], terms: Mapping[int, Terms], act: Act) -> list[Way]:
    found = [(answer, terms[answer.licence_id or 0]) for answer in answers]
    counters = [_tallies(each, act) for _, each in found]
    stands = iter(spending.look([tally for each in counters for tally in each], act.release.item_id))
    return [
        Way(answer, each, tuple(next(stands) for _ in many))
        for (answer, each), many in zip(found, counters, strict=True)
    ]


def _tallies(terms: Terms, act: Act) -> tuple[Tally, ...]:
    quotas: tuple[Quota, ...] = terms.limits.quotas
    return tallies(
        licence_id=terms.licence_id,
        quotas=quotas,
        use=act.use.value,
        starts_at=terms.starts_at,
        reader=act.reader,
        at=act.at,
    )


def _taken(way: Way, act: Act) -> Decision:
    """This licence's answer, spent if it is a yes."""
    price = None
    if not way.counted:
        refusal, price = _in_the_way(way, act)
        if refusal is not None:
            return refusal
    if way.floating:
        refusal = _seated(way, act)
        if refusal is not None:
            return refusal
    return _spent(way, act, price)


def _in_the_way(way: Way, act: Act) -> tuple[Decision | None, Accepted | None]:
    """Why a story that is not counted yet cannot be, or None with the price that was accepted for it."""
    full = [each for each in way.standings if each.full]
    if full:
        return _overdrawn(way, full, act)
    if not act.asked.counts or (way.terms.source == Source.METER and not act.asked.clicked):
        return _no(way, act, Reason.METERED, remaining=way.remaining, until=full_again(way.standings)), None
    return None, None


def _overdrawn(way: Way, full: list[Standing], act: Act) -> tuple[Decision | None, Accepted | None]:
    """A full quota: a hard stop, a price, or a price that was accepted."""
    until = full_again(full)
    if any(each.tally.overage is None for each in full):
        return _no(way, act, Reason.QUOTA_SPENT, until=until, remaining=0), None
    price = max((each.tally.overage for each in full if each.tally.overage), key=lambda money: money.minor)
    offered = _no(way, act, Reason.OVERAGE, until=until, remaining=0, price=price)
    if not act.asked.accepts or not act.asked.counts:
        return offered, None
    verdict = prices.accepts(
        act.asked.accepts, offered, reader=act.reader, item_id=act.release.item_id, use=act.use, at=act.at
    )
    if verdict is prices.Verdict.ACCEPTED:
        return None, Accepted(price, act.reader.label)
    return (replace(offered, reason=Reason.PRICE_CHANGED) if verdict is prices.Verdict.CHANGED else offered), None


def full_again(standings: Sequence[Standing]) -> datetime | None:
    """When all of these begin anew; None when one never does."""
    resets = [each.tally.resets_at for each in standings]
    return None if None in resets else max((each for each in resets if each), default=None)


def _seated(way: Way, act: Act) -> Decision | None:
    """A floating seat is lent to this reader, or why not."""
    if act.reader.user_id is None:
        return _no(way, act, Reason.NO_SEAT)
    lent = leases.lend if act.asked.counts else leases.holds
    of = way.terms
    if lent(licence_id=of.licence_id, user_id=act.reader.user_id, seats=of.limits.seats or 0, at=act.at):
        return None
    return _no(way, act, Reason.SEATS_FULL if act.asked.counts else Reason.METERED)


def _spent(way: Way, act: Act, price: Accepted | None) -> Decision:
    entry = act.entry(way.answer)
    if way.counted:
        if act.asked.counts:
            ledger.write(entry)
        return replace(way.answer, remaining=way.remaining)
    try:
        left = spending.spend(entry, way.tallies, accepted=price)
    except QuotaSpent:  # somebody was faster since we looked
        full = [replace(each, used=each.tally.limit + each.overage) for each in way.standings if not each.counted]
        refusal, _ = _overdrawn(way, full, replace(act, asked=replace(act.asked, accepts="")))
        return refusal or way.answer
    return replace(way.answer, remaining=way.remaining if left is None else left)


def _no(way: Way, act: Act, reason: Reason, **facts: object) -> Decision:
    """A refusal for this licence. It covers the story, so its summary is shown, also of one that is hidden from others."""
    limit = "seats" if reason in {Reason.SEATS_FULL, Reason.NO_SEAT} else "quotas"
    told: dict[str, Any] = facts | {"version": way.answer.version, "allowance": way.allowance}
    return Decision(
        Tier.SUMMARY, reason, way.answer.licence_id, way.terms.words(limit), source=way.terms.source, **told
    )

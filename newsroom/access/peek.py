"""What spending would say, with nothing spent: for those who ask before they use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from newsroom.access.rules import Decision, Reason, Terms
from newsroom.access.settle import FIRST
from newsroom.accounts.readers import Reader
from newsroom.licensing.counting import Standing, Tally, tallies
from newsroom.licensing.models import Counted, Counter, Seat
from newsroom.licensing.rules import SeatKind, Use
from newsroom.wire.models import Release
from newsroom.wire.rules import Tier

LOOK = f"""
SELECT COALESCE(counter.used, 0), COALESCE(counter.overage, 0), counted.id IS NOT NULL
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::bigint[])
    WITH ORDINALITY AS asked(licence_id, use, period, starts_at, pool, reader, item_id, place)
LEFT JOIN {Counter._meta.db_table} AS counter USING (licence_id, use, period, starts_at, pool)
LEFT JOIN {Counted._meta.db_table} AS counted ON (counted.licence_id, counted.use, counted.period, counted.starts_at,
    counted.reader, counted.item_id)
    = (asked.licence_id, asked.use, asked.period, asked.starts_at, asked.reader, asked.item_id)
ORDER BY asked.place
"""  # noqa: S608  # the tables' names are ours
NAMES = ("licence_id", "use", "period", "starts_at", "pool", "reader")


@dataclass(frozen=True, slots=True)
class Case:
    """A use that somebody thinks of. `answers`: every licence's yes, the best first."""

    reader: Reader
    release: Release
    use: Use
    at: datetime
    answers: Sequence[Decision]
    terms: Mapping[int, Terms]

    def tallies(self, answer: Decision) -> tuple[Tally, ...]:
        of = self.terms[answer.licence_id or 0]
        return tallies(
            licence_id=of.licence_id,
            quotas=of.limits.quotas,
            use=self.use.value,
            starts_at=of.starts_at,
            reader=self.reader,
            at=self.at,
        )


def look(cases: Sequence[Case]) -> list[Decision]:
    """For each case the yes it would be, with what remains before it is spent; or what stands in its way. Two queries."""
    wanted = [(case, answer, case.tallies(answer)) for case in cases for answer in case.answers]
    stands = iter(_standings([(tally, case.release.item_id) for case, _, many in wanted for tally in many]))
    free = _free_seats(cases)
    found: dict[int, list[Decision]] = {id(case): [] for case in cases}
    for case, answer, many in wanted:
        found[id(case)].append(_one(case, answer, [next(stands) for _ in many], free))
    return [_best(found[id(case)]) for case in cases]


def _best(answers: list[Decision]) -> Decision:
    yes = next((each for each in answers if each.allowed), None)
    return yes or min(answers, key=lambda each: FIRST.index(each.reason))


def _one(case: Case, answer: Decision, stands: list[Standing], free: Mapping[int, bool]) -> Decision:
    of = case.terms[answer.licence_id or 0]
    remaining = min((each.remaining for each in stands), default=None)
    full = [each for each in stands if each.full]
    if full:
        priced = [each.tally.overage for each in full if each.tally.overage is not None]
        until = None if any(each.tally.resets_at is None for each in full) else _latest(full)
        no = _no(case, answer, of, "quotas", Reason.QUOTA_SPENT)
        if len(priced) < len(full):
            return replace(no, until=until, remaining=0)
        price = max(priced, key=lambda money: money.minor)
        return replace(no, reason=Reason.OVERAGE, until=until, remaining=0, price=price)
    if of.limits.seats is not None and of.limits.seat_kind == SeatKind.FLOATING:
        if case.reader.user_id is None:
            return _no(case, answer, of, "seats", Reason.NO_SEAT)
        if not free.get(of.licence_id, False):
            return _no(case, answer, of, "seats", Reason.SEATS_FULL)
    return replace(answer, remaining=remaining)


def _latest(full: list[Standing]) -> datetime:
    return max(each.tally.resets_at for each in full if each.tally.resets_at is not None)


def _no(case: Case, answer: Decision, of: Terms, limit: str, reason: Reason) -> Decision:
    return Decision(Tier.SUMMARY, reason, answer.licence_id, of.words(limit), version=answer.version)


def _standings(wanted: Sequence[tuple[Tally, int]]) -> list[Standing]:
    if not wanted:
        return []
    columns = [[getattr(tally, name) for tally, _ in wanted] for name in NAMES]
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [*columns, [item_id for _, item_id in wanted]])
        rows = cursor.fetchall()
    return [Standing(tally, *row) for (tally, _), row in zip(wanted, rows, strict=True)]


def _free_seats(cases: Sequence[Case]) -> dict[int, bool]:
    """Of each licence with floating seats whether this reader has one or could take one."""
    lending = {
        of.licence_id: of.limits.seats or 0
        for case in cases
        for answer in case.answers
        if (of := case.terms[answer.licence_id or 0]).limits.seat_kind == SeatKind.FLOATING
    }
    if not lending or cases[0].reader.user_id is None:
        return {}
    taken = (
        Seat.objects.valid(cases[0].at).filter(licence_id__in=lending).values_list("licence_id", "user_id", "number")
    )
    sitting = [(of, who) for of, who, number in taken if number <= lending[of]]
    mine = {of for of, who in sitting if who == cases[0].reader.user_id}
    return {of: of in mine or sum(each == of for each, _ in sitting) < seats for of, seats in lending.items()}

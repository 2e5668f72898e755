"""A contract with all that is known about it, locked while something is written down. What every deed on it shares."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Self

from django.utils import timezone

from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.licensing.contracts.dates import day_of, moment
from newsroom.licensing.contracts.rules import (
    LEADS_TO,
    OVER,
    Happening,
    State,
    check_clock,
    check_follows,
    recorded_state,
    state_at,
)
from newsroom.licensing.contracts.terms import Agreed
from newsroom.licensing.models import Contract, ContractEvent, ContractVersion

COPIED = (
    "lines",
    "anchor",
    "months",
    "period_from",
    "period_to",
    "moved_days",
    "term_months",
    "notice_days",
    "auto_renew",
    "indexation",
    "cap",
    "interval",
    "pause",
    "payment_days",
)


@dataclass(slots=True)
class Book:
    """`versions`: as known now, earliest first; `events`: in the order they were recorded."""

    contract: Contract
    versions: list[ContractVersion]
    events: list[ContractEvent]

    @classmethod
    def open(cls, contract: Contract, at: datetime) -> Self:
        """Lock the contract and read it. Raises `ClockSkew` when `at` lies before the last deed."""
        locked = Contract.objects.select_for_update(of=("self",)).select_related("organisation", "manager")
        book = cls(locked.get(pk=contract.pk), [], [])
        book.read()
        check_clock(book.events[-1].at if book.events else None, at)
        return book

    @classmethod
    def of(cls, contract: Contract) -> Self:
        """For reading only: no lock."""
        book = cls(contract, [], [])
        book.read()
        return book

    def read(self) -> None:
        self.versions = list(self.contract.versions.known())
        self.events = list(self.contract.events.order_by("pk"))

    @property
    def last(self) -> ContractVersion:
        return self.versions[-1]

    @property
    def state(self) -> State:
        """By the last word spoken, also about what is to come."""
        return recorded_state(self.events)

    def state_at(self, at: datetime) -> State:
        return state_at(self.events, at)

    @property
    def next_key(self) -> int:
        """A key that no line of this contract ever had."""
        keys: list[int] = [each["key"] for version in self.contract.versions.all() for each in version.lines]
        return max(keys) + 1

    def latest(self, *kinds: Happening) -> ContractEvent | None:
        return next((each for each in reversed(self.events) if each.kind in kinds), None)

    def has(self, key: str) -> bool:
        return any(each.key == key for each in self.events)

    @property
    def notice(self) -> date | None:
        """The end for which notice stands."""
        found = self.latest(Happening.NOTICE_GIVEN, Happening.NOTICE_WITHDRAWN)
        stands = found is not None and found.kind == Happening.NOTICE_GIVEN
        return date.fromisoformat(found.facts["until"]) if found and stands else None

    @property
    def renews(self) -> bool:
        """Whether the current period is followed by another unless somebody does something."""
        if self.state in OVER or not self.last.auto_renew:
            return False
        return self.notice is None or self.notice > self.last.period_to

    def write(
        self,
        happening: Happening,
        *,
        by: Actor,
        at: datetime,
        key: str,
        effective: datetime | None = None,
        state: State | None = None,
        why: str = "",
        facts: dict[str, Any] | None = None,
    ) -> ContractEvent:
        """Add a line to the timeline, and to the audit. Raises `NotNow`."""
        check_follows(self.state, happening)
        event = ContractEvent.objects.create(
            contract=self.contract,
            kind=happening,
            state=LEADS_TO.get(happening, "") if state is None else state,
            key=key,
            at=at,
            effective=at if effective is None else effective,
            actor_id=by.id,
            actor_label=by.label,
            why=why,
            facts=facts or {},
        )
        self.events.append(event)
        audit.record(f"contract.{happening}", by=by, of=self.contract, at=at, why=why, facts={"key": key})
        return event

    def say(self, since: datetime, at: datetime, **facts: Any) -> dict[str, list[int]]:
        """From `since` on the contract says what it said last, with these facts changed. Answers what `unsay` needs."""
        values = {name: getattr(self.last, name) for name in COPIED} | facts
        number = max(each.number for each in self.contract.versions.all()) + 1
        closed, made = self._cut(since, at)
        made.append(self._add(values, number=number, since=since, until=None, at=at))
        self.read()
        return {"closed": closed, "made": made}

    def close(self, until: datetime, at: datetime) -> dict[str, list[int]]:
        """From `until` on the contract says nothing. Answers what `unsay` needs."""
        first = self.versions[0]
        closed, made = self._cut(until, at)
        if len(closed) == len(self.versions) and not made:
            values = {name: getattr(first, name) for name in COPIED}
            made.append(self._add(values, number=first.number, since=until, until=until, at=at))
        self.read()
        return {"closed": closed, "made": made}

    def unsay(self, facts: dict[str, list[int]], at: datetime) -> None:
        """Say again what was said before: the versions `made` are closed, those `closed` recorded anew."""
        self.contract.versions.filter(pk__in=facts["made"], recorded_to=None).update(recorded_to=at)
        for each in self.contract.versions.filter(pk__in=facts["closed"]).order_by("valid_from"):
            values = {name: getattr(each, name) for name in COPIED}
            self._add(values, number=each.number, since=each.valid_from, until=each.valid_to, at=at)
        self.read()

    def still_stands(self, facts: dict[str, list[int]]) -> bool:
        """Whether nothing was said since about the time this was said of."""
        return self.contract.versions.filter(pk__in=facts["made"], recorded_to=None).count() == len(facts["made"])

    def _cut(self, since: datetime, at: datetime) -> tuple[list[int], list[int]]:
        closed, made = [], []
        for each in self.versions:
            if each.valid_to is not None and each.valid_to <= since:
                continue
            self.contract.versions.filter(pk=each.pk).update(recorded_to=at)
            closed.append(each.pk)
            if each.valid_from < since:
                values = {name: getattr(each, name) for name in COPIED}
                made.append(self._add(values, number=each.number, since=each.valid_from, until=since, at=at))
        return closed, made

    def _add(
        self, values: dict[str, Any], *, number: int, since: datetime, until: datetime | None, at: datetime
    ) -> int:
        return ContractVersion.objects.create(
            contract=self.contract, number=number, valid_from=since, valid_to=until, recorded_from=at, **values
        ).pk


def desk_zone() -> tzinfo:
    return timezone.get_default_timezone()


def today(at: datetime) -> date:
    """The day it is at the desk."""
    return day_of(at, desk_zone())


def from_day(day: date, at: datetime) -> datetime:
    """When something agreed for this day begins to count: with the day, or at once when the day is today."""
    return max(moment(day, desk_zone()), at)


def kept(lines: Iterable[Agreed]) -> list[dict[str, Any]]:
    return [each.as_json() for each in lines]

"""What recurs of contracts: their price lines, over the days they are valid and not suspended."""

from collections import defaultdict
from datetime import datetime

from django.db.models import Prefetch

from newsroom.billing.finance.months import moment
from newsroom.billing.finance.movements import Span
from newsroom.licensing.contracts.rules import OVER, State
from newsroom.licensing.contracts.terms import MONTHS_OF
from newsroom.licensing.models import Contract, ContractEvent, ContractVersion

Stretch = tuple[datetime, datetime]


def spans_of_contracts() -> list[Span]:
    """Every contract's recurring money. Three queries, however many contracts."""
    versions = Prefetch("versions", queryset=ContractVersion.objects.known(), to_attr="known_versions")
    events = Prefetch("events", queryset=ContractEvent.objects.exclude(state="").order_by("pk"), to_attr="turns")
    found = Contract.objects.select_related("organisation").prefetch_related(versions, events).order_by("pk")
    return [span for contract in found for span in _of_contract(contract)]


def _of_contract(contract: Contract) -> list[Span]:
    known: list[ContractVersion] = contract.known_versions  # type: ignore[attr-defined]  # prefetched above
    turns: list[ContractEvent] = contract.turns  # type: ignore[attr-defined]
    rests, over = _rests(turns)
    return [span for version in known for span in _of_version(contract, version, rests, over)]


def _rests(turns: list[ContractEvent]) -> tuple[list[Stretch], datetime | None]:
    """When it was suspended, and when it was over. Only its last word about a moment counts."""
    rests: list[Stretch] = []
    since: datetime | None = None
    over: datetime | None = None
    for turn in turns:
        over = turn.effective if turn.state in OVER else None
        if turn.state == State.SUSPENDED and since is None:
            since = turn.effective
        elif turn.state != State.SUSPENDED and since is not None:
            rests.append((since, turn.effective))
            since = None
    if since is not None:
        rests.append((since, datetime.max.replace(tzinfo=since.tzinfo)))
    return rests, over


def _of_version(
    contract: Contract, version: ContractVersion, rests: list[Stretch], over: datetime | None
) -> list[Span]:
    first, until = version.valid_days
    sums: dict[tuple[datetime, str], int] = defaultdict(int)
    for agreed in version.agreed:
        line = agreed.line
        if line.interval in MONTHS_OF:
            sums[moment(max(first, agreed.since)), line.title] += line.price.minor * 12 // MONTHS_OF[line.interval]
    ends = min(moment(until), over) if over else moment(until)
    return [
        Span(
            holder=f"o{contract.organisation_id}",
            source=contract.number,
            product=title[:100],
            country=contract.organisation.country,
            currency=contract.currency,
            starts_at=starts,
            ends_at=stops,
            yearly=yearly,
        )
        for (begins, title), yearly in sorted(sums.items())
        for starts, stops in _without(begins, ends, rests)
        if yearly
    ]


def _without(begins: datetime, ends: datetime, rests: list[Stretch]) -> list[Stretch]:
    """The stretch without those."""
    found = []
    for rest, again in rests:
        if begins < min(rest, ends):
            found.append((begins, min(rest, ends)))
        begins = max(begins, again)
    return [*found, (begins, ends)] if begins < ends else found

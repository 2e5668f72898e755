"""What an organisation held at a moment, and under which clause: as we knew it then, or as we know now that it was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from newsroom.accounts.models import Organisation
from newsroom.licensing.contracts.terms import Agreed
from newsroom.licensing.models import Contract, ContractLine, ContractVersion, LicenceVersion, Seat
from newsroom.licensing.rules import Limits
from newsroom.wire.models import Product


@dataclass(frozen=True, slots=True)
class Held:
    """One licence as it stood. `products`: codes, None for every product. `contract_version`: 0 without a contract."""

    licence_id: int
    source: str
    source_ref: str
    products: tuple[str, ...] | None
    uses: tuple[str, ...]
    limits: Limits
    clause: str
    starts_at: datetime
    ends_at: datetime | None
    recorded_from: datetime
    contract: Contract | None
    contract_version: int
    line: int
    seated: tuple[str, ...]


def held(*, organisation: Organisation, at: datetime, known: datetime) -> list[Held]:
    """Every licence that was in force at `at`, by what was known at `known`: `at` itself for what we knew then (what
    the gate went by), the present for what we know now of then. The same few queries for any number of licences.
    """
    versions = LicenceVersion.objects.filter(licence__organisation=organisation, recorded_from__lte=known)
    seats = Seat.objects.valid(at).select_related("user").order_by("number")
    said = ContractVersion.objects.recorded(known).order_by("valid_from", "number")
    versions = versions.select_related("licence__contract_line__contract").prefetch_related(
        Prefetch("licence__occupied", seats, "sat"),
        Prefetch("licence__contract_line__contract__versions", said, "said"),
    )
    codes = dict(Product.objects.values_list("pk", "code"))
    histories: dict[int, list[LicenceVersion]] = {}
    for each in versions.order_by("licence_id", "number"):
        histories.setdefault(each.licence_id, []).append(each)
    found = (_held(history, at, codes, now_of_then=known > at) for history in histories.values())
    return [each for each in found if each is not None]


def _held(history: list[LicenceVersion], at: datetime, codes: dict[int, str], *, now_of_then: bool) -> Held | None:
    """`history`: the versions of one licence known by then, oldest first. The last says from when to when the right
    holds; what it says in between is what was recorded at the moment (the first version, where none was yet).
    """
    last = history[-1]
    said = next((each for each in reversed(history) if each.recorded_from <= at), history[0])
    in_time = last.starts_at <= at and (last.ends_at is None or last.ends_at > at)
    if not in_time or said.suspended:
        return None
    values = _values(said, codes)
    line: ContractLine | None = getattr(last.licence, "contract_line", None)
    version = _version(line, at) if line else None
    if line is not None and version is not None and now_of_then:
        agreed = next((each for each in version.agreed if each.key == line.key), None)
        if agreed is None:
            return None
        values = _values_of(agreed)
    return Held(
        licence_id=last.licence_id,
        source=last.licence.get_source_display(),
        source_ref=last.licence.source_ref,
        starts_at=last.starts_at,
        ends_at=last.ends_at,
        recorded_from=said.recorded_from,
        contract=line.contract if line else None,
        contract_version=version.number if version else 0,
        line=line.key if line else 0,
        seated=tuple(str(each.user) for each in last.licence.sat),  # type: ignore[attr-defined]  # prefetched above
        **values,
    )


def _version(line: ContractLine, at: datetime) -> ContractVersion | None:
    """The version whose terms held at the moment; after the last one's end, the last."""
    said: list[ContractVersion] = line.contract.said  # type: ignore[attr-defined]  # prefetched above
    begun = [each for each in said if each.valid_from <= at]
    return begun[-1] if begun else None


def _values(said: LicenceVersion, codes: dict[int, str]) -> dict[str, Any]:
    products = tuple(sorted(codes.get(each, f"#{each}") for each in said.product_ids))
    return {
        "products": None if said.all_products else products,
        "uses": tuple(sorted(said.uses)),
        "limits": said.limits,
        "clause": said.clause,
    }


def _values_of(agreed: Agreed) -> dict[str, Any]:
    line = agreed.line
    return {
        "products": tuple(sorted(line.products)) or None,
        "uses": tuple(sorted(line.uses)),
        "limits": line.limits,
        "clause": line.clause.strip(),
    }

"""What is wrong with a row, by its column, before anything is written; and what a good one comes to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.accounts.models import Membership, User
from newsroom.core.errors import Refused
from newsroom.licensing.models import Licence, Outside
from newsroom.licensing.move_in import values
from newsroom.licensing.move_in.reading import Read, Row
from newsroom.licensing.move_in.values import BadCell
from newsroom.licensing.rules import Limits, Source
from newsroom.licensing.terms import BadTerms, check_content, columns
from newsroom.wire.models import Product

COLUMN_OF = {"source_ref": "reference", "starts_at": "starts", "ends_at": "ends", "delay": "delay_hours"} | {
    "archive": "archive_days"
}
ALL = "all"


@dataclass(frozen=True, slots=True)
class Contract:
    organisation: str
    starts: date
    ends: date | None
    clause: str


@dataclass(frozen=True, slots=True)
class LicenceRow:
    """A licence's row, understood. One of `organisation` (a reference) and `person` (an address) is set."""

    reference: str
    organisation: str
    person: str
    starts_at: datetime
    ends_at: datetime | None
    products: tuple[str, ...] | None
    uses: tuple[str, ...]
    clause: str
    limits: Limits


@dataclass(slots=True)
class Known:
    """What rows may refer to: what the database has, and what good rows before them bring."""

    zone: tzinfo
    organisations: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    contracts: dict[str, Contract] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)
    holders: dict[str, tuple[str, str]] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)


def known(files: Iterable[Read], zone: tzinfo) -> Known:
    """Asked of the database once for the whole batch."""
    addresses = [each for file in files for row in file.rows for each in (row["email"], row["person"]) if each]
    references = [row["reference"] for file in files if file.sheet.kind == "licences" for row in file.rows]
    organisations = dict(Outside.objects.filter(kind="organisation").values_list("subject_id", "reference"))
    licences = Licence.objects.filter(source=Source.CONTRACT, source_ref__in=references)
    return Known(
        zone,
        organisations=set(organisations.values()),
        people=set(User.objects.filter(email__in=[each.lower() for each in addresses]).values_list("email", flat=True)),
        products=dict(Product.objects.values_list("code", "pk")),
        holders={
            ref: (organisations.get(organisation, ""), person or "")
            for ref, organisation, person in licences.values_list("source_ref", "organisation_id", "user__email")
        },
    )


Problems = list[tuple[str, str]]


def check(row: Row, known: Known) -> Problems:
    """Each fault as (column, words); none for a good row, which later rows may then refer to."""
    try:
        CHECKS[row.kind](row, known)
    except BadCell as fault:
        return [(fault.field, str(fault))]
    except BadTerms as fault:
        return [(COLUMN_OF.get(fault.field, fault.field), str(fault))]
    except Refused as fault:
        return [("", str(fault))]
    return []


def _once(row: Row, known: Known, name: str, reference: str) -> None:
    if (row.kind, reference) in known.seen:
        raise BadCell(name, _("stands in the file twice"))
    known.seen.add((row.kind, reference))


def _organisation(row: Row, known: Known) -> None:
    reference = values.needed(row, "reference")
    _once(row, known, "reference", reference)
    values.needed(row, "name", 200)
    values.country(row)
    known.organisations.add(reference)


def _person(row: Row, known: Known) -> None:
    address = values.email(row)
    _once(row, known, "email", address)
    if len(row["name"]) > 150:
        raise BadCell("name", _("is longer than %(most)d characters") % {"most": 150})
    if row["organisation"] and row["organisation"] not in known.organisations:
        raise BadCell("organisation", _("there is no organisation “%(words)s”") % {"words": row["organisation"]})
    role_of(row)
    values.one_of(row, "language", {code: code for code, _name in settings.LANGUAGES}, "")
    known.people.add(address)


def role_of(row: Row) -> str:
    roles = {str(each): str(each) for each in Membership.Role}
    return str(values.one_of(row, "role", roles, Membership.Role.MEMBER))


def _contract(row: Row, known: Known) -> None:
    reference = values.needed(row, "reference", 150)
    _once(row, known, "reference", reference)
    organisation = values.needed(row, "organisation")
    if organisation not in known.organisations:
        raise BadCell("organisation", _("there is no organisation “%(words)s”") % {"words": organisation})
    starts, ends = values.day(row, "starts"), values.day(row, "ends")
    values.period(starts, ends, known.zone)
    assert starts is not None  # `period` saw to it
    known.contracts[reference] = Contract(organisation, starts, ends, row["clause"])


def _licence(row: Row, known: Known) -> None:
    understood = licence(row, known)
    _once(row, known, "reference", understood.reference)
    holder = (understood.organisation, understood.person)
    if known.holders.get(understood.reference, holder) != holder:
        raise BadCell("reference", _("belongs to somebody else's licence already"))


def licence(row: Row, known: Known) -> LicenceRow:
    """The row understood. What it leaves out of period and clause stands in its contract."""
    reference = values.needed(row, "reference", 200)
    contract = known.contracts.get(row["contract"])
    if row["contract"] and contract is None:
        raise BadCell("contract", _("there is no contract “%(words)s” in these files") % {"words": row["contract"]})
    organisation, person = _holder(row, contract, known)
    starts = values.day(row, "starts") or (contract.starts if contract else None)
    ends = values.day(row, "ends") or (contract.ends if contract else None)
    starts_at, ends_at = values.period(starts, ends, known.zone)
    understood = LicenceRow(
        reference=reference,
        organisation=organisation,
        person=person,
        starts_at=starts_at,
        ends_at=ends_at,
        products=_products(row, known),
        uses=tuple(values.many(row, "uses")),
        clause=row["clause"] or (contract.clause if contract else ""),
        limits=values.limits(row),
    )
    check_content(_content(understood, known), reference)
    return understood


def _holder(row: Row, contract: Contract | None, known: Known) -> tuple[str, str]:
    organisation = row["organisation"] or (contract.organisation if contract else "")
    person = row["person"].lower()
    if bool(organisation) == bool(person):
        raise BadCell("organisation", _("name a contract, an organisation or a person: one holder"))
    if contract and organisation != contract.organisation:
        raise BadCell("organisation", _("is not the contract's"))
    if organisation and organisation not in known.organisations:
        raise BadCell("organisation", _("there is no organisation “%(words)s”") % {"words": organisation})
    if person and person not in known.people:
        raise BadCell("person", _("nobody has the address “%(words)s”") % {"words": person})
    return organisation, person


def _products(row: Row, known: Known) -> tuple[str, ...] | None:
    codes = values.many(row, "products")
    if codes == [ALL]:
        return None
    unknown = [each for each in codes if each not in known.products]
    if unknown:
        raise BadCell("products", _("there is no product “%(words)s”") % {"words": unknown[0]})
    return tuple(codes)


def _content(understood: LicenceRow, known: Known) -> dict[str, Any]:
    """As a version of a licence would say it."""
    products = understood.products
    return {
        "starts_at": understood.starts_at,
        "ends_at": understood.ends_at,
        "uses": list(understood.uses),
        "all_products": products is None,
        "product_ids": [known.products[code] for code in products or ()],
        "item_ids": [],
        "clause": understood.clause,
    } | columns(understood.limits)


CHECKS: dict[str, Callable[[Row, Known], None]] = {
    "organisations": _organisation,
    "people": _person,
    "contracts": _contract,
    "licences": _licence,
}

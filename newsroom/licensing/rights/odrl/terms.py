"""Which term stands for what. Pure: both the writer and the reader go by these tables.

A term of the W3C or of the IPTC wherever one says it; `nr:` for the rest. docs/rights-language.md explains each of ours.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.duration import duration_iso_string

from newsroom.core.money import Money
from newsroom.licensing.rules import Channel, Period, Quota, Rendition, SeatKind, Use

PROFILE = "urn:newsroom:odrl-profile:1"
RIGHTSML = "https://iptc.org/std/RightsML/odrl-profile/"
CONTEXT = ["http://www.w3.org/ns/odrl.jsonld", {"nr": f"{PROFILE}#"}]
PROFILES = [RIGHTSML, PROFILE]
COUNTRIES = "http://cvx.iptc.org/iso3166-1a2/"
CURRENCIES = "http://cvx.iptc.org/iso4217a/"

ACTIONS = {
    Use.READ: "read",
    Use.DOWNLOAD: "reproduce",
    Use.PUBLISH: "distribute",
    Use.SYNDICATE: "grantUse",
    Use.RECEIVE: "nr:receive",
    Use.AI_TRAIN: "nr:trainModel",
    Use.AI_INPUT: "nr:feedModel",
    Use.AI_INDEX: "index",
}
USES = {action: use for use, action in ACTIONS.items()}
ON_CHANNELS = (Use.PUBLISH, Use.SYNDICATE)

CHANNELS = {each: f"nr:{each.value}" for each in Channel}
RENDITIONS = {each: f"nr:{each.name.lower()}" for each in Rendition}
SEATS = {SeatKind.NAMED: "nr:namedSeat", SeatKind.FLOATING: "nr:floatingSeat"}
STORIES = {
    Period.DAY: "nr:storyPerDay",
    Period.MONTH: "nr:storyPerMonth",
    Period.YEAR: "nr:storyPerYear",
    Period.TERM: "nr:storyPerTerm",
}
OF_EACH_READER = "AndReader"
"""What is added to a unit of stories that each reader has for themselves."""

EMBARGO_END = "nr:embargoEnd"
LIMITS = ("channels", "territories", "formats", "delay", "archive", "rendition", "under_embargo", "seats", "quotas")
"""The limits that may have a clause of their own, written as `nr:` and the name."""


def ref(iri: str) -> dict[str, str]:
    """A thing named by its IRI."""
    return {"@id": iri}


def moment(at: datetime) -> dict[str, str]:
    """xsd:dateTime, in UTC."""
    return {"@value": at.astimezone(UTC).isoformat().replace("+00:00", "Z"), "@type": "xsd:dateTime"}


def duration(length: timedelta) -> dict[str, str]:
    """xsd:duration."""
    return {"@value": duration_iso_string(length), "@type": "xsd:duration"}


def amount(money: Money) -> dict[str, str]:
    """xsd:decimal, in major units."""
    return {"@value": str(money.amount), "@type": "xsd:decimal"}


def minor(major: Decimal, digits: int) -> int | None:
    """Minor units of an amount in major ones; None when it has more digits than its currency."""
    found = major.scaleb(digits)
    return int(found) if found == found.to_integral_value() else None


def unit_of(quota: Quota) -> str:
    """What a quota counts."""
    return STORIES[Period(quota.period)] + (OF_EACH_READER if quota.per_reader else "")


UNITS: dict[str, tuple[Period, bool]] = {
    STORIES[period] + (OF_EACH_READER if each else ""): (period, each) for period in Period for each in (False, True)
}


def product_iri(agency: str, code: str) -> str:
    """A product of this agency's."""
    return f"{agency}rights/products/{code}"


def wire_iri(agency: str) -> str:
    """Everything this agency releases."""
    return f"{agency}rights/wire"


def constraint(left: str, operator: str, right: Any, unit: str = "") -> dict[str, Any]:
    """One constraint (Information Model, 2.5)."""
    found = {"leftOperand": left, "operator": operator, "rightOperand": right}
    return found | {"unit": ref(unit)} if unit else found

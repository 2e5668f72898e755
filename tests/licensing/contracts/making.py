"""Contracts for tests, made by the product's own deeds."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from newsroom.core.audit import SYSTEM
from newsroom.core.money import Money
from newsroom.licensing.contracts import actions
from newsroom.licensing.contracts.dates import moment
from newsroom.licensing.contracts.terms import Terms
from newsroom.licensing.lines import Line
from newsroom.licensing.rules import NO_LIMITS, Limits
from tests.factories import a_member, a_product, a_user, an_organisation

ISTANBUL = ZoneInfo("Europe/Istanbul")
JANUARY = date(2026, 1, 1)
NEXT = date(2027, 1, 1)


def on(day: date, hour: int = 12) -> datetime:
    """This hour of this day at the desk."""
    return (moment(day, ISTANBUL) + timedelta(hours=hour)).astimezone(UTC)


SIGNED = on(date(2025, 12, 15))


def a_line(**facts) -> Line:
    limits = facts.pop("limits", NO_LIMITS)
    if "seats" in facts:
        limits = Limits(seats=facts.pop("seats"))
    values = {
        "title": "Full wire",
        "products": ("everything",),
        "uses": ("read",),
        "limits": limits,
        "clause": "§2: reading by the staff.",
        "price": Money(120_000, "eur"),
        "interval": "year",
    }
    return Line(**values | facts)


def a_contract(*lines: Line, at: datetime = SIGNED, **facts):
    a_product()
    terms = {name: facts.pop(name) for name in Terms.__slots__ if name in facts}
    values = {
        "organisation": facts.pop("organisation", None) or an_organisation(),
        "lines": lines or (a_line(),),
        "terms": Terms(**terms),
        "starts_on": JANUARY,
        "currency": "eur",
        "by": SYSTEM,
        "at": at,
    }
    return actions.activate(**values | facts)


def a_customer(**facts):
    """An organisation with an owner, somebody who pays, and a member."""
    paper = an_organisation("Daily Zebra", **facts)
    for role in ("owner", "billing", "member"):
        a_member(paper, a_user(f"{role}-{paper.pk}@zebra.example"), role=role)
    return paper


def licence_of(contract, key=1):
    return contract.licences.get(key=key).licence


def now_says(contract, key=1):
    return licence_of(contract, key).versions.get(recorded_to=None)


def in_force(contract, at, key=1):
    """Whether the line's licence gives a right at this moment, by what was recorded then."""
    said = licence_of(contract, key).versions.recorded(at).filter(starts_at__lte=at, ends_at__gt=at, suspended=False)
    return said.exists()


def kinds(contract):
    return list(contract.events.order_by("pk").values_list("kind", flat=True))


def lines_of(contract):
    """The lines of the contract as it stands, as `amend` takes them."""
    return [(each.key, each.line) for each in contract.versions.known().last().agreed]


def amend(contract, since, lines, at, **facts):
    values = {"by": SYSTEM, "why": "They asked."}
    return actions.amend(contract=contract, since=since, lines=lines, at=at, **values | facts)

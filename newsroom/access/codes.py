"""What a machine is told of a refusal: a stable code, a status, and what the case carries. Pure.

RFC 9457 problem details. A face renders `Problem.as_json()` as `application/problem+json` with `Problem.headers`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from newsroom.access.rules import Decision, Reason, Terms
from newsroom.core.money import Money
from newsroom.licensing.rules import Rendition
from newsroom.wire.rules import Tier

TYPE = "urn:newsroom:problem:"
"""What stands before the code in a problem's `type`."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """What a caller may be told beside the refusal. Each case takes of it what it carries.

    `uses`, `territories`, `channels`, `formats`: those that the licence grants. `products`: (code, name) of those that
    would include the story. `largest`: the largest picture it allows; `largest_link`: where that one lies.
    `accept`: a token that accepts `price`. `acknowledge`: where a kill is acknowledged. `note`: the desk's words.
    """

    uses: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    products: tuple[tuple[str, str], ...] = ()
    largest: int | None = None
    largest_link: str = ""
    window: timedelta | None = None
    seats: int | None = None
    resets_at: datetime | None = None
    price: Money | None = None
    accept: str = ""
    contact: str = ""
    note: str = ""
    acknowledge: str = ""


NO_WAY_OUT = WayOut()


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal in the words of RFC 9457. `carries` are its extension members, moments as ISO 8601."""

    status: int
    code: str
    title: str
    detail: str
    instance: str = ""
    carries: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        return TYPE + self.code

    def as_json(self) -> dict[str, Any]:
        found = {"type": self.type, "title": self.title, "status": self.status, "detail": self.detail}
        if self.instance:
            found["instance"] = self.instance
        return found | {"code": self.code} | self.carries


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its status, its code, its words, and the names of what it carries."""

    status: int
    code: str
    title: Any
    carries: tuple[str, ...] = ()


CASES = {
    Reason.NO_LICENCE: Case(403, "licence.none", _("No licence covers this story."), ("products", "contact")),
    Reason.NOT_STARTED: Case(403, "licence.inactive", _("The licence has not begun."), ("starts_at", "contact")),
    Reason.ENDED: Case(403, "licence.inactive", _("The licence has ended."), ("ended_at", "contact")),
    Reason.SUSPENDED: Case(403, "licence.inactive", _("The licence is suspended."), ("contact",)),
    Reason.OUTSIDE_PRODUCT: Case(
        403, "entitlement.product", _("The story is outside the licensed products."), ("products", "contact")
    ),
    Reason.USE_NOT_GRANTED: Case(
        403, "entitlement.use", _("The licence does not grant this use."), ("uses", "contact")
    ),
    Reason.NO_SEAT: Case(403, "entitlement.seat", _("The caller has no seat in the licence."), ("seats",)),
    Reason.WRONG_FORMAT: Case(
        403, "entitlement.format", _("The licence does not cover this format."), ("formats", "contact")
    ),
    Reason.TOO_LARGE: Case(
        403, "entitlement.rendition", _("The picture is larger than licensed."), ("largest", "largest_link", "contact")
    ),
    Reason.OUTSIDE_ARCHIVE: Case(
        403, "entitlement.archive", _("The story is older than the archive window."), ("window_days", "contact")
    ),
    Reason.WRONG_TERRITORY: Case(
        451, "rights.territory", _("The licence does not cover this territory."), ("territories", "contact")
    ),
    Reason.WRONG_CHANNEL: Case(
        451, "rights.channel", _("The licence does not cover this channel."), ("channels", "contact")
    ),
    Reason.STORY_NOT_HERE: Case(451, "rights.territory", _("The story may not be used in this territory.")),
    Reason.STORY_NOT_ON_CHANNEL: Case(451, "rights.channel", _("The story may not be used on this channel.")),
    Reason.STORY_NOT_FOR_USE: Case(451, "rights.use", _("The story may not be used in this way.")),
    Reason.STORY_TOO_OLD: Case(451, "rights.archive", _("The story may no longer be used."), ("ended_at",)),
    Reason.DELAYED: Case(403, "rights.embargo", _("The licence opens this story later."), ("lifts_at",)),
    Reason.EMBARGOED: Case(403, "rights.embargo", _("The story is under embargo."), ("lifts_at",)),
    Reason.EXPIRED: Case(410, "content.expired", _("The story has expired."), ("ended_at",)),
    Reason.KILLED: Case(410, "content.killed", _("The story was killed."), ("note", "acknowledge")),
    Reason.WITHHELD: Case(403, "content.withheld", _("The story is withheld and may come back."), ("note",)),
    Reason.NOT_RELEASED: Case(404, "content.unknown", _("There is no such story.")),
    Reason.QUOTA_SPENT: Case(429, "quota.exhausted", _("The quota is used up."), ("resets_at", "contact")),
    Reason.OVERAGE: Case(
        402,
        "quota.overage",
        _("The quota is used up; a further story has its price."),
        ("price", "accept", "resets_at"),
    ),
    Reason.PRICE_CHANGED: Case(
        409, "price.changed", _("The price has changed since it was quoted."), ("price", "accept", "resets_at")
    ),
    Reason.METERED: Case(403, "quota.meter", _("The story opens by spending one of the free stories."), ("remaining",)),
    Reason.SEATS_FULL: Case(429, "quota.seats", _("Every seat of the licence is in use."), ("seats", "contact")),
}
"""Every refusal. FREE and LICENSED are none."""

SAID_ALOUD = frozenset({Reason.KILLED, Reason.WITHHELD})
"""The refusals that everybody is told, because a notice stands in the story's place."""


def problem_of(
    decision: Decision,
    way_out: WayOut = NO_WAY_OUT,
    *,
    told: bool = False,
    instance: str = "",
    at: datetime | None = None,
) -> Problem:
    """The refusal as a problem document. `at` lets one that ends by itself carry `Retry-After`.

    A story that must not even show is answered like one that does not exist, unless the caller has been `told` of it
    (its licence covers the story, or had it delivered). Raises ValueError for a yes.
    """
    if decision.allowed:
        raise ValueError("a yes is no problem")
    hidden = decision.tier is Tier.NOTHING and decision.reason not in SAID_ALOUD and not told
    case = CASES[Reason.NOT_RELEASED if hidden else decision.reason]
    detail = str(case.title) if hidden or not decision.clause else f"{case.title} {decision.clause}"
    carries = _carried(Decision(Tier.NOTHING, Reason.NOT_RELEASED) if hidden else decision, case, way_out)
    return Problem(case.status, case.code, str(case.title), detail, instance, carries, _headers(case, carries, at))


def way_out_of(decision: Decision, licences: Iterable[Terms], use: str, at: datetime, **more: Any) -> WayOut:
    """What the licence that nearly said yes grants; `more` names what only the caller knows (`products`, `contact`, …)."""
    terms = next((each for each in licences if each.licence_id == decision.licence_id), None)
    if terms is None:
        return WayOut(**more)
    limits, quota = terms.limits, terms.quota_for(use)
    known: dict[str, Any] = {
        "uses": tuple(sorted(terms.uses)),
        "territories": tuple(sorted(limits.territories)),
        "channels": tuple(sorted(limits.channels)),
        "formats": tuple(sorted(limits.formats)),
        "largest": limits.rendition,
        "window": limits.archive,
        "seats": limits.seats,
        "resets_at": quota.resets(at) if quota else None,
        "price": quota.overage if quota else None,
    }
    return WayOut(**known | more)


def _carried(decision: Decision, case: Case, way_out: WayOut) -> dict[str, Any]:
    """What the case names and the caller or the decision knows."""
    until = decision.until.isoformat() if decision.until else None
    money, resets_at = way_out.price or decision.price, way_out.resets_at or decision.until
    known: dict[str, Any] = dict.fromkeys(("starts_at", "ended_at", "lifts_at"), until) | {
        "uses": list(way_out.uses),
        "territories": list(way_out.territories),
        "channels": list(way_out.channels),
        "formats": list(way_out.formats),
        "products": [{"code": code, "name": name} for code, name in way_out.products],
        "largest": Rendition(way_out.largest).name.lower() if way_out.largest else None,
        "largest_link": way_out.largest_link,
        "window_days": way_out.window.days if way_out.window else None,
        "seats": way_out.seats,
        "resets_at": resets_at.isoformat() if resets_at else None,
        "price": {"minor": money.minor, "currency": money.currency} if money else None,
        "accept": way_out.accept,
        "contact": way_out.contact,
        "note": way_out.note,
        "acknowledge": way_out.acknowledge,
        "remaining": decision.remaining,
    }
    facts = {"reason": decision.reason.value, "clause": decision.clause, "licence": decision.licence_id}
    facts |= {name: known[name] for name in case.carries}
    return {name: value for name, value in facts.items() if value not in (None, "", [])}


def _headers(case: Case, carries: dict[str, Any], at: datetime | None) -> dict[str, str]:
    """`no-store` for every refusal; `Retry-After` (RFC 9110, 10.2.3, as a date) where the clock alone opens it."""
    headers = {"Cache-Control": "no-store"}
    opens = carries.get("lifts_at") or carries.get("resets_at") or carries.get("starts_at")
    if at is not None and opens is not None and (moment := datetime.fromisoformat(opens)) > at:
        headers["Retry-After"] = format_datetime(moment.astimezone(UTC), usegmt=True)
    return headers

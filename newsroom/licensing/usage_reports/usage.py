"""Usage by customer, person, product, story, format, use, channel or day. Each figure is the number of its rows.

Every question about the ledger starts from `rows`: what a figure counts and what stands behind it are one query.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.db.models.functions import TruncDate, TruncMonth
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import Organisation, User
from newsroom.licensing.models import Licence, Usage
from newsroom.licensing.rules import Use
from newsroom.licensing.usage_reports.periods import Days
from newsroom.wire.models import Product, Release, Stamp

NONE = "none"
"""How an address names "no customer", "no format" …"""
DAYS_AS_DAYS = 92
COLUMNS = {
    "customer": "licence__organisation_id",
    "person": "user_id",
    "product": "release__stamps__product_id",
    "item": "item_id",
    "licence": "licence_id",
    "format": "format",
    "use": "use",
    "channel": "channel",
}
LABELS = {
    "customer": _("customer"),
    "person": _("person"),
    "product": _("product"),
    "item": _("story"),
    "licence": _("licence"),
    "format": _("format"),
    "use": _("use"),
    "channel": _("channel"),
}
NOBODY = {
    "customer": _("no organisation"),
    "person": _("not signed in"),
    "product": _("in no product"),
    "licence": _("without a licence"),
    "format": _("page"),
    "channel": _("not recorded"),
}
NUMBERED = frozenset({"customer", "person", "product", "item", "licence"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows of the ledger: a period, and what they must agree with. `only`: a dimension to its key."""

    days: Days
    only: dict[str, str] = field(default_factory=dict, hash=False)

    def also(self, name: str, key: str) -> "Asked":
        return replace(self, only=self.only | {name: key})


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a report. `key` leads to its rows; `uses` is their number, `stories` how many different ones."""

    key: str
    label: str
    uses: int
    stories: int


def rows(asked: Asked) -> QuerySet[Usage]:
    """The uses that are asked for. A key that cannot be one finds nothing."""
    found: QuerySet[Usage] = Usage.objects.filter(at__gte=asked.days.starts_at, at__lt=asked.days.ends_at)
    for name, key in asked.only.items():
        found = _only(found, name, key)
    return found


def _only(found: QuerySet[Usage], name: str, key: str) -> QuerySet[Usage]:
    if key != NONE and name in NUMBERED and not _is_number(key):
        return found.none()
    if name == "product":
        stamps = Stamp.objects.filter(release=OuterRef("release_id"))
        return found.filter(~Exists(stamps) if key == NONE else Exists(stamps.filter(product_id=key)))
    if key == NONE:
        return found.filter(**({f"{COLUMNS[name]}__isnull": True} if name in NUMBERED else {COLUMNS[name]: ""}))
    return found.filter(**{COLUMNS[name]: key})


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < 19


def counts(asked: Asked, by: str) -> QuerySet[Any, Any]:
    """A `group`, its uses and its stories: most used first. To be cut into pages, then labelled by `figures`.

    A story that is in several products counts in each of them; every other dimension adds up to the total.
    """
    grouped = rows(asked).values(group=F(COLUMNS[by]))
    return grouped.annotate(uses=Count("pk"), stories=Count("item_id", distinct=True)).order_by("-uses", "group")


def figures(by: str, page: Iterable[dict[str, Any]]) -> list[Figure]:
    """The lines with their labels; one query for a page of them, none where the key is its own label."""
    page = list(page)
    names = _names(by, [each["group"] for each in page if each["group"] not in (None, "")])
    return [
        Figure(
            NONE if each["group"] in (None, "") else str(each["group"]),
            names.get(each["group"], str(NOBODY.get(by, each["group"]))),
            each["uses"],
            each["stories"],
        )
        for each in page
    ]


def _names(by: str, keys: list[Any]) -> dict[Any, str]:
    match by:
        case "customer":
            return dict(Organisation.objects.filter(pk__in=keys).values_list("pk", "name"))
        case "person":
            return {each.pk: str(each) for each in User.objects.filter(pk__in=keys).only("name", "email")}
        case "product":
            return dict(Product.objects.filter(pk__in=keys).values_list("pk", "name"))
        case "item":
            return dict(Release.objects.filter(item_id__in=keys, is_head=True).values_list("item_id", "headline"))
        case "licence":
            return {each.pk: str(each) for each in Licence.objects.filter(pk__in=keys)}
        case "use":
            return {key: str(Use(key).label) for key in keys}
    return {key: key for key in keys}


def label_of(by: str, key: str) -> str:
    """What a filter is called on its chip."""
    if key == NONE:
        return str(NOBODY.get(by, NONE))
    if by in NUMBERED and not _is_number(key):
        return key
    known: Any = int(key) if by in NUMBERED else key
    if by == "use" and key not in Use.values:
        return key
    return _names(by, [known]).get(known, key)


def over_time(asked: Asked) -> list[tuple[date, int]]:
    """Uses for each day of the period, or for each month of a long one; those without any are left out."""
    zone = asked.days.zone
    by_day = asked.days.length <= DAYS_AS_DAYS
    step = TruncDate("at", tzinfo=zone) if by_day else TruncMonth("at", tzinfo=zone)
    found = rows(asked).values(step=step).annotate(uses=Count("pk")).order_by("step")
    return [(_day(each["step"]), each["uses"]) for each in found]


def _day(step: date | datetime) -> date:
    return step.date() if isinstance(step, datetime) else step

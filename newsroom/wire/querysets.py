"""Questions about what was released."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from newsroom.wire.rules import LIVE, BadRule, Tier, check_rule, wanted

if TYPE_CHECKING:
    from newsroom.wire.models import (  # noqa: F401  # named in the generics below
        Item,
        Product,
        ProductVersion,
        Release,
        Stamp,
        Topic,
    )


class ItemQuerySet(models.QuerySet["Item"]):
    def with_head(self) -> Self:
        """The present release comes along in the same query."""
        return self.select_related("head", "head__desk", "head__place")


class ReleaseQuerySet(models.QuerySet["Release"]):
    def heads(self) -> Self:
        """The present release of its item."""
        return self.filter(is_head=True)

    def live(self, at: datetime) -> Self:
        """Head of its item, neither withheld nor killed, past its embargo, not expired."""
        return self.unexpired(at).filter(Q(embargo_until=None) | Q(embargo_until__lte=at))

    def unexpired(self, at: datetime) -> Self:
        """Head of its item, neither withheld nor killed, not expired; perhaps under embargo."""
        return self.heads().filter(Q(expires_at=None) | Q(expires_at__gt=at), signal__in=LIVE)

    def public(self, at: datetime) -> Self:
        """Live, with a public tier: what the website shows to everybody."""
        return self.live(at).filter(public_tier__gt=Tier.NOTHING)

    def about(self, topic: "Topic") -> Self:
        """About this topic or one below it."""
        return self.filter(topics_all__contains=[topic.code])

    def within(self, rule: Any) -> Self:
        """What a product with this rule holds: `rules.matches` in SQL. An empty or broken rule matches nothing."""
        try:
            check_rule(rule)
        except BadRule:
            return self.none()
        found = self
        if rule["include"] != "everything":
            for name, values in rule["include"].items():
                found = found.filter(_says(name, wanted(name, values)))
        for name, values in rule.get("exclude", {}).items():
            found = found.exclude(_says(name, wanted(name, values)))
        return found

    def newest_first(self) -> Self:
        """By the moment it came on the wire, latest first; `pk` settles ties, so pages never repeat."""
        return self.order_by("-shown_at", "-pk")

    def before(self, shown_at: datetime, pk: int) -> Self:
        """What stands behind this place in `newest_first`."""
        return self.filter(Q(shown_at__lt=shown_at) | Q(shown_at=shown_at, pk__lt=pk))


def _says(name: str, values: list[Any]) -> Q:
    """The condition that one of a release's facts is among these values."""
    match name:
        case "desk":
            return Q(desk__code__in=values)
        case "place":
            return Q(place__code__in=values) | Q(place__country__in=values)
        case "topics":
            return Q(topics_all__overlap=values)
        case "keywords":
            return Q(keywords_folded__overlap=values)
        case "media":
            with_pictures = ~Q(pictures=[]) if "picture" in values else Q(pk__isnull=True)
            return Q(pk__isnull=False) if "text" in values else with_pictures
    return Q(**{f"{name}__in": values})


class ProductQuerySet(models.QuerySet["Product"]):
    def offered(self) -> Self:
        """What may be sold: not retired."""
        return self.filter(retired_at=None)


class ProductVersionQuerySet(models.QuerySet["ProductVersion"]):
    def valid(self, at: datetime) -> Self:
        """The versions of rules in force at the moment `at`, as they were set."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)

    def effective(self, at: datetime) -> Self:
        """The versions that rights followed at the moment `at`: complete, and not yet replaced by a complete one."""
        return self.filter(Q(effective_to=None) | Q(effective_to__gt=at), effective_from__lte=at)

    def stamped(self) -> Self:
        """By which a release is stamped now: those that rights follow, and those that are to take their place."""
        return self.filter(Q(valid_to=None) | Q(effective_from__isnull=False, effective_to=None))

    def replaced(self) -> Self:
        """Which no release is stamped by any more."""
        return self.exclude(valid_to=None).exclude(effective_from__isnull=False, effective_to=None)

    def unfinished(self) -> Self:
        """Set, and not stamped to the end."""
        return self.filter(Q(remaining__gt=0) | Q(effective_from=None), valid_to=None)


class StampQuerySet(models.QuerySet["Stamp"]):
    def effective(self) -> Self:
        """Of the versions that rights follow now."""
        return self.filter(version__effective_from__isnull=False, version__effective_to=None)

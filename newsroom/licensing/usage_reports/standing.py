"""Licences beside what is made of them: never used, more than is used, and about to end."""

from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from newsroom.licensing.models import LicenceVersion, Seat, Usage
from newsroom.licensing.rules import Source

SOLD = (Source.CONTRACT, Source.PLAN, Source.TRIAL, Source.COMP, Source.NETWORK, Source.DOMAIN)
"""Sources whose licences somebody should use. A gift, a pass or a meter may stay unused."""
MONTH = timedelta(days=30)


def _in_force(at: datetime) -> QuerySet[LicenceVersion]:
    found = LicenceVersion.objects.in_force(at).filter(licence__source__in=SOLD)
    return found.select_related("licence__user", "licence__organisation")


def _uses(since: datetime, until: datetime) -> QuerySet[Usage]:
    return Usage.objects.filter(licence=OuterRef("licence_id"), at__gte=since, at__lt=until)


def never_used(at: datetime, days: int) -> QuerySet[LicenceVersion]:
    """In force for at least so many days, and no line of the ledger names them. Oldest first."""
    ever = Usage.objects.filter(licence=OuterRef("licence_id"))
    found = _in_force(at).filter(~Exists(ever), starts_at__lte=at - timedelta(days=days))
    return found.order_by("starts_at", "pk")


def over_entitled(at: datetime, days: int) -> QuerySet[LicenceVersion]:
    """In force for at least so many days, used, and yet with seats, products or uses that nobody used in them.

    `used_uses`, `used_products` and `people` come along; `unused` puts them in words.
    """
    since = at - timedelta(days=days)
    lately = _uses(since, at)
    people = Subquery(
        lately.order_by().values("licence").annotate(number=Count("user", distinct=True)).values("number"),
        output_field=IntegerField(),
    )
    seated = Seat.objects.valid(at).filter(licence=OuterRef("licence_id")).order_by().values("licence")
    found = _in_force(at).filter(Exists(Usage.objects.filter(licence=OuterRef("licence_id"))), starts_at__lte=since)
    found = found.annotate(
        used_uses=ArraySubquery(lately.order_by("use").values("use").distinct()),
        used_products=ArraySubquery(
            lately.filter(release__stamps__product_id__isnull=False)
            .order_by("release__stamps__product_id")
            .values("release__stamps__product_id")
            .distinct()
        ),
        people=Coalesce(people, 0),
        seated=Coalesce(Subquery(seated.annotate(number=Count("pk")).values("number"), output_field=IntegerField()), 0),
    )
    spare = Q(seats__gt=F("people")) | ~Q(uses__contained_by=F("used_uses"))
    return found.filter(spare | ~Q(product_ids__contained_by=F("used_products"))).order_by("licence_id")


def renewals(at: datetime, days: int) -> QuerySet[LicenceVersion]:
    """In force, and ending within so many days, first to end first; `lately` and `before` count 30 days each."""
    found = _in_force(at).filter(ends_at__lte=at + timedelta(days=days))
    return found.annotate(
        lately=_number(_uses(at - MONTH, at)), before=_number(_uses(at - 2 * MONTH, at - MONTH))
    ).order_by("ends_at", "pk")


def _number(uses: QuerySet[Usage]) -> Coalesce:
    counted = uses.order_by().values("licence").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def trend(lately: int, before: int) -> int | None:
    """By how many per cent the last 30 days differ from the 30 before; None when there is nothing to compare with."""
    return round((lately - before) * 100 / before) if before else None

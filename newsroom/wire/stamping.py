"""Stamps: which release is in which product.

A release is stamped as it is published. What was on the wire before a rule was set is stamped in the background, a
range of the sequence at a time, while rights go on following the former rule; then they follow the new one at once.
Whoever sets a rule holds the sequence's row for a moment, and whoever publishes reads the rules while holding it: so
each release lies on exactly one side of `ProductVersion.goal`, and none is missed.
"""

from datetime import datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from newsroom.core import audit
from newsroom.core.audit import SYSTEM
from newsroom.core.jobs import announce
from newsroom.wire import rules
from newsroom.wire.models import Place, Product, ProductVersion, Release, Stamp
from newsroom.wire.rules import LIVE, Facts
from newsroom.wire.signals import products_switched

RANGE = 10_000
STAMP_THESE = """
INSERT INTO wire_stamp (product_id, version_id, release_id, shown_at)
SELECT %s, %s, held.made, held.shown FROM ({these}) AS held (made, shown) ON CONFLICT DO NOTHING"""


def stamp(made: Release, facts: Facts | None, *, in_place_of: Release | None) -> None:
    """Stamp a release that has just taken its number; its predecessor leaves the products. No facts, no stamps."""
    if in_place_of is not None:
        Stamp.objects.filter(release=in_place_of).delete()
    if facts is None:
        return
    Stamp.objects.bulk_create(
        Stamp(product_id=version.product_id, release=made, version=version, shown_at=made.shown_at)
        for version in ProductVersion.objects.stamped()
        if rules.matches(version.rule, facts)
    )


def facts_of(made: Release) -> Facts:
    """What a product's rule may ask of a release on the wire. `made` comes with its desk and place."""
    return Facts(
        language=made.language,
        desk=made.desk.code,
        topics=frozenset(made.topics_all),
        genre=made.genre,
        urgency=made.urgency,
        place=names_of(made.place),
        media=frozenset({"text", "picture"} if made.pictures else {"text"}),
        keywords=frozenset(made.keywords_folded),
    )


def names_of(place: Place | None) -> frozenset[str]:
    """By what a rule may name this place: its code, or its country's."""
    return frozenset({place.code, place.country} - {""}) if place else frozenset()


def products_at(made: Release, at: datetime) -> frozenset[int]:
    """The products this release was in by the rules that were effective at the moment `at`. For questions about the past."""
    facts = facts_of(made)
    versions = ProductVersion.objects.effective(at)
    return frozenset(each.product_id for each in versions if rules.matches(each.rule, facts))


def restamp(*, product: Product, at: datetime) -> int:
    """Stamp what is on the wire by the product's present rule, to the end. Answers how many releases it holds."""
    while advance(product_id=product.pk, at=at):
        pass
    return Stamp.objects.effective().filter(product=product).count()


@transaction.atomic
def advance(*, product_id: int, at: datetime) -> bool:
    """Stamp one more range, or let rights follow what is complete, or clear away what they follow no longer.

    False when there is nothing left to do, or somebody else is at it. What was done before a crash stays done.
    """
    found = Product.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(pk=product_id)
    product = found.first()
    if product is None:
        return False
    version = product.versions.unfinished().first()
    if version is None:
        return _clear(product)
    if version.remaining:
        low = max(version.remaining - RANGE, 0)
        _stamp_range(version, low, version.remaining)
        ProductVersion.objects.filter(pk=version.pk).update(remaining=low)
        version.remaining = low
    if not version.remaining and version.effective_from is None:
        take_effect(product, version, at=at)
    return True


def _stamp_range(version: ProductVersion, low: int, high: int) -> None:
    """Stamp what is present among the releases after `low` up to `high`. Twice is as good as once.

    They are locked while it is done: who replaces one waits, and then finds its stamps to take away.
    """
    heads = Release.objects.heads().filter(sequence__gt=low, sequence__lte=high, signal__in=LIVE)
    held = heads.within(version.rule).order_by().values_list("pk", "shown_at")
    try:
        sql, params = held.query.sql_with_params()
    except EmptyResultSet:
        return
    insert = STAMP_THESE.format(these=f"{sql} FOR SHARE OF wire_release")
    with connection.cursor() as cursor:
        cursor.execute(insert, (version.product_id, version.pk, *params))


def take_effect(product: Product, version: ProductVersion, *, at: datetime) -> None:
    """Rights follow this version, and the former one no longer: in one step. The product is locked."""
    former = product.versions.filter(effective_from__isnull=False, effective_to=None).first()
    if former is not None:
        at = max(at, former.effective_from or at)
        product.versions.filter(pk=former.pk).update(effective_to=at)
    product.versions.filter(pk=version.pk).update(effective_from=at)
    audit.record("product.effective", by=SYSTEM, of=product, at=at, facts={"number": version.number})
    announce(products_switched, product_id=product.pk)


def _clear(product: Product) -> bool:
    """Delete some stamps of one version that rights follow no longer. False when there are none."""
    left = Stamp.objects.filter(version=OuterRef("pk"))
    version = product.versions.replaced().filter(Exists(left)).first()
    if version is None:
        return False
    some = Stamp.objects.filter(version=version).values("pk")[:RANGE]
    return bool(Stamp.objects.filter(pk__in=some).delete()[0])

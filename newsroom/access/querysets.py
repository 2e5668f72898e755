"""The gate in SQL: which releases a reader may have, filtered in the query and never after it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from newsroom.accounts.readers import Reader
from newsroom.licensing.models import LicenceVersion
from newsroom.licensing.rules import Use
from newsroom.wire.models import Stamp
from newsroom.wire.querysets import ReleaseQuerySet
from newsroom.wire.rules import Tier


def readable(releases: ReleaseQuerySet, *, reader: Reader, use: Use, at: datetime, tier: Tier) -> ReleaseQuerySet:
    """Those of `releases` for which `judge` answers at least `tier`. `tier` is SUMMARY or FULL."""
    if tier is Tier.NOTHING:
        raise ValueError("everything may be seen as nothing")
    full = may_have(reader=reader, use=use, at=at)
    public = Q(public_tier__gte=Tier.SUMMARY) if tier is Tier.SUMMARY else Q(pk__in=[])
    return releases.live(at).filter(full | public)


def may_have(*, reader: Reader, use: Use, at: datetime) -> Q:
    """The condition, on a live release, that `judge` answers FULL."""
    free = Q(public_tier=Tier.FULL) if use is Use.READ else Q(pk__in=[])
    if reader.anonymous:
        return free
    held = LicenceVersion.objects.in_force(at).held_by(reader).filter(uses__contains=[use])
    stamped: QuerySet[Stamp] = Stamp.objects.filter(release=OuterRef("pk")).filter(
        Exists(held.filter(product_ids__contains=[OuterRef("product_id")]))
    )
    return free | Q(Exists(held.filter(all_products=True))) | Q(Exists(stamped))

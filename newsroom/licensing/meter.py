"""The meter: how many stories a month strangers and registered readers may read who hold no licence. Off by default."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from newsroom.core.audit import Actor
from newsroom.licensing import actions
from newsroom.licensing.models import Counted, Counter, LicenceVersion
from newsroom.licensing.rules import Audience, Limits, Period, Quota, Source, Use
from newsroom.licensing.terms import BadTerms
from newsroom.wire.models import Product

CLAUSE = "The meter: so many stories a month, each opened by the reader's own click."


@dataclass(frozen=True, slots=True)
class Setting:
    """How the meter stands. Zero is off. `budget`: what the strangers of one address prefix have together.

    `product_ids` None: every product.
    """

    anonymous: int = 0
    registered: int = 0
    budget: int = 0
    product_ids: frozenset[int] | None = None


def setting(at: datetime) -> Setting:
    """The meter as it was set at the moment `at`."""
    offered = _offered(at)
    said = next(iter(offered.values()), None)
    quotas = {audience: _quota(version) for audience, version in offered.items()}
    strangers = quotas.get(Audience.EVERYONE)
    return Setting(
        strangers.limit if strangers else 0,
        quotas[Audience.REGISTERED].limit if Audience.REGISTERED in quotas else 0,
        strangers.prefix_budget if strangers else 0,
        None if said is None or said.all_products else frozenset(said.product_ids),
    )


@transaction.atomic
def set_meter(
    *,
    anonymous: int,
    registered: int,
    budget: int,
    products: Iterable[Product] | None,
    by: Actor,
    at: datetime,
    why: str,
) -> None:
    """Bring the meter to these numbers of stories a month; zero turns it off. `products` None: every product.

    Raises `BadTerms` on `anonymous`, `registered`, `budget` or `products`.
    """
    _check(anonymous, registered, budget)
    covered = None if products is None else list(products)
    present = _offered(at)
    for audience, limit, within in ((Audience.EVERYONE, anonymous, budget), (Audience.REGISTERED, registered, 0)):
        running = present.get(audience)
        if limit:
            quota = Quota(Use.READ, limit, Period.MONTH, per_reader=True, prefix_budget=within)
            _offer(audience, quota, covered, starts_at=running.starts_at if running else at, by=by, at=at, why=why)
        elif running:
            actions.end(licence=running.licence, by=by, at=at, why=why)


def _offer(
    audience: Audience,
    quota: Quota,
    products: list[Product] | None,
    *,
    starts_at: datetime,
    by: Actor,
    at: datetime,
    why: str,
) -> None:
    actions.start(
        source=Source.METER,
        source_ref=audience.value,
        holder=audience,
        uses=[Use.READ],
        products=products,
        starts_at=starts_at,
        ends_at=None,
        clause=CLAUSE,
        limits=Limits(quotas=(quota,)),
        by=by,
        at=at,
        why=why,
    )


def _check(anonymous: int, registered: int, budget: int) -> None:
    for name, number in (("anonymous", anonymous), ("registered", registered), ("budget", budget)):
        if number < 0:
            raise BadTerms(name, _("This cannot be less than nothing."))
    if registered < anonymous:
        raise BadTerms("registered", _("Whoever registers has at least as many stories as a stranger."))
    if anonymous and budget < anonymous:
        raise BadTerms("budget", _("An address has at least as many stories as one of its readers."))


def _offered(at: datetime) -> dict[str, LicenceVersion]:
    """What the meter offers at this moment, by audience."""
    known = LicenceVersion.objects.recorded(at).filter(licence__source=Source.METER, starts_at__lte=at)
    running = known.filter(Q(ends_at=None) | Q(ends_at__gt=at), suspended=False).select_related("licence")
    return {each.licence.audience: each for each in running}


def _quota(version: LicenceVersion) -> Quota:
    return Quota.from_json(version.quotas[0])


@transaction.atomic
def join(*, user_id: int, visitor: str, at: datetime) -> int:
    """What this browser read this month before the person signed in counts for the person too: one pool.

    As much of it as they have room for; answers how many stories. They may read all of them again for nothing.
    """
    offered = _offered(at)
    if not visitor or len(offered) < 2:
        return 0
    mine, quota = offered[Audience.REGISTERED], _quota(offered[Audience.REGISTERED])
    where = {"use": quota.use, "period": quota.period, "starts_at": quota.starts(at) or mine.starts_at}
    own = where | {"licence_id": mine.licence_id, "pool": f"u:{user_id}"}
    counter, _made = Counter.objects.select_for_update().get_or_create(
        **own, defaults={"used": 0, "limit": quota.limit, "overage": 0}
    )
    read = Counted.objects.filter(licence=offered[Audience.EVERYONE].licence, reader=f"v:{visitor}", **where)
    fresh = read.exclude(item__in=Counted.objects.filter(**own).values("item_id")).order_by("pk")
    room = max(0, quota.limit + counter.overage - counter.used)
    carried = [_carried(each, own, at) for each in fresh[:room]]
    if carried:
        Counted.objects.bulk_create(carried)
        Counter.objects.filter(pk=counter.pk).update(used=F("used") + len(carried), limit=quota.limit)
    return len(carried)


def _carried(read: Counted, own: dict[str, Any], at: datetime) -> Counted:
    """The same story, counted for the person."""
    return Counted(**own, reader=own["pool"], item_id=read.item_id, key=read.key, at=at, overage=False, carried=True)

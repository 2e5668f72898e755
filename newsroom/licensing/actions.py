"""Deeds on licences. Every source of a right ends here; a change adds a version and loses nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import Organisation, User
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.jobs import announce
from newsroom.licensing import seats
from newsroom.licensing.models import Bearer, Holder, Licence, LicenceVersion
from newsroom.licensing.rules import NO_LIMITS, Audience, Limits, Source, Use
from newsroom.licensing.signals import changed
from newsroom.licensing.terms import BadTerms, check_content, columns
from newsroom.wire.models import Item, Product
from newsroom.wire.products import hold

CONTENT = (
    "starts_at",
    "ends_at",
    "suspended",
    "uses",
    "all_products",
    "product_ids",
    "item_ids",
    "channels",
    "territories",
    "formats",
    "delay",
    "archive",
    "rendition",
    "under_embargo",
    "seats",
    "seat_kind",
    "quotas",
    "clause",
    "clauses",
)


@transaction.atomic
def start(
    *,
    source: Source,
    source_ref: str,
    holder: Holder,
    uses: Iterable[Use],
    products: Iterable[Product] | None,
    starts_at: datetime,
    ends_at: datetime | None,
    clause: str,
    by: Actor,
    at: datetime,
    items: Iterable[Item] = (),
    limits: Limits = NO_LIMITS,
    suspended: bool = False,
    why: str = "",
) -> Licence:
    """Give a right, or bring the one of this source to these terms. `products` None means every product.

    `items` are covered besides the products: a gift or a single story names items and no product (`products=()`).
    Idempotent: the same terms again add nothing. Raises `BadTerms`, whose `field` names what is wrong.
    """
    covered = None if products is None else sorted({product.pk for product in products})
    content = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "suspended": suspended,
        "uses": sorted(set(uses)),
        "all_products": covered is None,
        "product_ids": covered or [],
        "item_ids": sorted({item.pk for item in items}),
        "clause": clause.strip(),
    } | columns(limits)
    check_content(content, source_ref)
    if set(covered or ()) - hold(covered or ()):
        raise BadTerms("products", _("One of these products has been deleted."))
    licence, made = Licence.objects.get_or_create(
        source=source,
        source_ref=source_ref,
        defaults={
            "user": holder if isinstance(holder, User) else None,
            "organisation": holder if isinstance(holder, Organisation) else None,
            "bearer": holder.digest if isinstance(holder, Bearer) else "",
            "audience": holder.value if isinstance(holder, Audience) else "",
            "created_at": at,
        },
    )
    if not made and licence.holder != holder:
        raise BadTerms("holder", _("This licence belongs to somebody else."))
    _write(licence, content, by=by, at=at, why=why, action="licence.started" if made else "licence.changed")
    return licence


def extend(*, licence: Licence, ends_at: datetime | None, by: Actor, at: datetime, why: str = "") -> None:
    """Move the end. Raises `BadTerms` when it would lie before the start."""
    _change(licence, {"ends_at": ends_at}, by=by, at=at, why=why, action="licence.extended")


def suspend(*, licence: Licence, by: Actor, at: datetime, why: str) -> None:
    """The right rests until `resume`: summaries only."""
    _change(licence, {"suspended": True}, by=by, at=at, why=why, action="licence.suspended")


def resume(*, licence: Licence, by: Actor, at: datetime, why: str = "") -> None:
    """The right holds again."""
    _change(licence, {"suspended": False}, by=by, at=at, why=why, action="licence.resumed")


def limit(*, licence: Licence, limits: Limits, by: Actor, at: datetime, why: str = "") -> None:
    """Change the limits, all of them. Raises `BadTerms`; `SeatsOccupied` where more people sit than would have seats."""
    _change(licence, columns(limits), by=by, at=at, why=why, action="licence.limited")


def end(*, licence: Licence, by: Actor, at: datetime, why: str) -> None:
    """The right ends now, or never begins."""
    current = licence.versions.get(recorded_to=None)
    _change(licence, {"ends_at": max(at, current.starts_at)}, by=by, at=at, why=why, action="licence.ended")


@transaction.atomic
def _change(licence: Licence, facts: dict[str, Any], *, by: Actor, at: datetime, why: str, action: str) -> None:
    licence = Licence.objects.select_for_update(of=("self",)).get(pk=licence.pk)
    current = licence.versions.get(recorded_to=None)
    content = {name: getattr(current, name) for name in CONTENT} | facts
    check_content(content, licence.source_ref)
    _write(licence, content, by=by, at=at, why=why, action=action)


def _write(licence: Licence, content: dict[str, Any], *, by: Actor, at: datetime, why: str, action: str) -> None:
    Licence.objects.select_for_update(of=("self",)).get(pk=licence.pk)
    current = licence.versions.filter(recorded_to=None).first()
    if current is not None:
        if all(getattr(current, name) == value for name, value in content.items()):
            return
        seats.make_room(licence=licence, seats=content["seats"], at=at)
        at = max(at, current.recorded_from)
        licence.versions.filter(pk=current.pk).update(recorded_to=at)
    number = current.number + 1 if current else 1
    LicenceVersion.objects.create(licence=licence, number=number, why=why, recorded_from=at, **content)
    audit.record(action, by=by, of=licence, at=at, why=why, facts={"version": number})
    announce(changed, licence_id=licence.pk)

"""Deeds on licences. Every source of a right ends here; a change adds a version and loses nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import Organisation, User
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused
from newsroom.core.jobs import announce
from newsroom.licensing.models import Licence, LicenceVersion
from newsroom.licensing.rules import Source, Use
from newsroom.licensing.signals import changed
from newsroom.wire.models import Product

CONTENT = ("starts_at", "ends_at", "suspended", "uses", "all_products", "product_ids", "clause")


class BadTerms(Refused):
    """The licence cannot say this. `field` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def start(
    *,
    source: Source,
    source_ref: str,
    holder: User | Organisation,
    uses: Iterable[Use],
    products: Iterable[Product] | None,
    starts_at: datetime,
    ends_at: datetime | None,
    clause: str,
    by: Actor,
    at: datetime,
    suspended: bool = False,
    why: str = "",
) -> Licence:
    """Give a right, or bring the one of this source to these terms. `products` None means every product.

    Idempotent: the same terms again add nothing. Raises `BadTerms`.
    """
    covered = None if products is None else sorted({product.pk for product in products})
    content = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "suspended": suspended,
        "uses": sorted(set(uses)),
        "all_products": covered is None,
        "product_ids": covered or [],
        "clause": clause.strip(),
    }
    _check(content, source_ref)
    licence, made = Licence.objects.get_or_create(
        source=source,
        source_ref=source_ref,
        defaults={
            "user": holder if isinstance(holder, User) else None,
            "organisation": holder if isinstance(holder, Organisation) else None,
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


def end(*, licence: Licence, by: Actor, at: datetime, why: str) -> None:
    """The right ends now, or never begins."""
    current = licence.versions.get(recorded_to=None)
    _change(licence, {"ends_at": max(at, current.starts_at)}, by=by, at=at, why=why, action="licence.ended")


@transaction.atomic
def _change(licence: Licence, facts: dict[str, Any], *, by: Actor, at: datetime, why: str, action: str) -> None:
    licence = Licence.objects.select_for_update(of=("self",)).get(pk=licence.pk)
    current = licence.versions.get(recorded_to=None)
    content = {name: getattr(current, name) for name in CONTENT} | facts
    _check(content, licence.source_ref)
    _write(licence, content, by=by, at=at, why=why, action=action)


def _check(content: dict[str, Any], source_ref: str) -> None:
    if not source_ref.strip():
        raise BadTerms("source_ref", _("A licence needs a reference."))
    if not content["uses"]:
        raise BadTerms("uses", _("A licence grants at least one use."))
    if set(content["uses"]) - set(Use.values):
        raise BadTerms("uses", _("There is no such use."))
    if not content["all_products"] and not content["product_ids"]:
        raise BadTerms("products", _("A licence covers at least one product."))
    if content["ends_at"] is not None and content["ends_at"] < content["starts_at"]:
        raise BadTerms("ends_at", _("The end lies before the start."))
    if not content["clause"]:
        raise BadTerms("clause", _("A licence needs its clause in words."))


def _write(licence: Licence, content: dict[str, Any], *, by: Actor, at: datetime, why: str, action: str) -> None:
    Licence.objects.select_for_update(of=("self",)).get(pk=licence.pk)
    current = licence.versions.filter(recorded_to=None).first()
    if current is not None:
        if all(getattr(current, name) == value for name, value in content.items()):
            return
        at = max(at, current.recorded_from)
        licence.versions.filter(pk=current.pk).update(recorded_to=at)
    number = current.number + 1 if current else 1
    LicenceVersion.objects.create(licence=licence, number=number, why=why, recorded_from=at, **content)
    audit.record(action, by=by, of=licence, at=at, why=why, facts={"version": number})
    announce(changed, licence_id=licence.pk)

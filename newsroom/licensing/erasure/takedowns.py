"""Orders to shred a story. One person writes the order down, a second one confirms it; then it is done at once."""

from datetime import datetime

from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.core import audit, letting_go
from newsroom.core.audit import SYSTEM
from newsroom.core.errors import Refused
from newsroom.core.jobs import enqueue
from newsroom.core.letting_go import Removed, Shredding
from newsroom.licensing.models import Takedown
from newsroom.wire import actions as wire
from newsroom.wire import shredding
from newsroom.wire.models import Item
from newsroom.wire.rules import Signal


class BadOrder(Refused):
    """The order cannot be written down so. `field` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class OnePersonOnly(Refused):
    """Who wrote the order down cannot confirm it too."""


class Settled(Refused):
    """The order was refused or carried out before."""


@transaction.atomic
def ask(
    *,
    item: Item,
    version: int | None,
    reference: str,
    why: str,
    public_reason: str,
    status: int,
    blank_public: bool,
    by: User,
    at: datetime,
) -> Takedown:
    """Write an order down; nothing happens to the story yet. Raises `BadOrder`."""
    for field, words in (("reference", reference), ("why", why), ("public_reason", public_reason)):
        if not words.strip():
            raise BadOrder(field, _("An order needs this in words."))
    item = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if Takedown.objects.filter(item=item, state=Takedown.State.ASKED).exists():
        raise BadOrder("item", _("An order about this story waits already."))
    try:
        shredding.of_item(item, version)
    except Refused as refusal:
        raise BadOrder("version", str(refusal)) from None
    order = Takedown.objects.create(
        item=item,
        version=version,
        reference=reference.strip(),
        why=why.strip(),
        public_reason=public_reason.strip(),
        status=status,
        blank_public=blank_public,
        asked_by=by,
        asked_at=at,
    )
    audit.record("takedown.asked", by=by.actor, of=order, at=at, why=order.reference, facts={"item": item.pk})
    return order


@transaction.atomic
def confirm(*, order: Takedown, by: User, at: datetime) -> Takedown:
    """Carry the order out, whole or not at all. Again: nothing more. Raises `OnePersonOnly` or `Settled`."""
    order = Takedown.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if order.state == Takedown.State.DONE:
        return order
    if order.state != Takedown.State.ASKED:
        raise Settled(_("This order was refused."))
    if by.pk == order.asked_by_id:
        raise OnePersonOnly(_("Somebody else must confirm: two persons stand behind every takedown."))
    item = Item.objects.select_for_update(of=("self",)).get(pk=order.item_id)
    if order.version is None and item.signal != Signal.KILL:
        wire.kill(item=item, by=by.actor, note=order.public_reason, at=at)
    removed = _shred(order, item, at)
    order.state, order.settled_by, order.settled_at = Takedown.State.DONE, by, at
    order.removed, order.files = removed.rows, [list(each) for each in removed.files]
    order.save()
    facts = {"item": item.pk, "version": order.version, "removed": removed.rows, "files": len(removed.files)}
    audit.record("takedown.done", by=by.actor, of=order, at=at, why=order.reference, facts=facts)
    enqueue("licensing.delete_files", takedown_id=order.pk)
    return order


def _shred(order: Takedown, item: Item, at: datetime) -> Removed:
    letting_go.permit_erasure()
    releases = shredding.of_item(item, order.version)
    removed = shredding.shred(
        item=item,
        releases=releases,
        status=order.status,
        reason=order.public_reason,
        public=order.blank_public,
        at=at,
    )
    versions = tuple(each.version for each in releases)
    what = Shredding(item.pk, versions, every=order.version is None, public=order.blank_public, at=at)
    for let_go in letting_go.shredders():
        removed += let_go(what)
    return removed


@transaction.atomic
def refuse(*, order: Takedown, by: User, at: datetime, why: str) -> None:
    """Nothing is shredded. Raises `Settled` when it was already."""
    order = Takedown.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if order.state != Takedown.State.ASKED:
        raise Settled(_("This order is settled."))
    order.state, order.settled_by, order.settled_at = Takedown.State.REFUSED, by, at
    order.save()
    audit.record("takedown.refused", by=by.actor, of=order, at=at, why=why)


@transaction.atomic
def delete_files(*, takedown_id: int, at: datetime) -> int:
    """Delete the files an order left behind, but those another release holds. May run twice."""
    order = Takedown.objects.select_for_update(of=("self",)).get(pk=takedown_id)
    files = [(storage, name) for storage, name in order.files]
    if not files:
        return 0
    held = shredding.still_held(files)
    gone = [pair for pair in files if pair[1] not in held]
    for storage, name in gone:
        storages[storage].delete(name)
    Takedown.objects.filter(pk=order.pk).update(files=[])
    audit.record("takedown.files_deleted", by=SYSTEM, of=order, at=at, facts={"files": len(gone)})
    return len(gone)

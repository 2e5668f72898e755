"""What the public pages do when the wire moves."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from newsroom.accounts import visitors
from newsroom.accounts.models import User
from newsroom.core.clock import now
from newsroom.licensing import meter
from newsroom.licensing.models import Licence
from newsroom.licensing.rules import Source
from newsroom.licensing.signals import changed
from newsroom.portal import pages, sections
from newsroom.wire.models import Desk, Item, Release
from newsroom.wire.signals import released, shredded


@receiver(released, dispatch_uid="portal.forget_pages")
def forget_pages(*, release_id: int, **_: Any) -> None:
    made = Release.objects.select_related("item").only("signal", "item__slug").get(pk=release_id)
    pages.forget(slug=made.item.slug, withdrawn=not made.live)


@receiver(shredded, dispatch_uid="portal.forget_shredded")
def forget_shredded(*, item_id: int, **_: Any) -> None:
    pages.forget(slug=Item.objects.get(pk=item_id).slug, withdrawn=True)


@receiver([post_save, post_delete], sender=Desk, dispatch_uid="portal.forget_sections")
def forget_sections(**_: Any) -> None:
    sections.forget()


@receiver(changed, dispatch_uid="portal.forget_walls")
def forget_walls(*, licence_id: int, **_: Any) -> None:
    """The meter's offer stands on the pages that are kept for strangers."""
    if Licence.objects.filter(pk=licence_id, source=Source.METER).exists():
        pages.forget_walls()


@receiver(user_logged_in, dispatch_uid="portal.join_pools")
def join_pools(*, request: HttpRequest | None, user: User, **_: Any) -> None:
    """What this browser read by the meter before counts for the person from now on."""
    if request is not None and (visitor := visitors.visitor_of(request)):
        meter.join(user_id=user.pk, visitor=visitor, at=now())

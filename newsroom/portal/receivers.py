"""What the public pages do when the wire moves."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from newsroom.portal import pages, sections
from newsroom.wire.models import Desk, Release
from newsroom.wire.signals import released


@receiver(released, dispatch_uid="portal.forget_pages")
def forget_pages(*, release_id: int, **_: Any) -> None:
    made = Release.objects.select_related("item").only("signal", "item__slug").get(pk=release_id)
    pages.forget(slug=made.item.slug, withdrawn=not made.live)


@receiver([post_save, post_delete], sender=Desk, dispatch_uid="portal.forget_sections")
def forget_sections(**_: Any) -> None:
    sections.forget()

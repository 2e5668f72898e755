"""What the wire does when its own news arrives."""

from typing import Any

from django.dispatch import receiver

from newsroom.core.jobs import enqueue
from newsroom.wire.signals import products_changed


@receiver(products_changed)
def stamp_what_is_there(*, product_id: int, **_: Any) -> None:
    enqueue("wire.restamp", product_id=product_id)

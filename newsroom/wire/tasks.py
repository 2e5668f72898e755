"""Alarm clocks of the wire."""

from celery import shared_task
from django.db.models import Exists, OuterRef

from newsroom.core.clock import now
from newsroom.core.jobs import enqueue
from newsroom.wire import stamping
from newsroom.wire.models import ProductVersion, Stamp


@shared_task(name="wire.restamp")
def restamp(*, product_id: int) -> None:
    """To the end, a transaction for each range: a worker that dies loses one range, and the sweep finds the rest."""
    while stamping.advance(product_id=product_id, at=now()):
        pass


@shared_task(name="wire.sweep_stamps")
def sweep_stamps() -> None:
    left = ProductVersion.objects.replaced().filter(Exists(Stamp.objects.filter(version=OuterRef("pk"))))
    work = {each.product_id for found in (ProductVersion.objects.unfinished(), left) for each in found}
    for pk in sorted(work):
        enqueue("wire.restamp", product_id=pk)

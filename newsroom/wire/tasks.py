"""Alarm clocks of the wire."""

from celery import shared_task

from newsroom.core.clock import now
from newsroom.wire import actions
from newsroom.wire.models import Product


@shared_task(name="wire.restamp")
def restamp(*, product_id: int) -> None:
    actions.restamp(product=Product.objects.get(pk=product_id), at=now())

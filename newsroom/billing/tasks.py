"""Alarm clocks of billing."""

from celery import shared_task

from newsroom.billing import inbox, outbox, reconcile
from newsroom.billing.models import OutboxCall, StripeEvent
from newsroom.billing.purchases import gifts
from newsroom.billing.sync import sync as bring_up_to_date
from newsroom.core.clock import now
from newsroom.core.errors import TryAgain
from newsroom.core.jobs import enqueue

SWEEP = 500


@shared_task(name="billing.process_event")
def process_event(*, event_id: int) -> None:
    inbox.process(event_id=event_id, at=now())


@shared_task(name="billing.sweep_inbox")
def sweep_inbox() -> None:
    for pk in StripeEvent.objects.due(now()).order_by("next_attempt_at").values_list("pk", flat=True)[:SWEEP]:
        enqueue("billing.process_event", event_id=pk)


@shared_task(name="billing.send_outbox")
def send_outbox(*, call_id: int) -> None:
    outbox.retry(call_id=call_id, at=now())


@shared_task(name="billing.sweep_outbox")
def sweep_outbox() -> None:
    for pk in OutboxCall.objects.due(now()).order_by("next_attempt_at").values_list("pk", flat=True)[:SWEEP]:
        enqueue("billing.send_outbox", call_id=pk)


@shared_task(name="billing.sync", autoretry_for=(TryAgain,), retry_backoff=True, max_retries=5)
def sync(*, account_id: int) -> None:
    bring_up_to_date(account_id=account_id, at=now())


@shared_task(name="billing.reconcile")
def reconcile_events() -> None:
    reconcile.events(at=now())


@shared_task(name="billing.reconcile_objects")
def reconcile_objects() -> None:
    reconcile.objects(at=now())


@shared_task(name="billing.gifts_due")
def gifts_due() -> None:
    gifts.sweep(at=now())

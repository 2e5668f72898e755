"""Alarm clocks of billing."""

from celery import shared_task

from newsroom.billing import inbox, outbox, reconcile
from newsroom.billing.finance import book
from newsroom.billing.law import executing, prices, reminders
from newsroom.billing.models import Declaration, OutboxCall, StripeEvent
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


@shared_task(name="billing.execute_declaration", autoretry_for=(TryAgain,), retry_backoff=True, max_retries=5)
def execute_declaration(*, declaration_id: int) -> None:
    executing.execute(declaration_id=declaration_id, at=now())


@shared_task(name="billing.sweep_declarations")
def sweep_declarations() -> None:
    waiting = Declaration.objects.filter(confirmed_at__isnull=False, outcome="")
    for pk in waiting.values_list("pk", flat=True)[:SWEEP]:
        enqueue("billing.execute_declaration", declaration_id=pk)


@shared_task(name="billing.remind")
def remind() -> None:
    reminders.remind(at=now())


@shared_task(name="billing.carry_out_prices")
def carry_out_prices() -> None:
    prices.carry_out(at=now())


@shared_task(name="billing.write_book")
def write_book(*, account_id: int) -> None:
    book.write(account_id=account_id, at=now())


@shared_task(name="billing.sweep_books")
def sweep_books() -> None:
    for pk in book.behind().order_by("pk").values_list("pk", flat=True)[:SWEEP]:
        enqueue("billing.write_book", account_id=pk)


@shared_task(name="billing.gifts_due")
def gifts_due() -> None:
    gifts.sweep(at=now())

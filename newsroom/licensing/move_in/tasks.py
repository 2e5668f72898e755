"""Alarm clocks of moving in."""

from celery import shared_task

from newsroom.core.audit import Actor
from newsroom.core.clock import now
from newsroom.core.jobs import enqueue
from newsroom.licensing.models import MoveIn
from newsroom.licensing.move_in import actions


@shared_task(name="licensing.move_in", acks_late=True)
def move_in(*, batch_id: int) -> None:
    batch = MoveIn.objects.get(pk=batch_id)
    actions.run(batch=batch, by=Actor(None, batch.by_label), at=now())


@shared_task(name="licensing.sweep_move_in")
def sweep_move_in() -> None:
    """Batches whose task was lost or killed. Two at once do nothing twice."""
    for pk in MoveIn.objects.filter(state=MoveIn.State.RUNNING).values_list("pk", flat=True):
        enqueue("licensing.move_in", batch_id=pk)

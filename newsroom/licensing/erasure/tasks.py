"""Alarm clocks of takedowns and erasures."""

from celery import shared_task

from newsroom.core.clock import now
from newsroom.core.jobs import enqueue
from newsroom.licensing.erasure import persons, takedowns
from newsroom.licensing.models import PersonRequest, Takedown


@shared_task(name="licensing.delete_files")
def delete_files(*, takedown_id: int) -> None:
    takedowns.delete_files(takedown_id=takedown_id, at=now())


@shared_task(name="licensing.erase_person")
def erase_person(*, request_id: int) -> None:
    persons.run(request_id=request_id, at=now())


@shared_task(name="licensing.sweep_erasure")
def sweep_erasure() -> None:
    """What a lost task left: files of carried out orders, and erasures whose grace period is over."""
    for pk in Takedown.objects.exclude(files=[]).values_list("pk", flat=True)[:200]:
        enqueue("licensing.delete_files", takedown_id=pk)
    due = PersonRequest.objects.filter(state=PersonRequest.State.WAITING, runs_at__lte=now())
    for pk in due.values_list("pk", flat=True)[:200]:
        enqueue("licensing.erase_person", request_id=pk)

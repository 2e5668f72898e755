"""Alarm clocks of the desk."""

from celery import shared_task

from newsroom.content import actions
from newsroom.content.models import Schedule
from newsroom.core.clock import now
from newsroom.core.jobs import enqueue


@shared_task(name="content.publish_due")
def publish_due() -> None:
    """Each story by a task of its own: one that fails holds no other back."""
    for pk in Schedule.objects.due(now()).values_list("pk", flat=True)[:500]:
        enqueue("content.publish_scheduled", schedule_id=pk)


@shared_task(name="content.publish_scheduled")
def publish_scheduled(*, schedule_id: int) -> None:
    actions.publish_scheduled(schedule_id=schedule_id, at=now())

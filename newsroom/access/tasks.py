"""Alarm clocks of the gate."""

from celery import shared_task

from newsroom.access import changes
from newsroom.core.clock import now


@shared_task(name="access.sweep_changes")
def sweep_changes() -> None:
    changes.publish_soon()
    changes.prune(at=now())

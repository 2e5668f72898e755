"""Alarm clocks of the stand-in."""

from celery import shared_task

from newsroom.sandbox import actions, clock
from newsroom.sandbox.delivering import deliver_due


@shared_task(name="sandbox.deliver")
def deliver() -> None:
    deliver_due(clock.now())


@shared_task(name="sandbox.sweep")
def sweep() -> None:
    """Let time pass, then deliver what nobody was woken for."""
    actions.settle()
    deliver_due(clock.now())

"""Alarm clocks of licensing."""

from celery import shared_task

from newsroom.core.clock import now
from newsroom.core.jobs import enqueue
from newsroom.licensing.selling import trials


@shared_task(name="licensing.trial_notice")
def trial_notice(*, trial_id: int) -> None:
    trials.give_notice(trial_id=trial_id, at=now())


@shared_task(name="licensing.trial_summary")
def trial_summary(*, trial_id: int) -> None:
    trials.sum_up(trial_id=trial_id, at=now())


@shared_task(name="licensing.sweep_trials")
def sweep_trials() -> None:
    """Whose trial ends soon, and whose is over."""
    at = now()
    for pk in trials.ending(at).values_list("licence__trial", flat=True)[:500]:
        enqueue("licensing.trial_notice", trial_id=pk)
    for pk in trials.ended(at).values_list("licence__trial", flat=True)[:500]:
        enqueue("licensing.trial_summary", trial_id=pk)

"""The one way to start background work and to tell the rooms above: after the commit, and robustly."""

from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from django.dispatch import Signal
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def enqueue(name: str, **ids: int) -> None:
    """Start the named task once the surrounding transaction has committed.

    Raises `KeyError` at once for a name no task has. A dead broker is logged: the task's sweep finds the work.
    """
    task = current_app.tasks[name]
    transaction.on_commit(partial(_publish, task, ids), robust=True)


def _publish(task: object, ids: dict[str, int]) -> None:
    try:
        task.apply_async(kwargs=ids)  # type: ignore[attr-defined]  # celery ships no types
    except (OperationalError, OSError) as error:
        log.warning("broker_away", task=getattr(task, "name", ""), error=type(error).__name__, **ids)


def announce(signal: Signal, **ids: int) -> None:
    """Tell the apps above, once it is true."""
    transaction.on_commit(partial(signal.send_robust, sender=None, **ids), robust=True)

"""The Celery application. The database is the queue of record; Celery is the alarm clock."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.config.settings")

app = Celery("newsroom", set_as_current=True)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_connect_timeout": 2, "socket_timeout": 5, "visibility_timeout": 300},
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.1},
    beat_schedule={
        "access.sweep_changes": {"task": "access.sweep_changes", "schedule": 10.0},
        "content.publish_due": {"task": "content.publish_due", "schedule": 20.0},
        "wire.sweep_stamps": {"task": "wire.sweep_stamps", "schedule": 60.0},
        "core.sweep_mail": {"task": "core.sweep_mail", "schedule": 60.0},
        "billing.sweep_inbox": {"task": "billing.sweep_inbox", "schedule": 60.0},
        "billing.sweep_outbox": {"task": "billing.sweep_outbox", "schedule": 60.0},
        "billing.sweep_books": {"task": "billing.sweep_books", "schedule": 300.0},
        "licensing.sweep_trials": {"task": "licensing.sweep_trials", "schedule": 900.0},
        "billing.invoice_contracts": {"task": "billing.invoice_contracts", "schedule": 3600.0},
        "billing.dun_contracts": {"task": "billing.dun_contracts", "schedule": 900.0},
        "billing.gifts_due": {"task": "billing.gifts_due", "schedule": 300.0},
        "billing.reconcile": {"task": "billing.reconcile", "schedule": 600.0},
        "licensing.sweep_erasure": {"task": "licensing.sweep_erasure", "schedule": 600.0},
        "licensing.sweep_move_in": {"task": "licensing.sweep_move_in", "schedule": 600.0},
        "billing.reconcile_objects": {"task": "billing.reconcile_objects", "schedule": crontab(hour=3, minute=20)},
        "billing.sweep_declarations": {"task": "billing.sweep_declarations", "schedule": 300.0},
        "billing.remind": {"task": "billing.remind", "schedule": 3600.0},
        "billing.carry_out_prices": {"task": "billing.carry_out_prices", "schedule": 3600.0},
        "licensing.contracts_due": {"task": "licensing.contracts_due", "schedule": 300.0},
    },
)
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Celery brings its own unless somebody answers; ours is set up with the settings."""

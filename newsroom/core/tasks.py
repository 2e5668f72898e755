"""Alarm clocks of core."""

from celery import shared_task

from newsroom.core import mail
from newsroom.core.clock import now
from newsroom.core.jobs import enqueue
from newsroom.core.models import Message


@shared_task(name="core.send_mail")
def send_mail(*, message_id: int) -> None:
    mail.deliver(message_id=message_id, at=now())


@shared_task(name="core.sweep_mail")
def sweep_mail() -> None:
    for pk in Message.objects.due(now()).values_list("pk", flat=True)[:500]:
        enqueue("core.send_mail", message_id=pk)

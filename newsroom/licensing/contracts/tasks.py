"""Alarm clocks of contracts."""

from celery import shared_task
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from newsroom.core.clock import now
from newsroom.core.jobs import enqueue
from newsroom.licensing.contracts import actions
from newsroom.licensing.models import Contract, Quote

SWEEP = 500
OF_QUOTE = Contract.objects.filter(source_ref=Concat(Value("quote/"), Cast(OuterRef("pk"), CharField())))


@shared_task(name="licensing.contract_due")
def contract_due(*, contract_id: int) -> None:
    actions.due(contract_id=contract_id, at=now())


@shared_task(name="licensing.activate_quote")
def activate_quote(*, quote_id: int) -> None:
    actions.activate_quote(quote_id=quote_id, at=now())


@shared_task(name="licensing.contracts_due")
def contracts_due() -> None:
    """Notices, renewals, ends, changes that begin, reminders: the most overdue first. And accepted quotes nobody heard
    of."""
    for pk in Contract.objects.due(now()).order_by("next_at").values_list("pk", flat=True)[:SWEEP]:
        enqueue("licensing.contract_due", contract_id=pk)
    unheard = Quote.objects.filter(~Exists(OF_QUOTE), state=Quote.State.ACCEPTED)
    for pk in unheard.order_by("pk").values_list("pk", flat=True)[:SWEEP]:
        enqueue("licensing.activate_quote", quote_id=pk)

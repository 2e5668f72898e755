"""Alarm clocks of invoices to organisations."""

from celery import shared_task

from newsroom.billing.invoicing import dunning, runs
from newsroom.billing.models import ContractBilling
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.core.jobs import enqueue


@shared_task(name="billing.invoice_contracts")
def invoice_contracts() -> None:
    """Everything due today is written and sent; what broke off yesterday goes on."""
    runs.run(by=SYSTEM, at=now())


@shared_task(name="billing.dun_contract")
def dun_contract(*, billing_id: int) -> None:
    dunning.settle(billing_id=billing_id, at=now())


@shared_task(name="billing.dun_contracts")
def dun_contracts() -> None:
    for pk in ContractBilling.objects.order_by("pk").values_list("pk", flat=True):
        enqueue("billing.dun_contract", billing_id=pk)

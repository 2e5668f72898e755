"""Nobody pays twice: a second subscription of one account is ended, and what was paid for it goes back."""

from datetime import datetime

from newsroom.billing import outbox
from newsroom.billing.models import Account, Invoice, OutboxCall, Payment, Subscription
from newsroom.billing.states import LIVE
from newsroom.core import audit
from newsroom.core.audit import SYSTEM
from newsroom.core.jobs import enqueue
from newsroom.licensing import actions as licensing
from newsroom.licensing.models import Licence
from newsroom.licensing.rules import Source

ANSWERED = (OutboxCall.State.QUEUED, OutboxCall.State.DONE)


def undo(account: Account, subscription: Subscription, at: datetime) -> None:
    """The later subscription is ended at Stripe at once, and its money goes back; staff finds it in the audit log."""
    if subscription.status in LIVE:
        _end(account, subscription, at)
    for licence in Licence.objects.filter(source=Source.PLAN, source_ref=subscription.stripe_id):
        licensing.end(licence=licence, by=SYSTEM, at=at, why="a second subscription of one account")
    invoices = Invoice.objects.filter(subscription_ref=subscription.stripe_id).values("stripe_id")
    for payment in Payment.objects.filter(invoice_ref__in=invoices, status="succeeded", disputed=False):
        if payment.refunded_minor < payment.amount_minor:
            _give_back(account, payment, subscription, at)


def _end(account: Account, subscription: Subscription, at: datetime) -> None:
    params = {"subject": subscription.stripe_id}
    if _asked("subscription.cancel", account, params__subject=subscription.stripe_id):
        return
    audit.record("billing.second_subscription", by=SYSTEM, of=subscription, at=at, why=subscription.stripe_id)
    call = outbox.ask(operation="subscription.cancel", params=params, account=account, at=at)
    enqueue("billing.send_outbox", call_id=call.pk)


def _give_back(account: Account, payment: Payment, subscription: Subscription, at: datetime) -> None:
    if _asked("refund.create", account, params__charge=payment.stripe_id, params__metadata__decided="double"):
        return
    params = {
        "charge": payment.stripe_id,
        "reason": "duplicate",
        "metadata": {"decided": "double", "subscription": subscription.stripe_id},
    }
    audit.record("billing.double_payment_refunded", by=SYSTEM, of=payment, at=at, why=str(payment.amount))
    call = outbox.ask(operation="refund.create", params=params, account=account, at=at)
    enqueue("billing.send_outbox", call_id=call.pk)


def _asked(operation: str, account: Account, **where: object) -> bool:
    return OutboxCall.objects.filter(operation=operation, account=account, state__in=ANSWERED, **where).exists()

"""What follows when money went back, or the bank asks for it: the right by the state table, a task for staff, mail."""

from datetime import datetime

from newsroom.billing.effects import subscriptions, telling
from newsroom.billing.effects.taken import GONE
from newsroom.billing.mirror import Change
from newsroom.billing.models import Account, Dispute, Invoice, Matter, Payment, Purchase, Refund, Subscription
from newsroom.billing.purchases import fulfilling
from newsroom.billing.states import OVER, TO_ANSWER
from newsroom.core import audit
from newsroom.core.audit import SYSTEM

DECIDED = "decided"  # metadata of refunds about which nobody is to be asked


def follow_payment(account: Account, change: Change, at: datetime) -> None:
    """More or less of it is ours than before: the right follows."""
    _rights(account, change.now, at)


def follow_refund(account: Account, change: Change, at: datetime) -> None:
    """The right follows; who paid is told; staff decides about a part."""
    refund: Refund = change.now
    payment = Payment.objects.filter(stripe_id=refund.charge_ref).first()
    if payment is None:
        return
    _rights(account, payment, at)
    if refund.status in GONE:
        _open(account, Matter.Kind.REFUND_FAILED, refund, refund.created_at)
        return
    telling.refunded(account, refund, payment, at)
    if payment.refunded_minor >= payment.amount_minor:
        _overtaken(payment, at)
    elif DECIDED not in refund.metadata:
        _open(account, Matter.Kind.PARTIAL_REFUND, refund, refund.created_at)


def follow_dispute(account: Account, change: Change, at: datetime) -> None:
    """The right rests while it is open, and comes back or ends; staff is asked for an answer, once."""
    dispute: Dispute = change.now
    payment = Payment.objects.filter(stripe_id=dispute.charge_ref).first()
    if payment is not None:
        _rights(account, payment, at)
    matter = Matter.objects.filter(kind=Matter.Kind.DISPUTE, ref=dispute.stripe_id)
    if dispute.status in TO_ANSWER:
        _open(account, Matter.Kind.DISPUTE, dispute, dispute.created_at, due_at=dispute.respond_by)
        telling.disputed(account, dispute, at)
    else:
        matter.filter(settled_at=None).update(settled_at=at, decision=Matter.Decision.OVERTAKEN)
    if dispute.status in OVER:
        telling.decided(account, dispute, at)


def _rights(account: Account, payment: Payment, at: datetime) -> None:
    """What this payment was for says again what it gives."""
    if account.user is None:  # what an organisation pays for stands in its contract
        return
    for purchase in Purchase.objects.filter(account=account, intent_ref=payment.intent_ref).exclude(intent_ref=""):
        fulfilling.review(account, purchase, at)
    invoice = Invoice.objects.filter(stripe_id=payment.invoice_ref).first() if payment.invoice_ref else None
    if invoice is None or not invoice.subscription_ref:
        return
    held = Subscription.objects.filter(account=account, stripe_id=invoice.subscription_ref).first()
    if held is not None:
        subscriptions.stand(account, held, at)


def _open(
    account: Account, kind: str, about: Refund | Dispute, since: datetime, due_at: datetime | None = None
) -> None:
    matter, made = Matter.objects.get_or_create(
        kind=kind,
        ref=about.stripe_id,
        defaults={
            "account": account,
            "charge_ref": about.charge_ref,
            "amount_minor": about.amount_minor,
            "currency": about.currency,
            "opened_at": since,
            "due_at": due_at,
        },
    )
    if made:
        audit.record(f"billing.{kind}", by=SYSTEM, of=matter, at=since, why=str(about.amount))


def _overtaken(payment: Payment, at: datetime) -> None:
    """The rest went back too: there is nothing left to decide about a part."""
    parts = Matter.objects.filter(kind=Matter.Kind.PARTIAL_REFUND, charge_ref=payment.stripe_id, settled_at=None)
    parts.update(settled_at=at, decision=Matter.Decision.OVERTAKEN)

"""What was taken back of the money for a subscription or a purchase, read off our copy: the same whenever it is asked."""

from collections.abc import Iterable
from datetime import datetime

from newsroom.billing.models import Dispute, Invoice, Payment, Purchase, Refund, Subscription
from newsroom.billing.states import Claim, Taken, claim

GONE = frozenset({"failed", "canceled"})  # refunds that gave nothing back


def of_subscription(subscription: Subscription) -> Taken:
    """Disputes of anything paid for it; refunds only of what was paid for the period it is in."""
    invoices = list(Invoice.objects.filter(subscription_ref=subscription.stripe_id).exclude(status="draft"))
    paid = _paid(invoice_ref__in=[each.stripe_id for each in invoices])
    running = {each.stripe_id for each in _of_last_period(invoices)}
    return _taken(paid, [each for each in paid if each.invoice_ref in running])


def of_purchase(purchase: Purchase) -> Taken:
    """Of what was paid once."""
    paid = _paid(intent_ref=purchase.intent_ref) if purchase.intent_ref else []
    return _taken(paid, paid)


def _paid(**where: object) -> list[Payment]:
    return list(Payment.objects.filter(status="succeeded", **where))


def _of_last_period(invoices: Iterable[Invoice]) -> list[Invoice]:
    """Those for the last period that was paid for; a change within a period is none."""
    ends = {each.stripe_id: _end(each) for each in invoices if each.status == "paid"}
    last = max((end for end in ends.values() if end is not None), default=None)
    return [each for each in invoices if last is not None and ends.get(each.stripe_id) == last]


def _end(invoice: Invoice) -> int | None:
    ends = [int(line["period_end"]) for line in invoice.lines if not line["proration"]]
    return max(ends, default=None)


def _taken(paid: list[Payment], running: list[Payment]) -> Taken:
    disputes = Dispute.objects.filter(charge_ref__in=[each.stripe_id for each in paid])
    claims = [(claim(each.status), each.created_at) for each in disputes]
    lost = [at for found, at in claims if found is Claim.LOST]
    return Taken(
        held=any(found is Claim.HELD for found, _at in claims),
        lost_at=min(lost, default=None),
        refunded_at=_given_back(running),
    )


def _given_back(paid: list[Payment]) -> datetime | None:
    """When the last of it went back; None while anything of it is ours."""
    if not paid or any(each.refunded_minor < each.amount_minor for each in paid):
        return None
    refunds = Refund.objects.filter(charge_ref__in=[each.stripe_id for each in paid]).exclude(status__in=GONE)
    return max((each.created_at for each in refunds), default=None)

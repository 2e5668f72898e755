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
    charges = [each.stripe_id for each in paid]
    disputes = Dispute.objects.filter(charge_ref__in=charges)
    refunds = Refund.objects.filter(charge_ref__in=charges).exclude(status__in=GONE)
    return _taken(paid, [each for each in paid if each.invoice_ref in running], disputes, refunds)


def of_purchase(purchase: Purchase) -> Taken:
    """Of what was paid once."""
    return of_purchases([purchase])[purchase.pk]


def of_purchases(purchases: list[Purchase]) -> dict[int, Taken]:
    """Of each that was paid once, by its key. Asks three questions, however many they are."""
    paid = _paid(intent_ref__in=[each.intent_ref for each in purchases if each.intent_ref])
    charges = [each.stripe_id for each in paid]
    disputes = list(Dispute.objects.filter(charge_ref__in=charges))
    refunds = list(Refund.objects.filter(charge_ref__in=charges).exclude(status__in=GONE))
    found = {}
    for purchase in purchases:
        own = [each for each in paid if each.intent_ref == purchase.intent_ref]
        found[purchase.pk] = _taken(own, own, disputes, refunds)
    return found


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


def _taken(
    paid: list[Payment], running: list[Payment], disputes: Iterable[Dispute], refunds: Iterable[Refund]
) -> Taken:
    charges = {each.stripe_id for each in paid}
    claims = [(claim(each.status), each.created_at) for each in disputes if each.charge_ref in charges]
    lost = [at for found, at in claims if found is Claim.LOST]
    return Taken(
        held=any(found is Claim.HELD for found, _at in claims),
        lost_at=min(lost, default=None),
        refunded_at=_given_back(running, refunds),
    )


def _given_back(paid: list[Payment], refunds: Iterable[Refund]) -> datetime | None:
    """When the last of it went back; None while anything of it is ours."""
    if not paid or any(each.refunded_minor < each.amount_minor for each in paid):
        return None
    charges = {each.stripe_id for each in paid}
    return max((each.created_at for each in refunds if each.charge_ref in charges), default=None)

"""What they pay: a thin copy of what Stripe knows, and the two queues between Stripe and us."""

from newsroom.billing.models.account import Account
from newsroom.billing.models.company import Company
from newsroom.billing.models.invoice import CreditNote, Invoice
from newsroom.billing.models.order import GiftPlan, Order
from newsroom.billing.models.payment import Dispute, Payment, Purchase, Refund
from newsroom.billing.models.queue import OutboxCall, Reconcile, StripeEvent
from newsroom.billing.models.subscription import Subscription

__all__ = [
    "Account",
    "Company",
    "CreditNote",
    "Dispute",
    "GiftPlan",
    "Invoice",
    "Order",
    "OutboxCall",
    "Payment",
    "Purchase",
    "Reconcile",
    "Refund",
    "StripeEvent",
    "Subscription",
]

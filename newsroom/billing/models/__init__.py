"""What they pay: a thin copy of what Stripe knows, and the two queues between Stripe and us."""

from newsroom.billing.models.account import Account
from newsroom.billing.models.book import Book, ChartAccount, ClosedMonth, Entry, JournalLine, Span, TaxLine
from newsroom.billing.models.changing import Trial, WinBack
from newsroom.billing.models.company import Company
from newsroom.billing.models.invoice import CreditNote, Invoice
from newsroom.billing.models.invoicing import (
    BankPayment,
    BilledOverage,
    BillingDetails,
    ContractBilling,
    DunningStep,
    InvoiceOrder,
    InvoicePlan,
    InvoiceRun,
    OrderStep,
)
from newsroom.billing.models.law import Declaration, PriceChange, PriceNotice
from newsroom.billing.models.matter import Matter
from newsroom.billing.models.order import GiftPlan, Order
from newsroom.billing.models.payment import Dispute, Payment, Purchase, Refund
from newsroom.billing.models.queue import OutboxCall, Reconcile, StripeEvent
from newsroom.billing.models.subscription import Subscription

__all__ = [
    "Account",
    "BankPayment",
    "BilledOverage",
    "BillingDetails",
    "Book",
    "ChartAccount",
    "ClosedMonth",
    "Company",
    "ContractBilling",
    "CreditNote",
    "Declaration",
    "Dispute",
    "DunningStep",
    "Entry",
    "GiftPlan",
    "Invoice",
    "InvoiceOrder",
    "InvoicePlan",
    "InvoiceRun",
    "JournalLine",
    "Matter",
    "Order",
    "OrderStep",
    "OutboxCall",
    "Payment",
    "PriceChange",
    "PriceNotice",
    "Purchase",
    "Reconcile",
    "Refund",
    "Span",
    "StripeEvent",
    "Subscription",
    "TaxLine",
    "Trial",
    "WinBack",
]

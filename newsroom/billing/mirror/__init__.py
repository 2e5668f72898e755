"""Our thin copy of Stripe's objects: what Stripe says, in our columns. Only `sync` writes it."""

from newsroom.billing.mirror.invoices import credit_note_facts, invoice_facts
from newsroom.billing.mirror.payments import dispute_facts, payment_facts, purchase_facts, refund_facts
from newsroom.billing.mirror.subscriptions import subscription_facts
from newsroom.billing.mirror.writing import VOLATILE, Change, Changes, account_facts, differs, write

__all__ = [
    "VOLATILE",
    "Change",
    "Changes",
    "account_facts",
    "credit_note_facts",
    "differs",
    "dispute_facts",
    "invoice_facts",
    "payment_facts",
    "purchase_facts",
    "refund_facts",
    "subscription_facts",
    "write",
]

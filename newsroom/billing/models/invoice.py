"""What was billed, and what was taken back of it. Numbers, totals and PDFs are Stripe's; nothing is computed here."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.billing.models.account import Account
from newsroom.billing.querysets import InvoiceQuerySet
from newsroom.core.money import Money


class Invoice(models.Model):
    """Our copy of one invoice. Its number, totals and PDF are Stripe's; nothing is computed here."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invoices")
    stripe_id = models.CharField(max_length=255, unique=True)
    subscription_ref = models.CharField(max_length=255, blank=True, db_index=True)
    number = models.CharField(_("number"), max_length=100, blank=True)
    status = models.CharField(_("state"), max_length=40)
    total_minor = models.BigIntegerField(_("total"))
    currency = models.CharField(_("currency"), max_length=3)
    lines = models.JSONField(_("lines"), default=list)
    hosted_url = models.CharField(max_length=2000, blank=True)
    pdf_url = models.CharField(max_length=2000, blank=True)
    period_start = models.DateTimeField(_("from"))
    period_end = models.DateTimeField(_("until"))
    created_at = models.DateTimeField(_("created"))
    finalised_at = models.DateTimeField(_("final since"), null=True)
    paid_at = models.DateTimeField(_("paid"), null=True)
    attempted = models.BooleanField(default=False)
    reason = models.CharField(_("reason"), max_length=60, blank=True)  # Stripe's billing_reason
    collection = models.CharField(_("collected by"), max_length=30, default="charge_automatically")
    subtotal_minor = models.BigIntegerField(_("before discount and tax"), default=0)
    discount_minor = models.BigIntegerField(_("discount"), default=0)
    tax_minor = models.BigIntegerField(_("tax"), default=0)
    due_minor = models.BigIntegerField(_("to pay"), default=0)  # after balance and credit
    paid_minor = models.BigIntegerField(_("paid so far"), default=0)
    remaining_minor = models.BigIntegerField(_("still to pay"), default=0)
    credited_minor = models.BigIntegerField(_("credited"), default=0)  # by credit notes, before and after payment
    due_at = models.DateTimeField(_("due on"), null=True)
    voided_at = models.DateTimeField(_("void since"), null=True)
    uncollectible_at = models.DateTimeField(_("given up on"), null=True)
    tax_country = models.CharField(_("country of taxation"), max_length=2, blank=True)
    contract_ref = models.CharField(_("contract"), max_length=60, blank=True, db_index=True)  # metadata.contract
    metadata = models.JSONField(default=dict)
    raw = models.JSONField()

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        indexes = [models.Index(fields=["account", "-created_at"], name="invoice_newest")]

    def __str__(self) -> str:
        return self.number or self.stripe_id

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def remaining(self) -> Money:
        return Money(self.remaining_minor, self.currency)

    def overdue(self, at: datetime) -> bool:
        """Open, and its day of payment is over."""
        return self.status == "open" and self.due_at is not None and self.due_at < at


class CreditNote(models.Model):
    """Our copy of one credit note: an invoice that is final is not changed, it is credited."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credit_notes")
    stripe_id = models.CharField(max_length=255, unique=True)
    invoice_ref = models.CharField(max_length=255, db_index=True)
    number = models.CharField(_("number"), max_length=100)
    status = models.CharField(_("state"), max_length=40)
    kind = models.CharField(_("kind"), max_length=40)  # Stripe's type: pre_payment, post_payment, mixed
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    memo = models.TextField(_("memo"), blank=True)
    total_minor = models.BigIntegerField(_("total"))
    tax_minor = models.BigIntegerField(_("tax"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    lines = models.JSONField(_("lines"), default=list)
    pdf_url = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField(_("created"))
    voided_at = models.DateTimeField(_("void since"), null=True)
    raw = models.JSONField()

    class Meta:
        verbose_name = _("credit note")
        verbose_name_plural = _("credit notes")
        indexes = [models.Index(fields=["account", "-created_at"], name="credit_note_newest")]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

"""Money that moved, and money that moved back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.billing.models.account import Account
from newsroom.core.money import Money


class Moved(models.Model):
    """What each movement of money has."""

    stripe_id = models.CharField(max_length=255, unique=True)
    status = models.CharField(_("state"), max_length=40)
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    created_at = models.DateTimeField(_("created"))
    raw = models.JSONField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.stripe_id} {self.amount} {self.status}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Payment(Moved):
    """Our copy of one charge: succeeded, pending or failed."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payments")
    intent_ref = models.CharField(max_length=255, blank=True, db_index=True)
    invoice_ref = models.CharField(max_length=255, blank=True, db_index=True)
    method = models.CharField(_("method"), max_length=40, blank=True)  # card, customer_balance …
    card = models.CharField(_("card"), max_length=60, blank=True)  # "visa 4242"
    fingerprint = models.CharField(max_length=100, blank=True, db_index=True)  # one card, whoever pays with it
    failure = models.CharField(_("refused because"), max_length=100, blank=True)
    refunded_minor = models.BigIntegerField(_("refunded"), default=0)
    disputed = models.BooleanField(_("disputed"), default=False)

    @property
    def refunded(self) -> Money:
        return Money(self.refunded_minor, self.currency)

    class Meta(Moved.Meta):
        abstract = False
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        indexes = [models.Index(fields=["account", "-created_at"], name="payment_newest")]


class Refund(Moved):
    """Our copy of one refund."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="refunds")
    charge_ref = models.CharField(max_length=255, blank=True, db_index=True)
    intent_ref = models.CharField(max_length=255, blank=True, db_index=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    metadata = models.JSONField(default=dict)

    class Meta(Moved.Meta):
        abstract = False
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")


class Dispute(Moved):
    """Our copy of one dispute: the holder of the card asks the bank for the money back."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="disputes")
    charge_ref = models.CharField(max_length=255, db_index=True)
    intent_ref = models.CharField(max_length=255, blank=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    respond_by = models.DateTimeField(_("answer by"), null=True)

    class Meta(Moved.Meta):
        abstract = False
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")


class Purchase(models.Model):
    """Our copy of one Checkout that is paid once: a day pass, one story, a gift. `metadata` is what we wrote on it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="purchases")
    stripe_id = models.CharField(max_length=255, unique=True)
    kind = models.CharField(_("kind"), max_length=40)  # metadata.kind: day_pass, story, gift
    status = models.CharField(_("state"), max_length=40)  # open, complete, expired
    payment_status = models.CharField(_("payment"), max_length=40)  # paid, unpaid, no_payment_required
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    intent_ref = models.CharField(max_length=255, blank=True, db_index=True)
    invoice_ref = models.CharField(max_length=255, blank=True, db_index=True)
    metadata = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("created"))
    raw = models.JSONField()

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        indexes = [models.Index(fields=["account", "-created_at"], name="purchase_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.stripe_id}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

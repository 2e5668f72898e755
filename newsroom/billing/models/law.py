"""What consumers declare, and what they were told before a price changed."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import User
from newsroom.billing.models.account import Account
from newsroom.core.money import Money


class Declaration(models.Model):
    """A withdrawal or a cancellation, as it was declared. Its time is that of the second step, whatever comes after."""

    class Kind(models.TextChoices):
        WITHDRAW = "withdraw", _("withdrawal")
        CANCEL = "cancel", _("cancellation")

    class Outcome(models.TextChoices):
        WITHDRAWN = "withdrawn", _("withdrawn")
        CANCELLED = "cancelled", _("ends with its period")
        LATE = "late", _("after the period: ends with its period")
        NOTHING = "nothing", _("no contract that runs")

    nonce = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"), max_length=254, db_index=True)
    contract = models.CharField(_("contract"), max_length=200, blank=True)
    locale = models.CharField(max_length=10)
    declared_at = models.DateTimeField(_("declared"))
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  # null is not unique
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    subscription_ref = models.CharField(max_length=255, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    deadline_at = models.DateTimeField(_("could be withdrawn until"), null=True)
    refund_minor = models.BigIntegerField(_("to be refunded"), default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    class Meta:
        verbose_name = _("declaration")
        verbose_name_plural = _("declarations")
        indexes = [models.Index(fields=["-declared_at"], name="declaration_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.nonce}"

    @property
    def refund(self) -> Money | None:
        return Money(self.refund_minor, self.currency) if self.refund_minor else None


class PriceChange(models.Model):
    """A price that those who pay it were told of, and pay from their first renewal after it holds."""

    lookup_key = models.CharField(_("price"), max_length=200)
    old_minor = models.BigIntegerField(_("so far"))
    new_minor = models.BigIntegerField(_("then"))
    currency = models.CharField(_("currency"), max_length=3)
    announced_at = models.DateTimeField(_("announced"))
    holds_from = models.DateTimeField(_("holds from"))

    class Meta:
        verbose_name = _("change of a price")
        verbose_name_plural = _("changes of prices")
        constraints = [models.UniqueConstraint(fields=["lookup_key", "holds_from"], name="price_change_once")]

    def __str__(self) -> str:
        return f"{self.lookup_key} {self.old} → {self.new}"

    @property
    def old(self) -> Money:
        return Money(self.old_minor, self.currency)

    @property
    def new(self) -> Money:
        return Money(self.new_minor, self.currency)


class PriceNotice(models.Model):
    """One subscription was told of a change, on time; and from when it pays the new price."""

    change = models.ForeignKey(PriceChange, on_delete=models.PROTECT, related_name="notices")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="price_notices")
    subscription_ref = models.CharField(max_length=255)
    told_at = models.DateTimeField(_("told"))
    from_at = models.DateTimeField(_("pays it from"))
    asked_at = models.DateTimeField(_("changed at Stripe"), null=True)

    class Meta:
        verbose_name = _("notice of a price")
        verbose_name_plural = _("notices of prices")
        constraints = [models.UniqueConstraint(fields=["change", "subscription_ref"], name="price_notice_once")]

    def __str__(self) -> str:
        return f"{self.subscription_ref} {self.change_id}"

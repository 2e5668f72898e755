"""What staff must decide about money that goes back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import User
from newsroom.billing.models.account import Account
from newsroom.core.money import Money


class Matter(models.Model):
    """One thing that waits for a decision. `ref` is the refund, dispute or declaration it is about."""

    class Kind(models.TextChoices):
        PARTIAL_REFUND = "partial_refund", _("part of a payment went back")
        REFUND_FAILED = "refund_failed", _("a refund did not arrive")
        DISPUTE = "dispute", _("a payment is disputed")
        DECLARATION = "declaration", _("a declaration is not confirmed")

    class Decision(models.TextChoices):
        KEEP = "keep", _("nothing changes")
        PERIOD_END = "period_end", _("ends with its period")
        NOW = "now", _("ended at once")
        DONE = "done", _("done")
        OVERTAKEN = "overtaken", _("settled by what came after")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="matters")
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    ref = models.CharField(_("about"), max_length=255)
    charge_ref = models.CharField(max_length=255, blank=True)
    amount_minor = models.BigIntegerField(_("amount"), default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    opened_at = models.DateTimeField(_("since"))
    due_at = models.DateTimeField(_("until"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.CharField(_("decision"), max_length=12, choices=Decision.choices, blank=True)
    note = models.CharField(_("reason"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("matter of money")
        verbose_name_plural = _("matters of money")
        constraints = [
            models.UniqueConstraint(fields=["kind", "ref"], name="matter_once"),
            models.CheckConstraint(
                name="matter_settled_with_a_decision",
                condition=Q(settled_at=None, decision="") | (Q(settled_at__isnull=False) & ~Q(decision="")),
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(settled_at=None), name="matter_open")]
        permissions = [("give_money_back", "May refund, credit, answer disputes and decide about them")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"

    @property
    def amount(self) -> Money | None:
        return Money(self.amount_minor, self.currency) if self.currency else None

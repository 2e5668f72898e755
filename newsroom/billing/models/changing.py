"""What one reader has once: a trial, and an offer to come back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.billing.models.account import Account


class Trial(models.Model):
    """A trial that was had: one for each reader, and one for each card, whoever pays with it."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="trial")
    card = models.CharField(_("card"), max_length=100, unique=True, null=True)  # noqa: DJ001  # null is not unique
    subscription_ref = models.CharField(max_length=255)
    began_at = models.DateTimeField(_("began"))

    class Meta:
        verbose_name = _("trial")
        verbose_name_plural = _("trials")

    def __str__(self) -> str:
        return f"{self.account} {self.began_at:%Y-%m-%d}"


class WinBack(models.Model):
    """The offer made to a reader who left: a promotion code of their own, once."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="win_back")
    promotion_ref = models.CharField(max_length=255)
    offered_at = models.DateTimeField(_("offered"))

    class Meta:
        verbose_name = _("offer to come back")
        verbose_name_plural = _("offers to come back")

    def __str__(self) -> str:
        return f"{self.account} {self.offered_at:%Y-%m-%d}"

"""Who pays."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import Organisation, User
from newsroom.billing.querysets import AccountQuerySet


class Account(models.Model):
    """A person or an organisation that pays: the customer at Stripe.

    `version` rises with every sync, so that a stale one is seen. `credit_minor` is what Stripe owes the customer.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="billing_account", null=True)
    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="billing_account", null=True
    )
    stripe_customer_id = models.CharField(max_length=255, unique=True, null=True)  # noqa: DJ001  # null is not unique
    version = models.PositiveIntegerField(default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    credit_minor = models.BigIntegerField(_("credit"), default=0)
    open_checkout = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(_("created"))
    synced_at = models.DateTimeField(_("compared with Stripe"), null=True)
    raw = models.JSONField(default=dict)  # the customer as Stripe said it last

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("paying account")
        verbose_name_plural = _("paying accounts")
        constraints = [
            models.CheckConstraint(
                name="account_of_one_holder",
                condition=Q(user__isnull=False, organisation=None) | Q(user=None, organisation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.holder)

    @property
    def holder(self) -> User | Organisation:
        """Who pays."""
        held = self.user or self.organisation
        assert held is not None  # the database's own constraint
        return held

"""Who an invoice is for: company, address, VAT id, and what the register says of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.billing.models.account import Account


class Company(models.Model):
    """The company data of an account, as the buyer wrote it. Verification is the register's word, read from Stripe."""

    class Standing(models.TextChoices):
        NONE = "", _("no VAT ID")
        PENDING = "pending", _("being verified")
        VERIFIED = "verified", _("verified")
        UNVERIFIED = "unverified", _("not confirmed by the register")
        UNAVAILABLE = "unavailable", _("no register to ask")

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="company")
    name = models.CharField(_("company"), max_length=150)
    line1 = models.CharField(_("address"), max_length=200)
    line2 = models.CharField(_("address, second line"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100)
    country = models.CharField(_("country"), max_length=2)
    vat_id = models.CharField(_("VAT ID"), max_length=40, blank=True)
    vat_kind = models.CharField(max_length=20, blank=True)
    po_number = models.CharField(_("your order number"), max_length=30, blank=True)
    stripe_tax_id = models.CharField(max_length=255, blank=True)
    standing = models.CharField(_("VAT ID is"), max_length=12, choices=Standing.choices, blank=True)
    verified_name = models.CharField(_("name in the register"), max_length=300, blank=True)
    accepted_why = models.TextField(_("accepted by staff because"), blank=True)
    accepted_by = models.CharField(max_length=200, blank=True)
    flagged_at = models.DateTimeField(_("struck off"), null=True)  # verified once, and no longer
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("company data")
        verbose_name_plural = _("company data")
        constraints = [
            models.CheckConstraint(
                name="company_accepted_with_a_reason",
                condition=Q(accepted_by="", accepted_why="") | (~Q(accepted_by="") & ~Q(accepted_why="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def trusted(self) -> bool:
        """Its VAT id was verified, or staff accepted it."""
        return bool(self.vat_id) and (self.standing == self.Standing.VERIFIED or bool(self.accepted_by))

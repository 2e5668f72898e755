"""Evidence packs: who received which version, how, under which clause. Rows are only ever added."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import Organisation
from newsroom.licensing.models.document import Document
from newsroom.wire.models import Item


class EvidencePack(models.Model):
    """One pack as it was made: what was asked, its rows, the digest of its file. A trigger refuses to change it."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="pack", verbose_name=_("document"))
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("item"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("customer")
    )
    starts_at = models.DateTimeField(_("from"), null=True)
    ends_at = models.DateTimeField(_("until"))
    rows = models.PositiveBigIntegerField(_("rows"))
    anonymous = models.PositiveBigIntegerField(_("anonymous uses, only counted"))
    digest = models.CharField("SHA-256", max_length=64)
    file = models.CharField(max_length=200)
    made_by = models.CharField(_("made by"), max_length=200)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("evidence pack")
        verbose_name_plural = _("evidence packs")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(item__isnull=False) | models.Q(organisation__isnull=False), name="evidence_of_one"
            )
        ]

    def __str__(self) -> str:
        return self.document.number

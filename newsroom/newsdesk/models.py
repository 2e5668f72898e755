"""What staff write down about customers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import Organisation, User


class Note(models.Model):
    """What a colleague should know of a customer. Notes are added, never changed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="notes")
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="notes")
    text = models.TextField(_("note"), max_length=4000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation=None, person__isnull=False) | Q(organisation__isnull=False, person=None),
                name="note_on_one_customer",
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "-at"], name="note_on_organisation"),
            models.Index(fields=["person", "-at"], name="note_on_person"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

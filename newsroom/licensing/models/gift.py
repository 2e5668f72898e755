"""A link by which a reader gives a story to others. The right itself is its licence's."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import User
from newsroom.licensing.models.licence import Licence
from newsroom.wire.models import Item


class Gift(models.Model):
    """Who gave which story, for how long and how many. Only `revoked_at` ever changes; the token is kept nowhere."""

    licence = models.OneToOneField(Licence, on_delete=models.PROTECT, related_name="gift")
    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="gifts")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    views = models.PositiveIntegerField(_("readers at most"))
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        verbose_name = _("gift link")
        verbose_name_plural = _("gift links")
        constraints = [
            models.CheckConstraint(condition=Q(views__gte=1), name="gift_for_a_reader"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="gift_expires_after_it_is_made"),
        ]
        indexes = [models.Index(fields=["giver", "-made_at"], name="gift_of_giver")]

    def __str__(self) -> str:
        return f"{self.giver_id} → {self.item_id}"

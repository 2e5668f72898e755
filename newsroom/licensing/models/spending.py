"""What was counted against quotas. The counters stand beside the ledger and are moved in one statement with it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import Organisation, User
from newsroom.licensing.models.licence import Licence
from newsroom.licensing.rules import Period, Use
from newsroom.wire.models import Item


class Counter(models.Model):
    """How much of a quota is used in one period.

    `pool`: whose it is; empty for all who hold the licence together. `limit`: what the licence allowed when it was
    last moved. `overage`: those among `used` that somebody paid for.
    """

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="counters")
    use = models.CharField(max_length=12, choices=Use.choices)
    period = models.CharField(max_length=10, choices=Period.choices)
    starts_at = models.DateTimeField()
    pool = models.CharField(max_length=64, blank=True)
    used = models.PositiveIntegerField()
    limit = models.PositiveIntegerField()
    overage = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        constraints = [
            models.UniqueConstraint(fields=["licence", "use", "period", "starts_at", "pool"], name="counter_once"),
            models.CheckConstraint(condition=Q(used__lte=F("limit") + F("overage")), name="counter_never_overdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.use} {self.starts_at:%Y-%m-%d}: {self.used}"


class Counted(models.Model):
    """A story that was counted against a quota, once in its period. Rows are only ever added.

    `reader`: for whom it counts; empty when it counts for all. `key`: the line of the ledger that was written with
    it. `carried`: read before the person registered, and counted again for them.
    """

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="counted")
    use = models.CharField(max_length=12, choices=Use.choices)
    period = models.CharField(max_length=10, choices=Period.choices)
    starts_at = models.DateTimeField()
    pool = models.CharField(max_length=64, blank=True)
    reader = models.CharField(max_length=64, blank=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    key = models.CharField(max_length=64)
    overage = models.BooleanField()
    carried = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("counted story")
        verbose_name_plural = _("counted stories")
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "use", "period", "starts_at", "reader", "item"], name="counted_once"
            ),
        ]
        indexes = [models.Index(fields=["key"], name="counted_by_key")]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.use} {self.item_id}"


class Overage(models.Model):
    """Somebody accepted a price for a story above the quota. Rows are only ever added; billing reads them."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="overages")
    version = models.PositiveIntegerField(null=True)
    use = models.CharField(max_length=12, choices=Use.choices)
    period = models.CharField(max_length=10, choices=Period.choices)
    starts_at = models.DateTimeField()
    reader = models.CharField(max_length=64, blank=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_by = models.CharField(max_length=200)
    minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()
    key = models.CharField(max_length=64)
    request_id = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("overage")
        verbose_name_plural = _("overages")
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "use", "period", "starts_at", "reader", "item"], name="overage_once"
            ),
            models.CheckConstraint(condition=Q(minor__gt=0), name="overage_has_a_price"),
        ]
        indexes = [models.Index(fields=["licence", "at"], name="overage_of_licence")]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.item_id}: {self.minor} {self.currency}"

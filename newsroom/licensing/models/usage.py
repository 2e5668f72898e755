"""The ledger: who used which release, under which licence, for what, when. Rows are only ever added."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import Organisation, User
from newsroom.licensing.models.licence import Licence
from newsroom.licensing.querysets import UsageQuerySet
from newsroom.licensing.rules import Use
from newsroom.wire.models import Item, Release


class Usage(models.Model):
    """One use of one release under one licence. Rows are only ever added."""

    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, null=True, related_name="usages")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    use = models.CharField(max_length=12, choices=Use.choices)
    channel = models.CharField(max_length=20)
    version = models.PositiveIntegerField(null=True)
    format = models.CharField(max_length=20, blank=True)
    request_id = models.CharField(max_length=64)
    reader = models.CharField(max_length=64, blank=True)  # whom nobody has signed in; see `counting.nameless`

    objects = UsageQuerySet.as_manager()

    class Meta:
        verbose_name = _("use")
        verbose_name_plural = _("uses")
        indexes = [
            models.Index(fields=["item", "at"], name="usage_of_item"),
            models.Index(fields=["licence", "at"], name="usage_of_licence"),
            models.Index(fields=["at", "id"], name="usage_by_time"),
            models.Index(fields=["user", "at"], name="usage_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.release_id} {self.at:%Y-%m-%d}"

"""What was agreed: licences, their history, and the ledger of uses."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import Organisation, User
from newsroom.licensing.querysets import LicenceVersionQuerySet, UsageQuerySet
from newsroom.licensing.rules import Source, Use
from newsroom.wire.models import Item, Product, Release


class Licence(models.Model):
    """A dated right of one holder from one source. What it says stands in its versions, newest last."""

    source = models.CharField(_("source"), max_length=12, choices=Source.choices)
    source_ref = models.CharField(_("reference"), max_length=200)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="licences")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="licences"
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        constraints = [
            models.UniqueConstraint(fields=["source", "source_ref"], name="licence_source_once"),
            models.CheckConstraint(
                condition=Q(user=None, organisation__isnull=False) | Q(user__isnull=False, organisation=None),
                name="licence_one_holder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.source_ref}"

    @property
    def holder(self) -> User | Organisation:
        found = self.user or self.organisation
        if found is None:
            raise ValueError("a licence without a holder")
        return found


class LicenceVersion(models.Model):
    """What a licence said from one moment to another. A change closes the row and adds another.

    `starts_at`, `ends_at` say when the right holds; `recorded_from`, `recorded_to` when this was what we knew.
    """

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    suspended = models.BooleanField(_("suspended"), default=False)
    uses = ArrayField(models.CharField(max_length=12, choices=Use.choices), verbose_name=_("uses"))
    all_products = models.BooleanField(_("every product"), default=False)
    product_ids = ArrayField(models.BigIntegerField(), default=list)
    clause = models.TextField(_("clause"))
    why = models.TextField(_("reason"), blank=True)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)

    objects = LicenceVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a licence")
        constraints = [
            models.UniqueConstraint(fields=["licence", "number"], name="licence_version_numbered_once"),
            models.UniqueConstraint(
                fields=["licence"], condition=Q(recorded_to=None), name="licence_one_version_in_force"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="licence_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(recorded_to=None) | Q(recorded_to__gte=F("recorded_from")), name="licence_history_forward"
            ),
            models.CheckConstraint(condition=~Q(uses=[]), name="licence_grants_a_use"),
        ]
        indexes = [models.Index(fields=["licence", "recorded_from"], name="licence_as_of")]

    def __str__(self) -> str:
        return f"{self.licence} v{self.number}"

    @property
    def products(self) -> "models.QuerySet[Product]":
        """The products it covers by name; none when it covers all."""
        return Product.objects.filter(pk__in=self.product_ids)


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
    request_id = models.CharField(max_length=64)

    objects = UsageQuerySet.as_manager()

    class Meta:
        verbose_name = _("use")
        verbose_name_plural = _("uses")
        indexes = [
            models.Index(fields=["item", "at"], name="usage_of_item"),
            models.Index(fields=["licence", "at"], name="usage_of_licence"),
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.release_id} {self.at:%Y-%m-%d}"

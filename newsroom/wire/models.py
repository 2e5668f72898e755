"""What was released: the wire, append-only. The full text is not here: it lies in the vault (`vault.py`)."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import to_locale

from newsroom.wire.querysets import (
    ItemQuerySet,
    ProductQuerySet,
    ProductVersionQuerySet,
    ReleaseQuerySet,
    StampQuerySet,
)
from newsroom.wire.rules import LIVE, Signal, Tier
from newsroom.wire.vault import VaultEntry as VaultEntry


class Named(models.Model):
    """A thing with a code and a name in each language."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    names = models.JSONField(_("names by language"), default=dict, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def label(self, locale: str) -> str:
        """The name in this language, else the English one."""
        return str(self.names.get(to_locale(locale).split("_")[0]) or self.name)


class Desk(Named):
    """A part of the newsroom, and the section of the site that it fills."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        ordering = ["position", "code"]


class Topic(Named):
    """A subject of the IPTC Media Topics or of ours. `path` holds the codes from the root down, each followed by `/`."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(_("path"), max_length=400, db_index=True)
    retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    @property
    def lineage(self) -> list[str]:
        """The codes from the root down to this one."""
        return [code for code in self.path.split("/") if code]


class Place(Named):
    """A city, region or country."""

    country = models.CharField(_("country"), max_length=2, blank=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name"]


class Product(models.Model):
    """A named slice of the wire that is sold. Once retired it is offered no longer, and valid for those who hold it."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ProductVersion(models.Model):
    """A product's rule from one moment to another.

    `valid_from`, `valid_to`: when it was the rule that somebody had set. `effective_from`, `effective_to`: when rights
    followed its stamps, which is once they were complete; None and None for one that was overtaken before.
    `goal`: the wire's last number when the rule was set. `remaining`: releases up to this number are still to stamp.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    rule = models.JSONField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    effective_from = models.DateTimeField(null=True)
    effective_to = models.DateTimeField(null=True)
    goal = models.BigIntegerField(default=0)
    remaining = models.BigIntegerField(default=0)

    objects = ProductVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a product")
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="product_version_numbered_once"),
            models.UniqueConstraint(fields=["product"], condition=Q(valid_to=None), name="product_one_rule_in_force"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="product_version_forward"
            ),
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(effective_from__isnull=False, effective_to=None),
                name="product_one_rule_effective",
            ),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                name="product_version_effective_forward",
            ),
            models.CheckConstraint(
                condition=Q(remaining__gte=0, remaining__lte=F("goal")), name="product_version_progress"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.number}"

    @property
    def effective(self) -> bool:
        """Whether rights follow its stamps now."""
        return self.effective_from is not None and self.effective_to is None

    @property
    def stamping(self) -> bool:
        """Whether releases are still to be stamped by it."""
        return self.valid_to is None and (self.remaining > 0 or not self.effective)

    @property
    def percent(self) -> int:
        """How much of the wire has been stamped by it, from 0 to 100."""
        return 100 if not self.goal else int(100 * (self.goal - self.remaining) / self.goal)


class Sequence(models.Model):
    """The one counter of the wire. Taken last, held to commit: numbers are without a gap, in commit order."""

    value = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="sequence_only_one")]

    def __str__(self) -> str:
        return str(self.value)


class Item(models.Model):
    """A story's identity on the wire. Every address, quota, gift and meter keys on it."""

    uri = models.CharField(_("URI"), max_length=500, unique=True)
    slug = models.SlugField(_("address"), max_length=120, unique=True, allow_unicode=True)
    head = models.ForeignKey("Release", on_delete=models.PROTECT, null=True, related_name="+")
    signal = models.CharField(_("last signal"), max_length=12, choices=Signal.choices, null=True)  # noqa: DJ001  # None is "never released" in MAY_FOLLOW
    first_released_at = models.DateTimeField(_("first released"), null=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return f"/story/{self.slug}/"


class Release(models.Model):
    """One published version of an item: its public part, frozen. `is_head` alone ever changes."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="releases")
    sequence = models.BigIntegerField(_("sequence"), unique=True)
    version = models.PositiveIntegerField(_("version"))
    signal = models.CharField(_("signal"), max_length=12, choices=Signal.choices)
    is_head = models.BooleanField(_("is the present one"), default=True)
    public_tier = models.PositiveSmallIntegerField(_("public tier"), choices=Tier.choices)
    headline = models.CharField(_("headline"), max_length=300)
    slugline = models.CharField(_("slugline"), max_length=120, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    byline = models.CharField(_("byline"), max_length=200, blank=True)
    dateline = models.CharField(_("dateline"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    genre = models.CharField(_("genre"), max_length=60, blank=True)
    urgency = models.PositiveSmallIntegerField(
        _("urgency"), default=4, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    topics = ArrayField(models.CharField(max_length=60), default=list)
    topics_all = ArrayField(models.CharField(max_length=60), default=list)
    note = models.TextField(_("editor's note"), blank=True)
    usage_terms = models.TextField(_("usage terms"), blank=True)
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True)
    keywords = ArrayField(models.CharField(max_length=60), verbose_name=_("keywords"), default=list, blank=True)
    keywords_folded = ArrayField(models.CharField(max_length=180), default=list, blank=True)
    territories_out = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    channels_out = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    uses_out = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    archive = models.DurationField(_("archive window"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    supplier_terms = models.TextField(_("supplier's terms"), blank=True)
    released_at = models.DateTimeField(_("released"))
    shown_at = models.DateTimeField(_("shown from"))
    pictures = models.JSONField(
        _("pictures"), default=list
    )  # [{token, width, height, credit}], as PublicPicture has them
    provider = models.CharField(_("provider"), max_length=200, blank=True)
    source_version = models.CharField(_("version at the source"), max_length=120, blank=True)
    public_vector = SearchVectorField(null=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="release_version_once"),
            models.UniqueConstraint(fields=["item"], condition=Q(is_head=True), name="release_one_head"),
            models.CheckConstraint(condition=Q(urgency__gte=1, urgency__lte=9), name="release_urgency_1_to_9"),
        ]
        indexes = [
            models.Index(fields=["-shown_at", "-id"], condition=Q(is_head=True), name="release_newest"),
            models.Index(fields=["desk", "-shown_at", "-id"], condition=Q(is_head=True), name="release_newest_of_desk"),
            models.Index(
                fields=["-shown_at", "-id"],
                condition=Q(is_head=True, public_tier__gte=Tier.SUMMARY),
                name="release_newest_public",
            ),
            models.Index(
                fields=["-shown_at", "-id"],
                condition=Q(is_head=True, public_tier=Tier.FULL),
                name="release_newest_free",
            ),
            GinIndex(fields=["topics_all"], condition=Q(is_head=True), name="release_topics"),
            GinIndex(fields=["public_vector"], condition=Q(is_head=True), name="release_public_words"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.version}"

    @property
    def live(self) -> bool:
        return self.signal in LIVE


class Stamp(models.Model):
    """This release, the present one of its item, is in this product by this rule. An index over rules, never the evidence.

    Rights follow the stamps of a product's effective version alone; those of one still being stamped lie beside them.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="stamps", db_index=False)
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="stamps", db_index=False)
    version = models.ForeignKey(ProductVersion, on_delete=models.CASCADE, related_name="stamps", db_index=False)
    shown_at = models.DateTimeField()

    objects = StampQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "version"], name="stamp_once")]
        indexes = [models.Index(fields=["version", "-shown_at", "-release"], name="stamp_newest")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.release_id}"


class PublicPicture(models.Model):
    """What everybody may see of a picture: small renditions without metadata, and the credit.

    The caption, the alternative text and the original are in the vault.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="public_pictures")
    position = models.PositiveSmallIntegerField()
    token = models.CharField(max_length=32, unique=True)
    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    credit = models.CharField(max_length=300)
    renditions = models.JSONField(default=dict)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["release", "position"], name="public_picture_place")]
        indexes = [models.Index(fields=["digest"], name="public_picture_of_file")]

    def __str__(self) -> str:
        return self.token

    def rendition(self, name: str) -> dict[str, Any] | None:
        """`{"file", "width", "height", "bytes"}` of `thumbnail` or `web`, or None."""
        found = self.renditions.get(name)
        return dict(found) if found else None


class Tombstone(models.Model):
    """What stands where a release was shredded. `address`: SHA-256 of the item's former address, when that went too."""

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="tombstone")
    status = models.PositiveSmallIntegerField(_("answer"), default=410)
    reason = models.CharField(_("reason"), max_length=500)
    address = models.CharField(max_length=64, blank=True, db_index=True)
    at = models.DateTimeField(_("shredded"))

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")

    def __str__(self) -> str:
        return f"{self.release_id} {self.status}"

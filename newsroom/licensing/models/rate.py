"""Rate cards: what a slice of the wire costs, for whom, from when to when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from newsroom.core.money import Money
from newsroom.licensing.rules import Use
from newsroom.wire.models import Product


class Interval(models.TextChoices):
    """For what time a price is."""

    MONTH = "month", _("a month")
    QUARTER = "quarter", _("a quarter")
    YEAR = "year", _("a year")
    ONCE = "once", _("once")


class RateCard(models.Model):
    """A list of prices in one currency."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    currency = models.CharField(_("currency"), max_length=3)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("rate card")
        verbose_name_plural = _("rate cards")

    def __str__(self) -> str:
        return f"{self.name} ({self.currency.upper()})"


class Rate(models.Model):
    """A row of a card. Added, and ended by `valid_to`; never changed: a new price is a new row.

    `countries` empty: everywhere; one: that country; several: the region group `region` names. `language` empty: any.
    `product` None: every product. `uses`: what the price includes.
    """

    card = models.ForeignKey(RateCard, on_delete=models.PROTECT, related_name="rates")
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    audience_from = models.PositiveIntegerField(_("audience from"), default=0)
    audience_to = models.PositiveIntegerField(_("audience below"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    uses = ArrayField(models.CharField(max_length=12, choices=Use.choices))
    interval = models.CharField(_("interval"), max_length=8, choices=Interval.choices, default=Interval.YEAR)
    minor = models.PositiveBigIntegerField(_("price"))
    valid_from = models.DateTimeField(_("from"))
    valid_to = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="rate_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(audience_to=None) | Q(audience_to__gt=F("audience_from")), name="rate_audience_forward"
            ),
            models.CheckConstraint(condition=~Q(uses=[]), name="rate_includes_a_use"),
        ]
        indexes = [models.Index(fields=["card", "product", "valid_from"], name="rate_as_of")]

    def __str__(self) -> str:
        return f"{self.card_id}/{self.pk}"

    @property
    def price(self) -> Money:
        return Money(self.minor, self.card.currency)

"""What a story allows nobody, whatever their licence: the part of a story that stands above every agreement."""

from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.content import rules
from newsroom.licensing.rules import Channel, Use


class Restricted(models.Model):
    """A story's keywords and its own restrictions. Empty: no such restriction."""

    keywords = ArrayField(models.CharField(max_length=60), verbose_name=_("keywords"), default=list, blank=True)
    territories_out = ArrayField(models.CharField(max_length=2), verbose_name=_("not for"), default=list, blank=True)
    channels_out = ArrayField(
        models.CharField(max_length=12, choices=Channel.choices),
        verbose_name=_("not on"),
        default=list,
        blank=True,
    )
    uses_out = ArrayField(
        models.CharField(max_length=12, choices=Use.choices), verbose_name=_("not to"), default=list, blank=True
    )
    archive_days = models.PositiveIntegerField(
        _("archive window, in days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(36_500)],
        help_text=_("How long after it is shown it may be used. Empty: for good."),
    )
    expires_at = models.DateTimeField(
        _("expires"), null=True, blank=True, help_text=_("From then on nobody may have it, whatever their licence.")
    )
    supplier_terms = models.TextField(
        _("supplier's terms"),
        validators=[MaxLengthValidator(4000)],
        blank=True,
        help_text=_("What whoever supplied it demands. For the desk and for sales."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Raises ValidationError, by field, for restrictions that cannot be."""
        super().clean()
        embargo = getattr(self, "embargo_until", None)
        fault = rules.fault_of_restrictions(self.territories_out, self.expires_at, embargo)
        if fault is not None:
            raise ValidationError({fault[0]: fault[1]})

    def restrictions(self) -> dict[str, Any]:
        """They and the keywords as a `Draft` has them."""
        return {
            "keywords": tuple(self.keywords),
            "territories_out": tuple(self.territories_out),
            "channels_out": tuple(self.channels_out),
            "uses_out": tuple(self.uses_out),
            "archive": timedelta(days=self.archive_days) if self.archive_days else None,
            "expires_at": self.expires_at,
            "supplier_terms": self.supplier_terms,
        }

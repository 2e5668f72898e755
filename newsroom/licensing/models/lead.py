"""Who asked for a licence, who looks after them, and the trial they were given."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import Organisation, User
from newsroom.licensing.models.licence import Licence
from newsroom.licensing.rules import Use
from newsroom.wire.models import Item


class Lead(models.Model):
    """Somebody who may become a customer, from the enquiry to the contract or the reason why there is none."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        TALKING = "talking", _("talking")
        TRIAL = "trial", _("trial")
        QUOTED = "quoted", _("quoted")
        WON = "won", _("won")
        LOST = "lost", _("lost")

    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.NEW)
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("work e-mail"), max_length=254)
    organisation_name = models.CharField(_("organisation"), max_length=200)
    country = models.CharField(_("country"), max_length=2)
    products = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    uses = ArrayField(models.CharField(max_length=12, choices=Use.choices), default=list, blank=True)
    audience = models.PositiveIntegerField(_("audience"), null=True, blank=True)
    message = models.TextField(_("message"), blank=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    locale = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    consent_at = models.DateTimeField(_("consent given"), null=True)
    manager = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    assigned_at = models.DateTimeField(null=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_on = models.DateField(_("on"), null=True, blank=True)
    lost_reason = models.TextField(_("why it was lost"), blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("came in"))

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = [
            models.CheckConstraint(condition=~Q(state="lost") | ~Q(lost_reason=""), name="lead_lost_with_a_reason"),
            models.CheckConstraint(condition=Q(next_step="") | Q(next_on__isnull=False), name="lead_next_step_dated"),
        ]
        indexes = [models.Index(fields=["manager", "state", "next_on"], name="lead_of_manager")]

    def __str__(self) -> str:
        return self.organisation_name


class LeadNote(models.Model):
    """What somebody wrote down about a lead. Rows are only ever added."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="notes")
    author = models.CharField(max_length=200)
    text = models.TextField(_("note"))
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("note")

    def __str__(self) -> str:
        return self.text[:60]


class SalesCountry(models.Model):
    """Leads of this country go to this account manager."""

    country = models.CharField(_("country"), max_length=2, unique=True)
    manager = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("account manager"))

    class Meta:
        verbose_name = _("country of an account manager")

    def __str__(self) -> str:
        return f"{self.country}: {self.manager}"


class Trial(models.Model):
    """An organisation's only trial. When it ends stands on its licence."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="trial")
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, null=True, related_name="trials")
    licence = models.OneToOneField(Licence, on_delete=models.PROTECT, related_name="trial")
    started_at = models.DateTimeField()
    noticed_at = models.DateTimeField(null=True)
    summarised_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("trial")

    def __str__(self) -> str:
        return str(self.organisation)

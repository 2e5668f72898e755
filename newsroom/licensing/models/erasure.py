"""Orders to take a text away, and what people ask about their own data."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import User
from newsroom.wire.models import Item


class Takedown(models.Model):
    """A court's or another authority's order to shred a story. One person writes it down, another confirms it."""

    class State(models.TextChoices):
        ASKED = "asked", _("waits for a second person")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    class Status(models.IntegerChoices):
        GONE = 410, _("410: gone")
        LEGAL = 451, _("451: unavailable for legal reasons")

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="takedowns", verbose_name=_("item"))
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)  # None: all of them
    reference = models.CharField(_("reference of the order"), max_length=200)
    why = models.TextField(_("reason, for the file"))
    public_reason = models.CharField(_("reason, for everybody"), max_length=500)
    status = models.PositiveSmallIntegerField(_("answer"), choices=Status.choices, default=Status.LEGAL)
    blank_public = models.BooleanField(_("headline and summary too"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(_("settled"), null=True)
    removed = models.JSONField(_("removed"), default=dict)  # table or storage to number
    files = models.JSONField(default=list)  # [[storage, name]] still to be deleted

    class Meta:
        verbose_name = _("takedown")
        verbose_name_plural = _("takedowns")
        permissions = [("confirm_takedown", "Can confirm a takedown")]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_by=None) | ~Q(state="done") | ~Q(settled_by=F("asked_by")),
                name="takedown_by_two_persons",
            ),
            models.UniqueConstraint(fields=["item"], condition=Q(state="asked"), name="takedown_one_open_an_item"),
        ]

    def __str__(self) -> str:
        return self.reference


class PersonRequest(models.Model):
    """What somebody asks about their own data: a copy of it, or that it goes. To be answered within a month."""

    class Kind(models.TextChoices):
        EXPORT = "export", _("copy of the data")
        ERASURE = "erasure", _("erasure")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        WAITING = "waiting", _("waits for the end of its grace period")
        DONE = "done", _("done")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REFUSED = "refused", _("refused")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="requests", verbose_name=_("person"))
    kind = models.CharField(_("what is asked"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("due"))
    runs_at = models.DateTimeField(_("runs"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    why = models.TextField(_("reason"), blank=True)
    removed = models.JSONField(_("removed"), default=dict)
    kept = models.JSONField(_("kept by law"), default=dict)

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"], condition=Q(state__in=["open", "waiting"]), name="person_request_one_open"
            ),
        ]
        indexes = [models.Index(fields=["runs_at"], condition=Q(state="waiting"), name="person_request_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"

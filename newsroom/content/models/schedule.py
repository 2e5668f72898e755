"""A revision that somebody approved to be published at a moment to come."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.content.querysets import ScheduleQuerySet


class Schedule(models.Model):
    """One revision, one due time, one person behind it. What went wrong stays readable."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("published")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    story = models.ForeignKey("content.Story", on_delete=models.CASCADE, related_name="schedules")
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(_("due"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    error = models.TextField(_("why it failed"), blank=True)
    settled_at = models.DateTimeField(null=True)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        constraints = [
            models.UniqueConstraint(fields=["story"], condition=Q(state="waiting"), name="schedule_one_waiting"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="schedule_due")]

    def __str__(self) -> str:
        return f"{self.story_id} {self.due_at} {self.state}"

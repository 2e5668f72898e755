"""Who is what on a desk, and how the desk works."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.content.querysets import DeskRoleQuerySet
from newsroom.content.rules import Role


class DeskRole(models.Model):
    """A person's role on one desk. Who has none sees nothing of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_roles")
    desk = models.ForeignKey("wire.Desk", on_delete=models.PROTECT, related_name="roles", verbose_name=_("desk"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)

    objects = DeskRoleQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("role on a desk")
        verbose_name_plural = _("roles on desks")
        constraints = [models.UniqueConstraint(fields=["user", "desk"], name="desk_role_one_per_desk")]

    def __str__(self) -> str:
        return f"{self.user} · {self.desk} · {self.get_role_display()}"


class DeskSettings(models.Model):
    """How a desk works. A desk without a row here needs one person to publish."""

    desk = models.OneToOneField("wire.Desk", on_delete=models.CASCADE, related_name="settings", verbose_name=_("desk"))
    two_person = models.BooleanField(
        _("two persons"), default=False, help_text=_("Somebody else than the author must publish.")
    )
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("settings of a desk")
        verbose_name_plural = _("settings of desks")

    def __str__(self) -> str:
        return str(self.desk)

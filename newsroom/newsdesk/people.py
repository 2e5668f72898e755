"""Who is what on which desk: two small screens for administrators."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from newsroom.content import actions
from newsroom.content.models import DeskRole, DeskSettings
from newsroom.content.rules import Role
from newsroom.core.clock import now
from newsroom.newsdesk.policy import person


class Appointing:
    """Saving goes through the deed, which lets the person in and writes the audit."""

    request: HttpRequest
    form: Any

    def save_instance(self) -> DeskRole:
        asked = self.form.cleaned_data
        return actions.appoint(
            user=asked["user"], desk=asked["desk"], role=Role(asked["role"]), by=person(self.request).actor, at=now()
        )


class AddRole(Appointing, generic.CreateView):
    """Appoint."""


class EditRole(Appointing, generic.EditView):
    """Give another role."""


class DismissView(generic.DeleteView):
    """Take a role away."""

    def delete_action(self) -> None:
        role = self.object
        actions.dismiss(user=role.user, desk=role.desk, by=person(self.request).actor, at=now())


class DeskRoles(ModelViewSet):
    model = DeskRole
    icon = "group"
    menu_label = _("Roles on desks")
    panels = [FieldPanel("user"), FieldPanel("desk"), FieldPanel("role")]
    list_display = ["user", "desk", "role"]
    list_filter = ["desk", "role"]
    add_view_class = AddRole
    edit_view_class = EditRole
    delete_view_class = DismissView
    copy_view_enabled = False


class DesksSettings(ModelViewSet):
    model = DeskSettings
    icon = "cog"
    menu_label = _("How desks work")
    panels = [FieldPanel("desk"), FieldPanel("two_person")]
    list_display = ["desk", "two_person"]
    copy_view_enabled = False


class People(ModelViewSetGroup):
    menu_label = _("Desks")
    menu_icon = "group"
    menu_order = 500
    items = (DeskRoles, DesksSettings)

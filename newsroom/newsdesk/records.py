"""Who did what."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView

from newsroom.core.models import AuditEntry
from newsroom.newsdesk.licences.views import Page


class AuditFilter(forms.Form):
    """Which lines of the audit to show."""

    action = forms.CharField(label=_("What"), required=False, max_length=80)
    actor = forms.CharField(label=_("Who"), required=False, max_length=200)


class Audit(Page, ListView):
    """Who did what to which thing, when and why; newest first."""

    permission_required = "core.view_auditentry"
    template_name = "newsdesk/audit.html"
    page_title = _("Audit")
    header_icon = "history"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[AuditEntry]:
        self.form = AuditFilter(self.request.GET)
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        found = AuditEntry.objects.order_by("-at", "-pk")
        if asked.get("action"):
            found = found.filter(action__startswith=asked["action"])
        if asked.get("actor"):
            found = found.filter(actor_label__icontains=asked["actor"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(**kwargs) | {"form": self.form, "query": query.urlencode()}

"""What there is to look at and to do, for those who may."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

USAGE = "licensing.view_usage"
ENTRIES = (
    ("usage", USAGE, _("Usage"), _("By customer, person, product, story, format or use, over any period.")),
    ("never_used", USAGE, _("Never used"), _("Licences in force that nobody has used once.")),
    ("over_entitled", USAGE, _("More than is used"), _("Seats, products and uses that lie idle.")),
    ("renewals_due", USAGE, _("Renewals due"), _("What ends soon, and whether it is used more or less than before.")),
    (
        "evidence",
        "licensing.add_evidencepack",
        _("Evidence packs"),
        _("Who received which version of a story, how, and under which clause: with number, hash and PDF."),
    ),
    ("move_in", "licensing.add_movein", _("Moving in"), _("Organisations, people, contracts and licences from files.")),
    ("takedowns", "licensing.view_takedown", _("Takedowns"), _("Orders to take a story away, by two persons.")),
    (
        "requests",
        "licensing.view_personrequest",
        _("Personal data"),
        _("Who asked for a copy of their data or for its erasure, by the day it is due."),
    ),
)


class Index(WagtailAdminTemplateMixin, TemplateView):
    """The reports this person may open."""

    template_name = "newsdesk/reports/index.html"
    page_title = _("Reports")
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_open(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entries = [
            {"url": reverse(f"newsdesk:{name}"), "title": title, "text": text}
            for name, permission, title, text in ENTRIES
            if self.request.user.has_perm(permission)
        ]
        return super().get_context_data(**kwargs) | {"entries": entries}


def may_open(request: HttpRequest) -> bool:
    return any(request.user.has_perm(permission) for _name, permission, _title, _text in ENTRIES)

"""Usage: figures, the rows behind each, and both as a file."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from newsroom.core import sheets
from newsroom.licensing.models import Usage
from newsroom.licensing.usage_reports import usage
from newsroom.licensing.usage_reports.usage import Asked
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.reports.forms import UsageForm
from newsroom.newsdesk.reports.plots import plot

INDEX = {"url": reverse_lazy("newsdesk:reports"), "label": _("Reports")}
A_PAGE = 50
WITH_ROWS = ("licence__organisation", "licence__user", "user", "release", "item")


class Report(Page, TemplateView):
    """A page among the reports."""

    permission_required = "licensing.view_usage"
    header_icon = "table"
    trail: tuple[dict[str, Any], ...] = (INDEX,)


class Asking(Report):
    """A page that asks the ledger. `asked` is None while the form has an error."""

    asked: Asked | None
    by: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.form = UsageForm(request.GET)
        valid = self.form.is_valid()
        self.asked = self.form.asked(request.GET) if valid else None
        self.by = (self.form.cleaned_data.get("by") if valid else "") or "customer"
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= {"form": self.form, "asked": self.asked, "by": self.by, "zone": timezone.get_current_timezone_name()}
        if self.asked is not None:
            context |= self.answer(self.asked)
        return context

    def answer(self, asked: Asked) -> dict[str, Any]:
        raise NotImplementedError


def query_of(asked: Asked, by: str = "") -> str:
    """The same question as an address says it."""
    days = {"first": asked.days.first.isoformat(), "last": asked.days.last.isoformat()}
    return urlencode(days | ({"by": by} if by else {}) | asked.only)


def chips(asked: Asked, by: str, here: str) -> list[dict[str, Any]]:
    """What the rows must agree with, each with the address without it."""
    return [
        {
            "what": usage.LABELS[name],
            "label": usage.label_of(name, key),
            "without": f"{here}?"
            + query_of(Asked(asked.days, {other: k for other, k in asked.only.items() if other != name}), by),
        }
        for name, key in asked.only.items()
    ]


class UsageReport(Asking):
    """Figures by one dimension. Each leads to its rows."""

    template_name = "newsdesk/reports/usage.html"
    page_title = _("Usage")

    def answer(self, asked: Asked) -> dict[str, Any]:
        page = Paginator(usage.counts(asked, self.by), A_PAGE).get_page(self.request.GET.get("page"))
        drawn = plot(asked.days, usage.over_time(asked))
        url = reverse("newsdesk:usage_rows")
        return {
            "lines": [
                (each, f"{url}?{query_of(asked.also(self.by, each.key))}")
                for each in usage.figures(self.by, page.object_list)
            ],
            "page_obj": page,
            "plot": drawn,
            "total": drawn.total,
            "what": usage.LABELS[self.by],
            "query": query_of(asked, self.by),
            "all_rows": f"{url}?{query_of(asked)}",
            "chips": chips(asked, self.by, self.request.path),
        }


class UsageRows(Asking):
    """The rows behind a figure, newest first."""

    template_name = "newsdesk/reports/rows.html"
    page_title = _("Uses")
    trail = (INDEX, {"url": reverse_lazy("newsdesk:usage"), "label": _("Usage")})

    def answer(self, asked: Asked) -> dict[str, Any]:
        found = usage.rows(asked).select_related(*WITH_ROWS).defer("release__public_vector").order_by("-at", "-pk")
        page = Paginator(found, A_PAGE).get_page(self.request.GET.get("page"))
        return {
            "uses": page.object_list,
            "page_obj": page,
            "total": page.paginator.count,
            "query": query_of(asked),
            "chips": chips(asked, "", self.request.path),
        }


class UsageFile(Asking):
    """The figures as CSV, all of them."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.asked is None:
            return HttpResponse(self.form.errors.as_text(), status=400, content_type="text/plain; charset=utf-8")
        asked = self.asked
        head = [usage.LABELS[self.by], _("key"), _("uses"), _("different stories")]
        return sheets.download(f"usage-by-{self.by}-{asked.days.first}-{asked.days.last}", head, self._lines(asked))

    def _lines(self, asked: Asked) -> Iterator[list[Any]]:
        found = usage.counts(asked, self.by)
        for page in Paginator(found, 1000):
            for each in usage.figures(self.by, page.object_list):
                yield [each.label, each.key, each.uses, each.stories]


ROW_HEAD = (
    _("time (UTC)"), _("time (desk)"), _("customer"), _("person"), _("story"), _("version"), _("use"), _("channel"),
    _("format"), _("licence"), _("licence version"), _("request"),
)  # fmt: skip


class RowsFile(Asking):
    """The rows as CSV, all of them."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.asked is None:
            return HttpResponse(self.form.errors.as_text(), status=400, content_type="text/plain; charset=utf-8")
        found = usage.rows(self.asked).select_related(*WITH_ROWS).defer("release__public_vector").order_by("at", "pk")
        name = f"uses-{self.asked.days.first}-{self.asked.days.last}"
        return sheets.download(name, ROW_HEAD, map(row_of, found.iterator(chunk_size=1000)))


def row_of(each: Usage) -> list[Any]:
    """A row of the ledger as cells."""
    licence = each.licence
    return [
        each.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        timezone.localtime(each.at).isoformat(timespec="seconds"),
        licence.organisation if licence else None,
        each.user,
        each.item.uri,
        each.release.version,
        each.use,
        each.channel,
        each.format,
        licence,
        each.version,
        each.request_id,
    ]

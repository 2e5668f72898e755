"""The months of the journal: which are closed, what stands in the way of closing the next, and its file."""

from datetime import date
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from django.views.generic.base import View
from wagtail.admin import messages

from newsroom.billing.finance import chart, closing
from newsroom.billing.finance.chart import NumberTaken
from newsroom.billing.finance.closing import CannotClose
from newsroom.billing.finance.months import month_of, number_of
from newsroom.billing.finance.reports.journal import CSV_HEAD, export
from newsroom.billing.models import ClosedMonth
from newsroom.core import sheets
from newsroom.core.clock import now
from newsroom.newsdesk.finance.forms import ChartForm, CloseForm
from newsroom.newsdesk.finance.pages import INDEX, SEES, FinancePage, exported
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person

CLOSES = "billing.close_month"
LIST = {"url": reverse_lazy("newsdesk:finance_months"), "label": _("Months")}


class Months(FinancePage):
    """Closed months, newest first, and the one that is next."""

    template_name = "newsdesk/finance/months.html"
    page_title = _("Months")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(ClosedMonth.objects.order_by("-pk"), 50).get_page(self.request.GET.get("page"))
        month = closing.open_month()
        return super().get_context_data(**kwargs) | {
            "closed": [(each, month_of(each.pk)) for each in page.object_list],
            "page_obj": page,
            "query": "list=1",
            "month": month,
            "number": number_of(month) if month else None,
            "refusal": refusal_of(month),
            "may_close": self.request.user.has_perm(CLOSES),
        }


def refusal_of(month: date | None) -> str:
    """Why the month cannot be closed now; empty: it can."""
    if month is None:
        return _now("There is nothing in the book.")
    try:
        closing.check(month, now())
    except CannotClose as refusal:
        return str(refusal)
    return ""


class Close(Page, FormView):
    """Close a month, for good."""

    permission_required = CLOSES
    template_name = "newsdesk/finance/close.html"
    header_icon = "lock"
    form_class = CloseForm
    success_url = reverse_lazy("newsdesk:finance_months")
    trail = (INDEX, LIST)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.month = known_month(kwargs["number"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _now("Close %(month)s") % {"month": f"{self.month:%Y-%m}"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refusal = "" if kwargs.get("form") is not None else refusal_of(self.month)
        return super().get_context_data(**kwargs) | {"month": self.month, "refusal": refusal}

    def form_valid(self, form: CloseForm) -> HttpResponse:
        try:
            closed = closing.close(month=self.month, note=form.cleaned_data["note"], by=person(self.request), at=now())
        except CannotClose as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request,
            _now("%(month)s is closed with %(number)s lines.") % {"month": str(closed), "number": closed.lines},
        )
        return redirect(str(self.success_url))


def known_month(number: int) -> date:
    try:
        return month_of(number)
    except ValueError:
        raise Http404 from None


class Export(PermissionRequiredMixin, View):
    """A month's journal as a file."""

    permission_required = SEES
    raise_exception = True

    def get(self, request: HttpRequest, number: int) -> HttpResponseBase:
        month = known_month(number)
        exported(request, "journal", f"{month:%Y-%m}")
        return sheets.download(f"journal-{month:%Y-%m}", CSV_HEAD, export(month))


class Chart(Page, FormView):
    """Numbers and names of the accounts of the ledger, from now on."""

    permission_required = CLOSES
    template_name = "newsdesk/form.html"
    page_title = _("Chart of accounts")
    header_icon = "list-ul"
    form_class = ChartForm
    success_url = reverse_lazy("newsdesk:finance_months")
    trail = (INDEX, LIST)
    extra_context = {"button": _("Save")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"accounts": chart.chart()}

    def form_valid(self, form: ChartForm) -> HttpResponse:
        try:
            chart.rename(wanted=form.wanted(), by=person(self.request).actor, at=now())
        except NumberTaken as refusal:
            form.add_error(f"{refusal.role}_code", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _now("The chart of accounts is saved. Closed months keep theirs."))
        return redirect(str(self.success_url))

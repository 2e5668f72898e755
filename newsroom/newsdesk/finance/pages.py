"""A finance report: its figures with a plot, the rows behind each, and both as a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from newsroom.billing.finance.reports import ALL, Asked, Figure, Report, Row
from newsroom.billing.finance.reports.asking import names_of
from newsroom.core import audit, sheets
from newsroom.core.clock import now
from newsroom.core.money import Money
from newsroom.newsdesk.finance.forms import AskForm, query_of
from newsroom.newsdesk.finance.plots import plot
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person

INDEX = {"url": reverse_lazy("newsdesk:finance"), "label": _("Finance")}
SEES = "billing.view_finance"
A_PAGE = 50
A_CHUNK = 1000


class FinancePage(Page, TemplateView):
    """A page for those who may see the money."""

    permission_required = SEES
    header_icon = "table"
    trail: tuple[dict[str, Any], ...] = (INDEX,)


class Index(FinancePage):
    """The reports there are."""

    template_name = "newsdesk/finance/index.html"
    page_title = _("Finance")
    trail = ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entries = [
            {"url": reverse("newsdesk:finance_report", args=[each.name]), "title": each.title, "text": each.says}
            for each in ALL.values()
        ]
        return super().get_context_data(**kwargs) | {"entries": entries}


class Asking(FinancePage):
    """A page that asks one report. `asked` is None while the form has an error."""

    report: Report
    asked: Asked | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kwargs["report"] not in ALL:
            raise Http404
        self.report = ALL[kwargs["report"]]
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.form = AskForm(self.report, request.GET)
        self.asked = self.form.asked if self.form.is_valid() else None
        if "csv" not in request.GET:
            return super().get(request, *args, **kwargs)
        if self.asked is None:
            return HttpResponse(self.form.errors.as_text(), status=400, content_type="text/plain; charset=utf-8")
        response = self.file(self.asked)
        exported(request, self.report.name, request.GET.urlencode())
        return response

    def get_page_title(self) -> Any:
        return self.report.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= {"form": self.form, "asked": self.asked, "report": self.report}
        return context | (self.answer(self.asked) if self.asked is not None else {})

    def answer(self, asked: Asked) -> dict[str, Any]:
        raise NotImplementedError

    def file(self, asked: Asked) -> HttpResponseBase:
        raise NotImplementedError


def exported(request: HttpRequest, what: str, question: str) -> None:
    """Who took figures out of the house is written down."""
    by = person(request)
    audit.record("finance.exported", by=by.actor, of=by, at=now(), facts={"report": what, "query": question[:500]})


def major(amount: int, currency: str, *, is_money: bool) -> Any:
    """An amount for a spreadsheet: in major units, exactly."""
    return Money(amount, currency).amount if is_money and currency else amount


def for_a_file(cell: Any) -> Any:
    """A cell of a row: days in ISO 8601, money in major units."""
    if isinstance(cell, Money):
        return cell.amount
    return cell.isoformat() if hasattr(cell, "isoformat") else cell


class Figures(Asking):
    """The figures of a report, each a link to its rows."""

    template_name = "newsdesk/finance/figures.html"

    def answer(self, asked: Asked) -> dict[str, Any]:
        found = self.report.figures(asked)
        return {
            "parts": [self._part(asked, currency, found) for currency in sorted({each.currency for each in found})],
            "query": query_of(asked),
        }

    def _part(self, asked: Asked, currency: str, found: Sequence[Figure]) -> dict[str, Any]:
        own = [each for each in found if each.currency == currency]
        page = Paginator(own, A_PAGE * 4).get_page(self.request.GET.get("page"))
        lines = [(each, [self._cell(asked, each, name) for name in self.report.measures]) for each in page.object_list]
        totals = [
            (sum(each.values[name] for each in own), measure.money) for name, measure in self.report.measures.items()
        ]
        return {
            "currency": currency,
            "plot": plot(self.report, list(page.object_list)),
            "lines": lines,
            "totals": totals if self.report.sums and len(own) > 1 else [],
            "page_obj": page,
        }

    def _cell(self, asked: Asked, figure: Figure, measure: str) -> tuple[int, bool, str]:
        amount, money = figure.values[measure], self.report.measures[measure].money
        query = query_of(asked, of=figure.currency, group=figure.group, measure=measure)
        url = reverse("newsdesk:finance_rows", args=[self.report.name])
        return amount, money, f"{url}?{query}" if amount else ""

    def file(self, asked: Asked) -> HttpResponseBase:
        head = [self.report.group_label, _("currency"), *(each.label for each in self.report.measures.values())]
        rows = (
            [
                each.label,
                each.currency.upper(),
                *(
                    major(each.values[name], each.currency, is_money=measure.money)
                    for name, measure in self.report.measures.items()
                ),
            ]
            for each in self.report.figures(asked)
        )
        return sheets.download(f"{self.report.name}-{asked.first:%Y-%m}-{asked.last:%Y-%m}", head, rows)


class Rows(Asking):
    """The rows behind one figure; they sum to it."""

    template_name = "newsdesk/finance/rows.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.of, self.group = request.GET.get("of", "")[:3], request.GET.get("group", "")[:200]
        report = ALL.get(kwargs["report"])
        self.measure = request.GET.get("measure", "")
        if report is not None and self.measure not in report.measures:
            raise Http404
        if self.of and not (len(self.of) == 3 and self.of == self.of.lower() and self.of.isalpha()):
            raise Http404
        self.trail = (INDEX, *self._back(report, request))
        return super().dispatch(request, *args, **kwargs)

    def _back(self, report: Report | None, request: HttpRequest) -> list[dict[str, Any]]:
        if report is None:
            return []
        return [{"url": reverse("newsdesk:finance_report", args=[report.name]), "label": report.title}]

    def get_page_title(self) -> Any:
        return f"{self.report.title}: {self.report.measures[self.measure].label}"

    def _found(self, asked: Asked) -> Sequence[Any]:
        return self.report.rows(asked, self.of, self.group, self.measure)

    def answer(self, asked: Asked) -> dict[str, Any]:
        found = self._found(asked)
        page = Paginator(found, A_PAGE).get_page(self.request.GET.get("page"))
        rows = self.report.shown(page.object_list, self.measure)
        names = names_of(each.holder for each in rows)
        return {
            "lines": [(each, names.get(each.holder, ""), address_of(each.holder)) for each in rows],
            "page_obj": page,
            "number": page.paginator.count,
            "total": self._total(asked, found),
            "currency": self.of,
            "group": self.group,
            "measure": self.report.measures[self.measure],
            "query": query_of(asked, of=self.of, group=self.group, measure=self.measure),
        }

    def _total(self, asked: Asked, found: Any) -> int:
        """Of a list its own sum; of a query that is cut into pages the figure."""
        if isinstance(found, QuerySet):
            return self.report.total(asked, self.of, self.group, self.measure)
        return sum(each.amount for each in self.report.shown(found, self.measure))

    def file(self, asked: Asked) -> HttpResponseBase:
        measure = self.report.measures[self.measure]
        head = [_("customer"), *self.report.head, _("currency"), measure.label]
        rows = (
            [
                name,
                *map(for_a_file, row.cells),
                self.of.upper(),
                major(row.amount, self.of, is_money=measure.money),
            ]
            for row, name in self._everything(asked)
        )
        return sheets.download(f"{self.report.name}-{self.measure}", head, rows)

    def _everything(self, asked: Asked) -> Iterator[tuple[Row, str]]:
        """All rows, a chunk at a time."""
        for page in Paginator(self._found(asked), A_CHUNK):
            rows = self.report.shown(page.object_list, self.measure)
            names = names_of(each.holder for each in rows)
            yield from ((each, names.get(each.holder, "")) for each in rows)


def address_of(holder: str) -> str:
    """The desk's page of who pays."""
    if not holder:
        return ""
    name = "person" if holder.startswith("u") else "organisation"
    return reverse(f"newsdesk:{name}", args=[int(holder[1:])])

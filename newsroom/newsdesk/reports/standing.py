"""Licences nobody uses, licences that give more than is used, and licences that end soon."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom.core import sheets
from newsroom.core.clock import now
from newsroom.licensing.models import LicenceVersion
from newsroom.licensing.rules import Use
from newsroom.licensing.usage_reports import standing
from newsroom.newsdesk.reports.forms import StandingForm
from newsroom.newsdesk.reports.usage import A_PAGE, Report
from newsroom.wire.models import Product


class Standing(Report):
    """A list of licences, beside what was made of them within so many days."""

    template_name = "newsdesk/reports/standing.html"
    head: tuple[Any, ...]
    usual = 30
    says: Any
    file: str

    def found(self, days: int) -> QuerySet[LicenceVersion]:
        raise NotImplementedError

    def cells(self, page: list[LicenceVersion]) -> list[list[Any]]:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.form = StandingForm(request.GET)
        self.form.fields["days"].initial = self.usual
        self.days = (self.form.cleaned_data["days"] if self.form.is_valid() else None) or self.usual
        if "csv" in request.GET and self.form.is_valid():
            pages = Paginator(self.found(self.days), 500)
            rows = ([_holder(row), *cells] for page in pages for row, cells in self._with_cells(list(page.object_list)))
            return sheets.download(f"{self.file}-{self.days}", (_("holder"), _("licence"), *self.head), _flat(rows))
        return super().get(request, *args, **kwargs)

    def _with_cells(self, page: list[LicenceVersion]) -> list[tuple[LicenceVersion, list[Any]]]:
        cells = self.cells(page)
        return [(row, [row.licence, *each]) for row, each in zip(page, cells, strict=True)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        page = Paginator(self.found(self.days), A_PAGE).get_page(self.request.GET.get("page"))
        listed = list(page.object_list)
        return context | {
            "form": self.form,
            "days": self.days,
            "head": self.head,
            "says": self.says,
            "lines": list(zip(listed, self.cells(listed), strict=True)),
            "page_obj": page,
            "total": page.paginator.count,
            "query": f"days={self.days}",
        }


def _holder(row: LicenceVersion) -> Any:
    return row.licence.organisation or row.licence.user


def _flat(rows: Any) -> Any:
    """Dates as ISO 8601 in a file."""
    for row in rows:
        yield [each.isoformat() if hasattr(each, "isoformat") else each for each in row]


class NeverUsed(Standing):
    page_title = _("Never used")
    says = _("In force for at least so many days, and nobody has used them once.")
    head = (_("since"), _("until"), _("seats"))
    file = "never-used"

    def found(self, days: int) -> QuerySet[LicenceVersion]:
        return standing.never_used(now(), days)

    def cells(self, page: list[LicenceVersion]) -> list[list[Any]]:
        return [[row.starts_at, row.ends_at, row.seats] for row in page]


class OverEntitled(Standing):
    page_title = _("More than is used")
    says = _("Used, but with seats, products or uses that nobody has touched within so many days.")
    head = (_("people lately / taken / seats"), _("products without a use"), _("uses never made"))
    file = "over-entitled"

    def found(self, days: int) -> QuerySet[LicenceVersion]:
        return standing.over_entitled(now(), days)

    def cells(self, page: list[LicenceVersion]) -> list[list[Any]]:
        wanted = {pk for row in page for pk in row.product_ids}
        names = dict(Product.objects.filter(pk__in=wanted).values_list("pk", "name"))
        return [_spare(row, names) for row in page]


def _spare(row: Any, names: dict[int, str]) -> list[Any]:
    """What nobody made use of, in words. `row` carries what `over_entitled` adds."""
    seats = f"{row.people} / {row.seated} / {row.seats}" if row.seats and row.seats > row.people else ""
    products = [names[pk] for pk in row.product_ids if pk not in row.used_products and pk in names]
    uses = [str(Use(each).label) for each in row.uses if each not in row.used_uses]
    return [seats, ", ".join(products), ", ".join(uses)]


class Renewals(Standing):
    page_title = _("Renewals due")
    says = _("Licences that end within so many days, first to end first, and their uses of the last 30 days.")
    head = (_("ends"), _("uses, last 30 days"), _("the 30 days before"), _("trend"))
    usual = 90
    file = "renewals"

    def found(self, days: int) -> QuerySet[LicenceVersion]:
        return standing.renewals(now(), days)

    def cells(self, page: list[LicenceVersion]) -> list[list[Any]]:
        return [_trended(row) for row in page]


def _trended(row: Any) -> list[Any]:
    """`row` carries what `renewals` adds."""
    change = standing.trend(row.lately, row.before)
    words = _now("nothing to compare with") if change is None else f"{change:+d} %"
    return [row.ends_at, row.lately, row.before, words]

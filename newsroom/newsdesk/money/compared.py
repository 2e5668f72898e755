"""Each comparison with Stripe: how much differed and was put right, and how that goes over the days."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncDate
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView, TemplateView

from newsroom.billing.models import Account, Reconcile
from newsroom.core.clock import now
from newsroom.licensing.usage_reports.periods import last_days
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.money.pages import INDEX
from newsroom.newsdesk.reports.plots import plot

LIST = {"url": reverse_lazy("newsdesk:comparisons"), "label": _("Compared with Stripe")}
DAYS = 60


def repaired_by_day() -> list[tuple[date, int]]:
    """What was put right on each of the last days that had something."""
    rows = Reconcile.objects.filter(at__gt=now() - timedelta(days=DAYS), repaired__gt=0)
    days = rows.annotate(day=TruncDate("at")).values("day").annotate(sum=Sum("repaired")).order_by("day")
    return [(each["day"], each["sum"]) for each in days]


class Comparisons(Page, ListView):
    """Every comparison, newest first, and the trend."""

    permission_required = "billing.view_reconcile"
    template_name = "newsdesk/money/compared.html"
    page_title = _("Compared with Stripe")
    header_icon = "tasks"
    paginate_by = 50
    trail = (INDEX,)

    def get_queryset(self) -> QuerySet[Reconcile]:
        found = Reconcile.objects.defer("facts").order_by("-at", "-pk")
        return found.filter(repaired__gt=0) if self.request.GET.get("odd") else found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        days = last_days(DAYS, now(), timezone.get_current_timezone())
        found = repaired_by_day()
        return super().get_context_data(**kwargs) | {
            "plot": plot(days, found),
            "total": sum(count for _day, count in found),
            "days": DAYS,
            "odd": bool(self.request.GET.get("odd")),
            "query": "odd=1" if self.request.GET.get("odd") else "",
        }


class Comparison(Page, TemplateView):
    """One comparison: which objects differed, in what, and whose they are."""

    permission_required = "billing.view_reconcile"
    template_name = "newsdesk/money/comparison.html"
    header_icon = "tasks"
    trail = (INDEX, LIST)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.row = get_object_or_404(Reconcile, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = [each if isinstance(each, dict) else {"id": each} for each in self.row.facts]
        customers = {each["customer"] for each in facts if each.get("customer")}
        accounts = dict(
            Account.objects.filter(stripe_customer_id__in=customers).values_list("stripe_customer_id", "pk")
        )
        rows = [each | {"account": accounts.get(each.get("customer", ""))} for each in facts]
        return super().get_context_data(**kwargs) | {"row": self.row, "rows": rows}

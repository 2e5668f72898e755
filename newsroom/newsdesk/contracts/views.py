"""The list of contracts, and one contract."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView, TemplateView

from newsroom.core.clock import now
from newsroom.licensing.contracts.book import today
from newsroom.licensing.contracts.dates import last_day
from newsroom.licensing.contracts.papers import documents_of
from newsroom.licensing.contracts.rules import State
from newsroom.licensing.contracts.shown import shown
from newsroom.licensing.documents.typeset import pdf
from newsroom.licensing.models import Contract
from newsroom.newsdesk.contracts.deeds import open_to
from newsroom.newsdesk.contracts.forms import ContractFilter
from newsroom.newsdesk.licences.views import Page

LIST = {"url": reverse_lazy("newsdesk:contracts"), "label": _("Contracts")}
NEWEST = 100


class ContractPage(Page):
    """A page of contracts, for those with the right to it."""

    header_icon = "doc-full-inverse"
    permission_required = "licensing.view_contract"


class ContractList(ContractPage, ListView):
    """Every contract as it stands, found by customer, state, end and manager."""

    template_name = "newsdesk/contracts/list.html"
    page_title = _("Contracts")
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Contract]:
        at = now()
        self.form = ContractFilter(self.request.GET)
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        found = Contract.objects.with_state(at).with_terms().select_related("organisation", "manager").order_by("-pk")
        if words := asked.get("words", "").strip():
            found = found.filter(Q(organisation__name__icontains=words) | Q(number__icontains=words))
        if asked.get("state"):
            found = found.in_state(asked["state"])
        if asked.get("manager"):
            found = found.filter(manager=asked["manager"])
        if asked.get("due"):
            day = today(at)
            found = found.ending(day, day + timedelta(days=int(asked["due"])))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        query = self.request.GET.copy()
        query.pop("page", None)
        return context | {
            "form": self.form,
            "rows": [(each, State(each.state), last_day(each.period_to)) for each in context["object_list"]],
            "query": query.urlencode(),
            "may_write": self.request.user.has_perm("licensing.add_contract"),
        }


class ContractDetail(ContractPage, TemplateView):
    """One contract: its lines in words, what is to come, its timeline, its documents, and what can be done."""

    template_name = "newsdesk/contracts/contract.html"
    trail = (LIST,)

    def get_page_title(self) -> str:
        return self.contract.number

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.contract = get_object_or_404(Contract.objects.select_related("organisation", "manager"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = now()
        may_change = self.request.user.has_perm("licensing.change_contract")
        licences = self.contract.licences.order_by("key").values_list("key", "licence_id")
        return super().get_context_data(**kwargs) | {
            "contract": self.contract,
            "shown": shown(self.contract, at),
            "licences": dict(licences),
            "events": self.contract.events.order_by("-pk")[:NEWEST],
            "documents": documents_of(self.contract),
            "deeds": open_to(self.contract, at) if may_change else [],
            "at": at,
        }


def document(request: HttpRequest, pk: int, document: str) -> HttpResponse:
    """One of the contract's documents as PDF."""
    if not request.user.has_perm("licensing.view_contract"):
        raise PermissionDenied
    contract = get_object_or_404(Contract, pk=pk)
    for each in documents_of(contract):
        if each.number == document:
            response = HttpResponse(pdf(each), content_type="application/pdf")
            response.headers["Content-Disposition"] = f'inline; filename="{each.number}.pdf"'
            response.headers["Cache-Control"] = "private, no-store"
            return response
    raise Http404

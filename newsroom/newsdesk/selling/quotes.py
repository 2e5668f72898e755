"""Quotes: the list, the page with its lines, and what can be done."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView, TemplateView

from newsroom.core.clock import now
from newsroom.licensing.models import Indexation, Lead, Quote
from newsroom.licensing.selling import approval, pricing, quotes, wording
from newsroom.licensing.selling.checks import TERMS
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person
from newsroom.newsdesk.selling.pages import DeedPage
from newsroom.newsdesk.selling.quote_forms import NewQuoteForm, QuoteFilter, TermsForm, initial_of
from newsroom.wire.models import Product

LIST = {"url": reverse_lazy("newsdesk:quotes"), "label": _("Quotes")}
VALID = timedelta(days=30)


class QuoteList(Page, ListView):
    """Every quote, newest first."""

    permission_required = "licensing.view_quote"
    template_name = "newsdesk/selling/quotes.html"
    page_title = _("Quotes")
    header_icon = "doc-full"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Quote]:
        self.form = QuoteFilter(self.request.GET)
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        found = Quote.objects.select_related("document", "manager").order_by("-created_at", "-pk")
        if words := asked.get("words", "").strip():
            found = found.filter(Q(customer__icontains=words) | Q(document__number__icontains=words))
        if asked.get("mine"):
            found = found.filter(manager=person(self.request))
        return found.filter(_in_state(asked.get("state", "")))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        at = now()
        query = self.request.GET.copy()
        query.pop("page", None)
        return context | {
            "form": self.form,
            "rows": [(each, each.state_at(at).label) for each in context["object_list"]],
            "query": query.urlencode(),
            "may_add": self.request.user.has_perm("licensing.add_quote"),
        }


def _in_state(state: str) -> Q:
    """A sent quote whose time is over has expired."""
    if state == Quote.State.EXPIRED:
        return Q(state=Quote.State.SENT, valid_until__lte=now())
    if state == Quote.State.SENT:
        return Q(state=Quote.State.SENT, valid_until__gt=now())
    return Q(state=state) if state else Q()


class QuoteDetail(Page, TemplateView):
    """One quote: its terms, its lines, what must be approved, and what was answered."""

    permission_required = "licensing.view_quote"
    template_name = "newsdesk/selling/quote.html"
    header_icon = "doc-full"
    trail = (LIST,)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        found = Quote.objects.select_related("document", "manager", "lead", "submitted_by", "approved_by", "revises")
        self.quote = get_object_or_404(found, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.quote)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        quote, at, locale = self.quote, now(), get_language() or "en"
        rows = list(quote.rows.order_by("position", "pk"))
        totals = pricing.totals(row.line for row in rows)
        return (
            super().get_context_data(**kwargs)
            | {
                "quote": quote,
                "state": quote.state_at(at),
                "lines": lines_shown(rows, locale),
                "totals": [
                    (quotes.interval_label(name), wording.money(total, locale)) for name, total in totals.items()
                ],
                "needs": [(need.title, wording.percent(need.discount), need.by_hand) for need in approval.needs(rows)],
                "indexation": Indexation(quote.indexation).label,
                "indexation_rate": wording.percent(quote.indexation_rate),
                "answer": getattr(quote, "answer", None),
                "next_revision": getattr(quote, "next_revision", None),
            }
            | self._may(at)
        )

    def _may(self, at: Any) -> dict[str, bool]:
        user, quote, state = person(self.request), self.quote, self.quote.state_at(at)
        changes = user.has_perm("licensing.change_quote")
        over = state in {Quote.State.DECLINED, Quote.State.EXPIRED, Quote.State.WITHDRAWN, Quote.State.SENT}
        return {
            "may_write": changes and state in quotes.OPEN,
            "may_submit": changes and state == Quote.State.DRAFT,
            "may_send": changes and state == Quote.State.APPROVED,
            "may_resend": changes and state == Quote.State.SENT,
            "may_revise": changes and quote.frozen and over and not hasattr(quote, "next_revision"),
            "may_withdraw": changes and state in {*quotes.OPEN, Quote.State.SENT},
            "may_approve": state == Quote.State.WAITING
            and user.has_perm(approval.RIGHT)
            and quote.submitted_by_id != user.pk,
        }


def lines_shown(rows: list[Any], locale: str) -> list[dict[str, Any]]:
    """The lines as the page shows them."""
    names = dict(Product.objects.values_list("code", "name"))
    return [
        {
            "row": row,
            "title": row.line.title,
            "facts": wording.facts(row.line, names, locale),
            "clause": row.line.clause,
            "listed": wording.money(row.list_price, locale),
            "discount": wording.percent(row.line.discount) if row.line.discount else "",
            "price": wording.money(row.line.price, locale),
            "interval": quotes.interval_label(row.line.interval),
            "by_hand": not row.from_card,
            "rates": row.from_card,
        }
        for row in rows
    ]


class NewQuote(DeedPage):
    """Write a quote for a lead, or for an organisation."""

    permission_required = "licensing.add_quote"
    page_title = _("New quote")
    button = _("Go on to the lines")
    header_icon = "doc-full"
    trail = (LIST,)
    lead: Lead | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if "lead_id" in kwargs:
            self.lead = get_object_or_404(Lead, pk=kwargs["lead_id"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> Any:
        return TermsForm if self.lead else NewQuoteForm

    def get_initial(self) -> dict[str, Any]:
        at = timezone.localtime(now())
        found = {"starts_on": at.date() + VALID, "valid_until": at + VALID, "currency": "eur"}
        if self.lead is None:
            return found
        lead = self.lead
        return found | {
            "customer": lead.organisation_name,
            "contact_name": lead.name,
            "contact_email": lead.email,
            "country": lead.country,
            "locale": lead.locale,
        }

    def deed(self, asked: dict[str, Any]) -> str:
        manager = person(self.request)
        organisation = asked.get("organisation") or (self.lead.organisation if self.lead else None)
        content = {name: asked[name] for name in TERMS}
        made = quotes.draft(
            lead=self.lead, organisation=organisation, manager=manager, content=content, by=manager.actor, at=now()
        )
        return reverse("newsdesk:quote", args=[made.pk])


class QuoteDeed(DeedPage):
    """One thing done about a quote."""

    permission_required = "licensing.change_quote"
    header_icon = "doc-full"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.quote = get_object_or_404(Quote.objects.select_related("document"), pk=kwargs["pk"])
        self.trail = (LIST, {"url": self.back, "label": str(self.quote)})
        return super().dispatch(request, *args, **kwargs)

    @property
    def back(self) -> str:
        return reverse("newsdesk:quote", args=[self.quote.pk])

    @property
    def who(self) -> dict[str, Any]:
        return {"by": person(self.request).actor, "at": now()}


class ChangeTerms(QuoteDeed):
    page_title = _("Terms")
    form_class = TermsForm

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.quote)

    def deed(self, asked: dict[str, Any]) -> str:
        quotes.set_terms(quote=self.quote, content=asked, **self.who)
        return self.back

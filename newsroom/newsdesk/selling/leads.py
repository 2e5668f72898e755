"""Leads: the list, the page, and what can be done."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView, TemplateView

from newsroom.core.clock import now
from newsroom.licensing.models import Lead, SalesCountry
from newsroom.licensing.rules import Use
from newsroom.licensing.selling import assigning, leads, trials
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person
from newsroom.newsdesk.selling import lead_forms as ask
from newsroom.newsdesk.selling.choices import country_choices
from newsroom.newsdesk.selling.pages import DeedPage, timeline
from newsroom.wire.models import Product

LIST = {"url": reverse_lazy("newsdesk:leads"), "label": _("Leads")}
OPEN = (Lead.State.NEW, Lead.State.TALKING, Lead.State.TRIAL, Lead.State.QUOTED)


class LeadList(Page, ListView):
    """Leads, the next step soonest first."""

    permission_required = "licensing.view_lead"
    template_name = "newsdesk/selling/leads.html"
    page_title = _("Leads")
    header_icon = "group"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Lead]:
        self.form = ask.LeadFilter(self.request.GET)
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        found = Lead.objects.select_related("manager").order_by("next_on", "-created_at", "-pk")
        state = asked.get("state", "")
        if state != "all":
            found = found.filter(state__in=[state] if state else OPEN)
        if words := asked.get("words", "").strip():
            found = found.filter(
                Q(name__icontains=words) | Q(organisation_name__icontains=words) | Q(email__icontains=words)
            )
        if asked.get("country"):
            found = found.filter(country=asked["country"])
        if asked.get("mine"):
            found = found.filter(manager=person(self.request))
        if asked.get("overdue"):
            found = found.filter(next_on__lt=timezone.localdate(now()), state__in=OPEN)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("page", None)
        facts = {"form": self.form, "query": query.urlencode(), "today": timezone.localdate(now())}
        return super().get_context_data(**kwargs) | facts


class LeadDetail(Page, TemplateView):
    """One lead: who asks for what, what happened, what is next."""

    permission_required = "licensing.view_lead"
    template_name = "newsdesk/selling/lead.html"
    header_icon = "group"
    trail = (LIST,)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        found = Lead.objects.select_related("manager", "organisation", "item__head")
        self.lead = get_object_or_404(found, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.lead)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lead, at = self.lead, now()
        names = dict(Product.objects.filter(code__in=lead.products).values_list("code", "name"))
        trial = lead.trials.select_related("licence").first()
        return super().get_context_data(**kwargs) | {
            "lead": lead,
            "country": dict(country_choices()).get(lead.country, lead.country),
            "products": [names.get(code, code) for code in lead.products],
            "uses": [Use(each).label for each in lead.uses],
            "overdue": lead.next_on is not None and lead.next_on < timezone.localdate(at) and lead.state in OPEN,
            "quotes": [
                (each, each.state_at(at).label) for each in lead.quotes.select_related("document").order_by("pk")
            ],
            "trial": trial,
            "trial_ends": trials.ends_at(trial.licence) if trial else None,
            "events": timeline(lead),
            "moves": [(each.value, each.label) for each in Lead.State if self._by_hand(each)],
            "may_change": self.request.user.has_perm("licensing.change_lead"),
            "may_quote": self.request.user.has_perm("licensing.add_quote"),
        }

    def _by_hand(self, state: Lead.State) -> bool:
        """Trials, quotes and answers move a lead by themselves."""
        return state in leads.NEXT[Lead.State(self.lead.state)] and state in {Lead.State.TALKING, Lead.State.LOST}


class LeadDeed(DeedPage):
    """One thing done about a lead."""

    permission_required = "licensing.change_lead"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.lead = get_object_or_404(Lead.objects.select_related("manager", "organisation"), pk=kwargs["pk"])
        self.trail = (LIST, {"url": self.back, "label": str(self.lead)})
        return super().dispatch(request, *args, **kwargs)

    @property
    def back(self) -> str:
        return reverse("newsdesk:lead", args=[self.lead.pk])

    @property
    def who(self) -> dict[str, Any]:
        return {"lead": self.lead, "by": person(self.request).actor, "at": now()}


class Note(LeadDeed):
    page_title = _("Write a note")
    form_class = ask.NoteForm

    def deed(self, asked: dict[str, Any]) -> str:
        leads.note(text=asked["text"], **self.who)
        return self.back


class Plan(LeadDeed):
    page_title = _("Next step")
    form_class = ask.PlanForm

    def get_initial(self) -> dict[str, Any]:
        return {"step": self.lead.next_step, "next_on": self.lead.next_on}

    def deed(self, asked: dict[str, Any]) -> str:
        leads.plan(step=asked["step"], on=asked["next_on"], **self.who)
        return self.back


class Assign(LeadDeed):
    page_title = _("Account manager")
    form_class = ask.AssignForm

    def get_initial(self) -> dict[str, Any]:
        return {"manager": self.lead.manager_id}

    def deed(self, asked: dict[str, Any]) -> str:
        leads.assign(manager=asked["manager"], **self.who)
        return self.back


class Move(LeadDeed):
    """Take a lead up, or give it up with a reason."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs["state"] not in {Lead.State.TALKING, Lead.State.LOST}:
            raise Http404
        self.state = Lead.State(kwargs["state"])
        self.button = self.page_title = _("Mark as lost") if self.state == Lead.State.LOST else _("We are talking")
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> Any:
        return ask.ReasonForm if self.state == Lead.State.LOST else ask.NoQuestion

    def deed(self, asked: dict[str, Any]) -> str:
        leads.move(to=self.state, why=asked.get("why", ""), **self.who)
        return self.back


class StartTrial(LeadDeed):
    page_title = _("Start a trial")
    button = _("Start the trial")
    done = _("The trial has begun; the contact was written to.")
    form_class = ask.TrialForm

    def get_initial(self) -> dict[str, Any]:
        return {"organisation": self.lead.organisation_id}

    def deed(self, asked: dict[str, Any]) -> str:
        trials.start(
            organisation=asked["organisation"],
            products=None if asked["all_products"] else asked["products"],
            uses=tuple(Use(each) for each in asked["uses"]),
            days=asked["days"],
            **self.who,
        )
        return self.back


class Countries(DeedPage):
    """Which account manager has which country; every other country goes in turn."""

    permission_required = "licensing.change_lead"
    template_name = "newsdesk/selling/countries.html"
    page_title = _("Countries of account managers")
    form_class = ask.SalesCountryForm
    trail = (LIST,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = dict(country_choices())
        rows = SalesCountry.objects.select_related("manager").order_by("country")
        found = [(names.get(each.country, each.country), each.manager) for each in rows]
        return super().get_context_data(**kwargs) | {"rows": found}

    def deed(self, asked: dict[str, Any]) -> str:
        assigning.set_country(
            country=asked["country"], manager=asked["manager"], by=person(self.request).actor, at=now()
        )
        return reverse("newsdesk:lead_countries")

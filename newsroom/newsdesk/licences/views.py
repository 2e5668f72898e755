"""Licences for those who sell and keep them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, ListView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from newsroom.core.clock import now
from newsroom.core.models import AuditEntry
from newsroom.licensing import actions
from newsroom.licensing.models import ContractLine, Licence, LicenceVersion
from newsroom.licensing.rights.lookup import granted_of, named, product_names
from newsroom.licensing.rights.words import joined, limits_in_words, ordered, sentences
from newsroom.licensing.rules import Source, Use
from newsroom.licensing.terms import BadTerms
from newsroom.newsdesk.licences.forms import (
    ExtendForm,
    GrantForm,
    LicenceFilter,
    ReasonForm,
    SeatsForm,
    TermsForm,
)
from newsroom.newsdesk.licences.limits import initial_of
from newsroom.newsdesk.policy import person
from newsroom.wire.models import Product

LIST = {"url": reverse_lazy("newsdesk:licences"), "label": _("Licences")}
FIELD_OF_TERMS = {"holder": "person", "delay": "delay_minutes", "archive": "archive_days", "quotas": "quota_1_use"}


class Page(PermissionRequiredMixin, WagtailAdminTemplateMixin):
    """A page of licences, for those with the right to it."""

    raise_exception = True
    header_icon = "key"
    permission_required = "licensing.view_licence"
    trail: tuple[dict[str, Any], ...] = ()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), *self.trail, {"url": "", "label": self.get_page_title()}]


def state_of(version: LicenceVersion, at: datetime) -> Any:
    """In one word what a licence is at this moment."""
    if version.suspended:
        return _("suspended")
    if version.ends_at is not None and version.ends_at <= at:
        return _("ended")
    return _("to come") if version.starts_at > at else _("in force")


def in_short(version: LicenceVersion) -> str:
    """Its uses, and what limits them."""
    uses = joined(Use(each).label for each in ordered(version.uses))
    return f"{uses}. {' '.join(limits_in_words(version.limits))}".strip()


class LicenceList(Page, ListView):
    """Every licence as it stands, found by holder, source and state."""

    template_name = "newsdesk/licences.html"
    page_title = _("Licences")
    paginate_by = 50

    def get_queryset(self) -> QuerySet[LicenceVersion]:
        at = now()
        self.form = LicenceFilter(self.request.GET)
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        found = LicenceVersion.objects.filter(recorded_to=None)
        found = found.select_related("licence__user", "licence__organisation").order_by("-licence_id")
        if asked.get("source"):
            found = found.filter(licence__source=asked["source"])
        if words := asked.get("words", "").strip():
            found = found.filter(
                Q(licence__user__email__icontains=words)
                | Q(licence__organisation__name__icontains=words)
                | Q(licence__source_ref__icontains=words)
            )
        states = {
            "in_force": Q(suspended=False, starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at)),
            "suspended": Q(suspended=True),
            "ended": Q(ends_at__lte=at),
            "to_come": Q(starts_at__gt=at),
        }
        return found.filter(states.get(asked.get("state", ""), Q()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        at = now()
        query = self.request.GET.copy()
        query.pop("page", None)
        return context | {
            "form": self.form,
            "rows": [
                (each, named(each.licence.holder), state_of(each, at), in_short(each))
                for each in context["object_list"]
            ],
            "query": query.urlencode(),
            "may_grant": self.request.user.has_perm("licensing.add_licence"),
        }


class LicenceDetail(Page, TemplateView):
    """One licence: what it says, what it said before, and who changed it why."""

    template_name = "newsdesk/licence.html"
    trail = (LIST,)

    def get_page_title(self) -> str:
        return str(self.licence)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        licences = Licence.objects.select_related("user", "organisation")
        self.licence = get_object_or_404(licences, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = list(self.licence.versions.order_by("-number"))
        current = versions[0]
        line = ContractLine.objects.select_related("contract").filter(licence=self.licence).first()
        names = dict(Product.objects.values_list("pk", "name"))
        audit = AuditEntry.objects.filter(subject_kind="licensing.licence", subject_id=str(self.licence.pk))
        return super().get_context_data(**kwargs) | {
            "licence": self.licence,
            "holder": named(self.licence.holder),
            "current": current,
            "uses": [Use(each).label for each in current.uses],
            "products": [names[each] for each in current.product_ids if each in names],
            "in_words": sentences(granted_of(current), product_names()),
            "asks": self.licence.user.email if self.licence.user else getattr(self.licence.organisation, "slug", ""),
            "state": state_of(current, now()),
            "versions": versions,
            "audit": audit.order_by("-at")[:50],
            "may_change": self.request.user.has_perm("licensing.change_licence"),
            "ended": current.ends_at is not None and current.ends_at <= now(),
            "by_hand": self.licence.source in {Source.CONTRACT, Source.COMP} and line is None,
            "contract": line.contract if line else None,
        }


class Grant(Page, FormView):
    """Give a person or an organisation a right."""

    permission_required = "licensing.add_licence"
    template_name = "newsdesk/form.html"
    page_title = _("Grant a licence")
    form_class = GrantForm
    trail = (LIST,)
    extra_context = {"button": _("Grant the licence")}

    def get_initial(self) -> dict[str, Any]:
        """A customer's page names the holder in the address."""
        asked = self.request.GET
        return {"starts_at": now(), "person": asked.get("person", ""), "organisation": asked.get("organisation")}

    def form_valid(self, form: GrantForm) -> HttpResponse:
        asked = form.cleaned_data
        try:
            licence = actions.start(
                source=Source(asked["source"]),
                source_ref=asked["source_ref"],
                holder=asked["person"] or asked["organisation"],
                uses=[Use(each) for each in asked["uses"]],
                products=None if asked["all_products"] else asked["products"],
                starts_at=asked["starts_at"],
                ends_at=asked["ends_at"],
                clause=asked["clause"],
                limits=form.limits(),
                why=asked["why"],
                by=person(self.request).actor,
                at=now(),
            )
        except BadTerms as refusal:
            form.add_error(FIELD_OF_TERMS.get(refusal.field, refusal.field), str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The licence is granted."))
        return redirect(reverse("newsdesk:licence", args=[licence.pk]))


class ByHand(Page, FormView):
    """A change to a licence that was given by hand. What a plan gives, the subscription decides."""

    permission_required = "licensing.change_licence"
    template_name = "newsdesk/form.html"
    done: Any

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        by_hand = Licence.objects.filter(source__in=[Source.CONTRACT, Source.COMP], contract_line=None)
        self.licence = get_object_or_404(by_hand, pk=kwargs["pk"])
        self.trail = (LIST, {"url": reverse("newsdesk:licence", args=[self.licence.pk]), "label": str(self.licence)})
        self.extra_context = {"button": self.page_title}
        return super().dispatch(request, *args, **kwargs)

    @property
    def current(self) -> LicenceVersion:
        return self.licence.versions.get(recorded_to=None)

    def change(self, asked: dict[str, Any], **by: Any) -> None:
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        asked = form.cleaned_data
        try:
            self.change(asked, by=person(self.request).actor, at=now(), why=asked["why"])
        except BadTerms as refusal:
            field = FIELD_OF_TERMS.get(refusal.field, refusal.field)
            form.add_error(field if field in form.fields else None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect(reverse("newsdesk:licence", args=[self.licence.pk]))


class Limit(ByHand):
    """Other limits."""

    form_class = TermsForm
    page_title = _("Change the limits")
    done = _("The limits are changed.")

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.current.limits)

    def change(self, asked: dict[str, Any], **by: Any) -> None:
        actions.limit(licence=self.licence, limits=asked["limits"], **by)


class Extend(ByHand):
    """Another end."""

    form_class = ExtendForm
    page_title = _("Extend the licence")
    done = _("The licence has its new end.")

    def get_initial(self) -> dict[str, Any]:
        return {"ends_at": self.current.ends_at}

    def change(self, asked: dict[str, Any], **by: Any) -> None:
        actions.extend(licence=self.licence, ends_at=asked["ends_at"], **by)


class Seats(ByHand):
    """More seats, or fewer."""

    form_class = SeatsForm
    page_title = _("Change the seats")
    done = _("The number of seats is changed.")

    def get_initial(self) -> dict[str, Any]:
        return {"seats": self.current.seats}

    def change(self, asked: dict[str, Any], **by: Any) -> None:
        actions.limit(licence=self.licence, limits=replace(self.current.limits, seats=asked["seats"]), **by)


CHANGES = {
    "suspend": (actions.suspend, _("Suspend the licence"), _("The licence is suspended.")),
    "resume": (actions.resume, _("Resume the licence"), _("The licence is in force again.")),
    "end": (actions.end, _("End the licence"), _("The licence is ended.")),
}


class Change(Page, FormView):
    """Suspend, resume or end a licence that was given by hand. What a plan gives, the subscription decides."""

    permission_required = "licensing.change_licence"
    template_name = "newsdesk/form.html"
    form_class = ReasonForm

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        by_hand = Licence.objects.filter(source__in=[Source.CONTRACT, Source.COMP], contract_line=None)
        self.licence = get_object_or_404(by_hand, pk=kwargs["pk"])
        if kwargs["change"] not in CHANGES:
            raise Http404
        self.deed, self.label, self.done = CHANGES[kwargs["change"]]
        self.trail = (LIST, {"url": reverse("newsdesk:licence", args=[self.licence.pk]), "label": str(self.licence)})
        self.extra_context = {"button": self.label}
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> Any:
        return self.label

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        self.deed(licence=self.licence, by=person(self.request).actor, at=now(), why=form.cleaned_data["why"])
        messages.success(self.request, self.done)
        return redirect(reverse("newsdesk:licence", args=[self.licence.pk]))

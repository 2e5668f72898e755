"""Licences for those who sell and keep them."""

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
from newsroom.licensing.actions import BadTerms
from newsroom.licensing.models import Licence, LicenceVersion
from newsroom.licensing.rules import Source, Use
from newsroom.newsdesk.licences.forms import GrantForm, LicenceFilter, ReasonForm
from newsroom.newsdesk.policy import person
from newsroom.wire.models import Product

LIST = {"url": reverse_lazy("newsdesk:licences"), "label": _("Licences")}
FIELD_OF_TERMS = {"holder": "person"}


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
            "rows": [(each, state_of(each, at)) for each in context["object_list"]],
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
        names = dict(Product.objects.values_list("pk", "name"))
        audit = AuditEntry.objects.filter(subject_kind="licensing.licence", subject_id=str(self.licence.pk))
        return super().get_context_data(**kwargs) | {
            "licence": self.licence,
            "current": current,
            "uses": [Use(each).label for each in current.uses],
            "products": [names[each] for each in current.product_ids if each in names],
            "state": state_of(current, now()),
            "versions": versions,
            "audit": audit.order_by("-at")[:50],
            "may_change": self.request.user.has_perm("licensing.change_licence"),
            "ended": current.ends_at is not None and current.ends_at <= now(),
            "by_hand": self.licence.source in {Source.CONTRACT, Source.COMP},
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
        return {"starts_at": now()}

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
                why=asked["why"],
                by=person(self.request).actor,
                at=now(),
            )
        except BadTerms as refusal:
            form.add_error(FIELD_OF_TERMS.get(refusal.field, refusal.field), str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The licence is granted."))
        return redirect(reverse("newsdesk:licence", args=[licence.pk]))


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
        by_hand = Licence.objects.filter(source__in=[Source.CONTRACT, Source.COMP])
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

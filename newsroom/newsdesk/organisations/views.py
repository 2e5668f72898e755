"""A customer's people and places on the desk, each deed with its reason; and two accounts made one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, ListView
from wagtail.admin import messages

from newsroom.accounts.models import Domain, DomainClaim, Membership, Merger, Network, Organisation
from newsroom.accounts.querysets import ValidQuerySet
from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.licensing import seats
from newsroom.licensing.models import Invitation, SeatRequest
from newsroom.licensing.organisations import lists, merging
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.organisations.deeds import DEEDS, Asked
from newsroom.newsdesk.organisations.forms import MergeForm, WhyForm
from newsroom.newsdesk.policy import person

MOST = 100


def people_url(organisation: Organisation) -> str:
    return reverse("newsdesk:organisation_people", args=[organisation.pk])


class People(Page, ListView):
    """Everybody of one organisation, their roles and seats, who is invited, who asks, and where they come from."""

    template_name = "newsdesk/organisations/people.html"
    header_icon = "group"
    paginate_by = 50

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.organisation = get_object_or_404(Organisation, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> Any:
        return _("People of %(organisation)s") % {"organisation": self.organisation}

    def get_queryset(self) -> ValidQuerySet:
        self.words = self.request.GET.get("q", "").strip()[:100]
        return lists.people(self.organisation.pk, self.words, now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        at, organisation = now(), self.organisation
        sitting = lists.seats_of(context["object_list"], organisation.pk)
        return context | {
            "organisation": organisation,
            "rows": [(each, sitting.get(each.user_id, [])) for each in context["object_list"]],
            "licences": lists.counted(seats.of_organisation(organisation.pk, at)),
            "invitations": Invitation.objects.open().filter(organisation=organisation).order_by("-sent_at")[:MOST],
            "requests": SeatRequest.objects.open()
            .filter(organisation=organisation)
            .select_related("user", "licence")
            .order_by("asked_at")[:MOST],
            "domains": Domain.objects.valid(at).filter(organisation=organisation).order_by("name"),
            "claims": DomainClaim.objects.filter(organisation=organisation, closed_at=None).order_by("name"),
            "networks": Network.objects.valid(at).filter(organisation=organisation).order_by("cidr"),
            "may_change": self.request.user.has_perm("licensing.change_licence"),
            "words": self.words,
            "query": f"q={self.words}" if self.words else "",
        }


class DoDeed(Page, FormView):
    """One deed of the list, on the organisation or on something of it."""

    permission_required = "licensing.change_licence"
    template_name = "newsdesk/form.html"
    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.organisation = get_object_or_404(Organisation, pk=kwargs["pk"])
        deed = DEEDS.get(kwargs["deed"])
        if deed is None or (deed.of is None) != ("of" not in kwargs):
            raise Http404
        self.deed = deed
        self.of = get_object_or_404(deed.of(self.organisation), pk=kwargs["of"]) if deed.of else None
        title = _("People of %(organisation)s") % {"organisation": self.organisation}
        self.trail = ({"url": people_url(self.organisation), "label": title},)
        self.extra_context = {"button": deed.title}
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> Any:
        return self.deed.title

    def get_page_subtitle(self) -> str:
        return str(self.of.user if isinstance(self.of, Membership) else self.of or self.organisation)

    def get_form_class(self) -> Any:
        return self.deed.form

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"organisation": self.organisation}

    def get_initial(self) -> dict[str, Any]:
        role = {"role": self.of.role} if isinstance(self.of, Membership) else {}
        return {"join_rule": self.organisation.join_rule} | role

    def form_valid(self, form: Any) -> HttpResponse:
        by = person(self.request).actor
        asked = Asked(self.organisation, self.of, form, by, now(), (get_language() or "en").split("-")[0])
        try:
            self.deed.run(asked)
        except Refused as refusal:
            field = getattr(refusal, "field", "")
            form.add_error(field if field in form.fields else None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Done."))
        return redirect(people_url(self.organisation))


class Mergers(Page, ListView):
    """Accounts that were made one, newest first."""

    template_name = "newsdesk/organisations/mergers.html"
    page_title = _("Merged accounts")
    header_icon = "group"
    paginate_by = 50

    def get_queryset(self) -> ValidQuerySet:
        return Merger.objects.select_related("keep", "gone").order_by("-valid_from", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        since = now() - merging.UNDONE_WITHIN
        context: dict[str, Any] = super().get_context_data(**kwargs)
        rows = [(each, each.valid_to is None and each.valid_from >= since) for each in context["object_list"]]
        return context | {"rows": rows, "may_change": self.request.user.has_perm("licensing.change_licence")}


MERGERS = {"url": "/desk/people/mergers/", "label": _("Merged accounts")}


class Merge(Page, FormView):
    """Make two accounts one although one address cannot agree."""

    permission_required = "licensing.change_licence"
    template_name = "newsdesk/form.html"
    page_title = _("Make two accounts one")
    header_icon = "group"
    form_class = MergeForm
    trail = (MERGERS,)
    extra_context = {"button": _("Make them one")}

    def form_valid(self, form: MergeForm) -> HttpResponse:
        said = form.cleaned_data
        try:
            merging.merge_people(
                keep=said["keep"], gone=said["gone"], why=said["why"], by=person(self.request).actor, at=now()
            )
        except merging.MergerRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The accounts are one."))
        return redirect("newsdesk:mergers")


class Undo(Page, FormView):
    """Two people again."""

    permission_required = "licensing.change_licence"
    template_name = "newsdesk/form.html"
    page_title = _("Undo the merger")
    header_icon = "group"
    form_class = WhyForm
    trail = (MERGERS,)
    extra_context = {"button": _("Make two accounts of it again")}

    def form_valid(self, form: WhyForm) -> HttpResponse:
        merger = get_object_or_404(Merger.objects.select_related("keep", "gone"), pk=self.kwargs["pk"])
        try:
            merging.undo(merger=merger, by=person(self.request).actor, at=now(), why=form.cleaned_data["why"])
        except merging.MergerRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("They are two accounts again."))
        return redirect("newsdesk:mergers")

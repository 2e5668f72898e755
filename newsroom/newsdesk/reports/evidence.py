"""Evidence packs: asked for, listed, handed out."""

from typing import Any

from django import forms
from django.core.files.storage import storages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from django.views.generic.base import View
from wagtail.admin import messages

from newsroom.accounts.models import Organisation
from newsroom.core.clock import now
from newsroom.licensing import evidence
from newsroom.licensing.documents import typeset
from newsroom.licensing.evidence import Asked
from newsroom.licensing.models import EvidencePack
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person
from newsroom.newsdesk.reports.forms import PeriodForm
from newsroom.newsdesk.reports.usage import A_PAGE, INDEX
from newsroom.wire.models import Item


def item_of(words: str) -> Item | None:
    """The story of this URI, address or last part of the address."""
    slug = words.strip().rstrip("/").rpartition("/")[2]
    return Item.objects.filter(uri=words.strip()).first() or Item.objects.filter(slug=slug).first()


class EvidenceForm(PeriodForm):
    """A story, a customer, or both. A customer is asked for within a period."""

    story = forms.CharField(
        label=_("Story"), required=False, max_length=500, help_text=_("Its address or its URI: every version of it.")
    )
    organisation = forms.ModelChoiceField(
        label=_("Customer"), required=False, queryset=Organisation.objects.order_by("name")
    )
    field_order = ("story", "organisation", "first", "last")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "last"):
            self.fields[name].initial = None
            self.fields[name].help_text = _now("Empty for a story: from its first use to now.")

    def clean_story(self) -> Item | None:
        words = self.cleaned_data["story"]
        if not words.strip():
            return None
        found = item_of(words)
        if found is None:
            raise forms.ValidationError(_now("There is no story of this address."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("story") and not cleaned.get("organisation"):
            self.add_error("story", _now("Name a story or a customer."))
        return cleaned

    def question(self) -> Asked:
        cleaned = self.cleaned_data
        dated = bool(cleaned.get("first") or cleaned.get("last") or not cleaned.get("story"))
        return Asked(cleaned.get("story"), cleaned.get("organisation"), self.days if dated else None)


class Evidence(Page, FormView):
    """Ask for a pack; those that were made, newest first."""

    permission_required = "licensing.add_evidencepack"
    template_name = "newsdesk/reports/evidence.html"
    page_title = _("Evidence packs")
    header_icon = "clipboard-list"
    form_class = EvidenceForm
    success_url = reverse_lazy("newsdesk:evidence")
    trail = (INDEX,)
    extra_context = {"button": _("Make the pack")}

    def form_valid(self, form: EvidenceForm) -> HttpResponse:
        pack = evidence.assemble(
            asked=form.question(), locale=get_language() or "en", by=person(self.request).actor, at=now()
        )
        messages.success(self.request, _now("Evidence pack %(number)s is made.") % {"number": pack.document.number})
        return redirect(self.success_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        packs = EvidencePack.objects.select_related("document", "item__head", "organisation")
        found = packs.defer("item__head__public_vector").order_by("-pk")
        page = Paginator(found, A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {"packs": page.object_list, "page_obj": page, "query": "list=1"}


class Handed(Page, View):
    """A pack's document or its file."""

    permission_required = "licensing.view_evidencepack"

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
        pack = get_object_or_404(EvidencePack.objects.select_related("document"), pk=pk)
        headers = {"Cache-Control": "private, no-store"}
        if kind == "csv":
            file = storages["vault"].open(pack.file)
            name = f"{pack.document.number}.csv"
            return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv", headers=headers)
        headers["Content-Disposition"] = f'attachment; filename="{pack.document.number}.pdf"'
        return HttpResponse(typeset.pdf(pack.document), content_type="application/pdf", headers=headers)

"""What people ask about their own data, by the day it is due."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages

from newsroom.accounts.models import User
from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.licensing.erasure import handing, persons
from newsroom.licensing.models import PersonRequest
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person
from newsroom.newsdesk.reports.usage import A_PAGE, INDEX

LIST = {"url": reverse_lazy("newsdesk:requests"), "label": _("Personal data")}
OPEN = Q(state__in=["open", "waiting"])


class AskForm(forms.Form):
    """A request that came by letter or telephone."""

    person = forms.EmailField(label=_("Person"), help_text=_("The e-mail address they sign in with."))
    kind = forms.ChoiceField(label=_("What is asked"), choices=PersonRequest.Kind.choices)

    def clean_person(self) -> User:
        found = User.objects.filter(email=self.cleaned_data["person"].strip().lower(), is_active=True).first()
        if found is None:
            raise forms.ValidationError(_now("Nobody signs in with this address."))
        return found


class Requests(Page, FormView):
    """Open requests first, the soonest due on top."""

    permission_required = "licensing.view_personrequest"
    template_name = "newsdesk/reports/requests.html"
    page_title = _("Personal data")
    header_icon = "user"
    form_class = AskForm
    trail = (INDEX,)
    extra_context = {"button": _("Write the request down")}

    def form_valid(self, form: AskForm) -> HttpResponse:
        user, by = form.cleaned_data["person"], person(self.request)
        asked = persons.ask(user=user, kind=form.cleaned_data["kind"], by=by.actor, at=now())
        return redirect(reverse("newsdesk:request", args=[asked.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = PersonRequest.objects.select_related("user").order_by(
            F("settled_at").desc(nulls_first=True), "due_at", "pk"
        )
        page = Paginator(found, A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "requests": page.object_list,
            "page_obj": page,
            "query": "list=1",
            "late": PersonRequest.objects.filter(OPEN, due_at__lt=now()).count(),
            "now": now(),
        }


class NoteForm(forms.Form):
    """Why, where the person must be told."""

    why = forms.CharField(label=_("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class Request(Page, FormView):
    """One request: hand the copy out, begin the erasure's grace period, take it back, refuse."""

    permission_required = "licensing.change_personrequest"
    template_name = "newsdesk/reports/request.html"
    header_icon = "user"
    form_class = NoteForm
    trail = (INDEX, LIST)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.asked = get_object_or_404(PersonRequest.objects.select_related("user"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return f"{self.asked.get_kind_display()}: {self.asked.user}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "asked": self.asked,
            "open": self.asked.state in {"open", "waiting"},
        }

    def form_valid(self, form: NoteForm) -> HttpResponse:
        why = form.cleaned_data["why"]
        try:
            if "refuse" in self.request.POST and not why:
                form.add_error("why", _now("The person must be told why."))
                return self.form_invalid(form)
            self._do(why)
        except Refused as refusal:
            form.add_error("why", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _now("Done."))
        return redirect(reverse("newsdesk:request", args=[self.asked.pk]))

    def _do(self, why: str) -> None:
        by, at, chosen = person(self.request).actor, now(), self.request.POST
        if "refuse" in chosen:
            persons.refuse(request=self.asked, by=by, at=at, why=why)
        elif "withdraw" in chosen:
            persons.withdraw(request=self.asked, by=by, at=at, why=why)
        elif self.asked.kind == PersonRequest.Kind.ERASURE:
            persons.accept(request=self.asked, by=by, at=at)
        else:
            handing.send_link(request=self.asked, by=by, at=at)

"""What the pages of money share."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, ListView
from wagtail.admin import messages

from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.newsdesk.licences.forms import ReasonForm
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person

INDEX = {"url": reverse_lazy("newsdesk:money"), "label": _("Money")}


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"})


class FilteredList(Page, ListView):
    """Rows found by a form in the address; its faults are said, and then nothing is filtered."""

    header_icon = "tasks"
    paginate_by = 50
    trail: tuple[dict[str, Any], ...] = (INDEX,)
    form_class: type[forms.Form]

    def asked(self) -> dict[str, Any]:
        self.form = self.form_class(self.request.GET)
        return {name: value for name, value in self.form.cleaned_data.items() if value} if self.form.is_valid() else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(**kwargs) | {"form": self.form, "query": query.urlencode()}


class SettleView(Page, FormView):
    """One deed with its reason; what is refused is said on the form."""

    header_icon = "tasks"
    template_name = "newsdesk/form.html"
    form_class = ReasonForm
    model: Any
    back: str
    deeds: dict[str, tuple[Any, Any, Any]]  # what the button says, the deed, what is said when it is done

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs["deed"] not in self.deeds:
            raise Http404
        self.label, self.deed, self.done = self.deeds[kwargs["deed"]]
        self.row = get_object_or_404(self.model, pk=kwargs["pk"])
        self.extra_context = {"button": self.label}
        self.trail = (INDEX, {"url": self.address(), "label": str(self.row)})
        return super().dispatch(request, *args, **kwargs)

    def address(self) -> str:
        return reverse(self.back, args=[self.row.pk])

    def get_page_title(self) -> Any:
        return self.label

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            self.deed(self.row, by=person(self.request).actor, at=now(), why=form.cleaned_data["why"])
        except Refused as refusal:
            form.add_error("why", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect(self.address())

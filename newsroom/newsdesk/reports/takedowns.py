"""Orders to take a story away: written down by one person, confirmed by another."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages

from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.licensing.erasure import takedowns
from newsroom.licensing.erasure.takedowns import BadOrder
from newsroom.licensing.models import Takedown
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.policy import person
from newsroom.newsdesk.reports.evidence import item_of
from newsroom.newsdesk.reports.usage import A_PAGE, INDEX
from newsroom.wire.models import Item

LIST = {"url": reverse_lazy("newsdesk:takedowns"), "label": _("Takedowns")}
FORM_FIELD = {"item": "story"}


class OrderForm(forms.Form):
    """What the order says."""

    story = forms.CharField(label=_("Story"), max_length=500, help_text=_("Its address or its URI."))
    version = forms.IntegerField(
        label=_("Version"), required=False, min_value=1, help_text=_("Empty: every version, and the story is killed.")
    )
    reference = forms.CharField(label=_("Reference of the order"), max_length=200, help_text=_("Court and number."))
    why = forms.CharField(label=_("Reason, for the file"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    public_reason = forms.CharField(
        label=_("Reason, for everybody"), max_length=500, help_text=_("Stands at the story's address.")
    )
    status = forms.TypedChoiceField(
        label=_("Answer of the address"), choices=Takedown.Status.choices, coerce=int, initial=Takedown.Status.LEGAL
    )
    blank_public = forms.BooleanField(label=_("Headline, summary and address must go too"), required=False)

    def clean_story(self) -> Item:
        found = item_of(self.cleaned_data["story"])
        if found is None:
            raise forms.ValidationError(_now("There is no story of this address."))
        return found


class Takedowns(Page, TemplateView):
    """Orders, newest first."""

    permission_required = "licensing.view_takedown"
    template_name = "newsdesk/reports/takedowns.html"
    page_title = _("Takedowns")
    header_icon = "bin"
    trail = (INDEX,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Takedown.objects.select_related("item__head", "asked_by", "settled_by")
        found = found.defer("item__head__public_vector").order_by("-pk")
        page = Paginator(found, A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {"orders": page.object_list, "page_obj": page, "query": "list=1"}


class Order(Page, FormView):
    """Write an order down."""

    permission_required = "licensing.add_takedown"
    template_name = "newsdesk/form.html"
    page_title = _("Write an order down")
    header_icon = "bin"
    form_class = OrderForm
    trail = (INDEX, LIST)
    extra_context = {"button": _("Write it down; somebody else confirms")}

    def form_valid(self, form: OrderForm) -> HttpResponse:
        said = dict(form.cleaned_data)
        item = said.pop("story")
        try:
            takedowns.ask(item=item, **said, by=person(self.request), at=now())
        except BadOrder as refusal:
            form.add_error(FORM_FIELD.get(refusal.field, refusal.field), str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _now("The order is written down. Somebody else must confirm it."))
        return redirect(reverse("newsdesk:takedowns"))


class SettleForm(forms.Form):
    """The second person's word."""

    why = forms.CharField(label=_("Note"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class Settle(Page, FormView):
    """Confirm an order, which is final, or refuse it."""

    permission_required = "licensing.confirm_takedown"
    template_name = "newsdesk/reports/takedown.html"
    header_icon = "bin"
    form_class = SettleForm
    trail = (INDEX, LIST)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        orders = Takedown.objects.select_related("item__head", "asked_by", "settled_by")
        self.order = get_object_or_404(orders.defer("item__head__public_vector"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.order)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"order": self.order, "open": self.order.state == "asked"}

    def form_valid(self, form: SettleForm) -> HttpResponse:
        by = person(self.request)
        try:
            if "confirm" in self.request.POST:
                takedowns.confirm(order=self.order, by=by, at=now())
            else:
                takedowns.refuse(order=self.order, by=by, at=now(), why=form.cleaned_data["why"])
        except Refused as refusal:
            form.add_error("why", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _now("The order is settled."))
        return redirect(reverse("newsdesk:takedowns"))

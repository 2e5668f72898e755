"""The meter, day passes and single stories, for those who sell."""

import secrets
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages

from newsroom.core.clock import now
from newsroom.licensing import meter, passes
from newsroom.licensing.models import Licence
from newsroom.licensing.rules import Use
from newsroom.licensing.terms import BadTerms
from newsroom.newsdesk.licences.views import Page
from newsroom.newsdesk.offers.forms import DayPassForm, MeterForm, StoryForm
from newsroom.newsdesk.policy import person
from newsroom.wire.models import Product

OFFERS = {"url": reverse_lazy("newsdesk:offers"), "label": _("Meter and passes")}
FIELDS = {"holder": "person"}


class Offers(Page, TemplateView):
    """What readers get without a contract, as it stands."""

    template_name = "newsdesk/offers.html"
    page_title = _("Meter and passes")
    header_icon = "tasks"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        setting = meter.setting(now())
        products = Product.objects.filter(pk__in=setting.product_ids or ()).order_by("name")
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "setting": setting,
            "products": list(products),
            "may_set": user.has_perm("licensing.change_licence"),
            "may_grant": user.has_perm("licensing.add_licence"),
        }


class Offering(Page, FormView):
    """A form whose deed may be refused on a field."""

    template_name = "newsdesk/form.html"
    header_icon = "tasks"
    trail = (OFFERS,)
    done: Any = ""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            made = self.deed(form)
        except BadTerms as refusal:
            field = FIELDS.get(refusal.field, refusal.field)
            form.add_error(field if field in form.fields else None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect(reverse("newsdesk:licence", args=[made.pk]) if made else reverse("newsdesk:offers"))

    def deed(self, form: Any) -> Licence | None:
        """What the form asks for. Raises `BadTerms`."""
        raise NotImplementedError


class SetMeter(Offering):
    """How many stories a month strangers and registered readers may read."""

    permission_required = "licensing.change_licence"
    page_title = _("Set the meter")
    form_class = MeterForm
    extra_context = {"button": _("Set the meter")}
    done = _("The meter is set.")

    def get_initial(self) -> dict[str, Any]:
        setting = meter.setting(now())
        return {
            "anonymous": setting.anonymous,
            "registered": setting.registered,
            "budget": setting.budget,
            "all_products": setting.product_ids is None,
            "products": list(setting.product_ids or ()),
        }

    def deed(self, form: MeterForm) -> None:
        asked = form.cleaned_data
        meter.set_meter(
            anonymous=asked["anonymous"],
            registered=asked["registered"],
            budget=asked["budget"],
            products=form.covered,
            by=person(self.request).actor,
            at=now(),
            why=asked["why"],
        )


class DayPass(Offering):
    """A day pass by hand."""

    permission_required = "licensing.add_licence"
    page_title = _("Give a day pass")
    form_class = DayPassForm
    extra_context = {"button": _("Give 24 hours from now")}
    done = _("The day pass runs.")

    def deed(self, form: DayPassForm) -> Licence:
        asked = form.cleaned_data
        return passes.start_day_pass(
            user=asked["person"],
            source_ref=f"desk-{secrets.token_hex(6)}",
            products=form.covered,
            by=person(self.request).actor,
            at=now(),
            why=asked["why"],
        )


class SingleStory(Offering):
    """A licence for one story by hand."""

    permission_required = "licensing.add_licence"
    page_title = _("License a single story")
    form_class = StoryForm
    extra_context = {"button": _("License the story")}
    done = _("The story is licensed.")

    def deed(self, form: StoryForm) -> Licence:
        asked, at = form.cleaned_data, now()
        return passes.license_story(
            holder=asked["person"] or asked["organisation"],
            item=asked["item"],
            source_ref=f"desk-{secrets.token_hex(6)}",
            uses=[Use(each) for each in asked["uses"]],
            starts_at=at,
            duration=asked["duration"],
            clause=asked["clause"],
            territories=asked["territories"],
            channels=asked["channels"],
            circulation=asked["circulation"],
            by=person(self.request).actor,
            at=at,
            why=asked["why"],
        )

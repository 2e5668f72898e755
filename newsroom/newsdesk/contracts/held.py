"""What an organisation held at a moment, and under which clause."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from newsroom.accounts.models import Organisation
from newsroom.core.clock import now
from newsroom.licensing.contracts.held import Held, held
from newsroom.licensing.contracts.words import limits_in_words
from newsroom.licensing.rules import Use
from newsroom.newsdesk.contracts.forms import HeldForm
from newsroom.newsdesk.licences.views import Page
from newsroom.wire.models import Product


@dataclass(frozen=True, slots=True)
class Row:
    """One licence of the page, in words."""

    held: Held
    uses: str
    limits: list[str]


class HeldThen(Page, TemplateView):
    """By product, with uses, limits, clause, contract and version, and who had seats."""

    permission_required = "licensing.view_licence"
    template_name = "newsdesk/contracts/held.html"
    page_title = _("What was held")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.organisation = get_object_or_404(Organisation, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = now()
        form = HeldForm(self.request.GET)
        asked = form.cleaned_data if form.is_valid() else {}
        at: datetime = asked.get("at") or moment
        then = asked.get("known") != "now"
        found = held(organisation=self.organisation, at=at, known=at if then else max(at, moment))
        return super().get_context_data(**kwargs) | {
            "organisation": self.organisation,
            "form": HeldForm({"at": at, "known": "then" if then else "now"}) if not form.errors else form,
            "at": at,
            "then": then,
            "groups": _by_product(found),
            "number": len(found),
        }


def _by_product(found: list[Held]) -> list[tuple[str, list[Row]]]:
    """Under the name of each product; a licence that covers several stands under each of them."""
    names = dict(Product.objects.values_list("code", "name"))
    groups: dict[str, list[Row]] = {}
    for each in found:
        row = Row(each, ", ".join(str(Use(use).label) for use in each.uses), limits_in_words(each.limits))
        for code in each.products or ("",) if each.products != () else ():
            groups.setdefault(names.get(code, code), []).append(row)
        if each.products == ():
            groups.setdefault(str(_("Single stories")), []).append(row)
    every = groups.pop("", None)
    ordered = sorted(groups.items())
    return [(str(_("Every product")), every), *ordered] if every else ordered

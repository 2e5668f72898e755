"""What an organisation used, for its owners and admins: its own licences only."""

from typing import Any, cast

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from newsroom.accounts.models import Organisation
from newsroom.core import sheets
from newsroom.core.clock import now
from newsroom.licensing.organisations.roles import Deed
from newsroom.licensing.usage_reports import usage
from newsroom.licensing.usage_reports.periods import BadPeriod, Days, last_days
from newsroom.licensing.usage_reports.usage import Asked
from newsroom.portal.views.organisations.doors import Place, inside, shown

A_PAGE = 50
USUAL = 30
BY = {"person": _("person"), "item": _("story"), "use": _("use"), "product": _("product")}


class AskForm(forms.Form):
    """Whole days; both belong to the period."""

    first = forms.DateField(label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    by = forms.ChoiceField(label=_("Counted by"), required=False, choices=list(BY.items()))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        usual = last_days(USUAL, now(), timezone.get_current_timezone())
        if not self.errors:
            try:
                cleaned["days"] = Days(
                    cleaned.get("first") or usual.first, cleaned.get("last") or usual.last, usual.zone
                )
            except BadPeriod as refusal:
                self.add_error(refusal.field, str(refusal))
        return cleaned


def _asked(form: AskForm, organisation: Organisation) -> tuple[Asked | None, str]:
    """Always of this organisation, whatever the address says."""
    if not form.is_valid():
        return None, "person"
    return Asked(form.cleaned_data["days"], {"customer": str(organisation.pk)}), form.cleaned_data["by"] or "person"


@require_safe
@inside(Deed.MANAGE)
def report(request: HttpRequest, place: Place) -> HttpResponse:
    form = AskForm(request.GET)
    asked, by = _asked(form, place.organisation)
    query = request.GET.copy()
    query.pop("page", None)
    facts: dict[str, Any] = {"form": form, "asked": asked, "what": BY[by], "total": 0}
    if asked is not None:
        page = Paginator(usage.counts(asked, by), A_PAGE).get_page(request.GET.get("page"))
        facts |= {
            "figures": usage.figures(by, page.object_list),
            "page": page,
            "total": usage.rows(asked).count(),
            "by": by,
            "query": query.urlencode(),
            "zone": timezone.get_current_timezone_name(),
        }
    return shown(request, place, "usage_report", (form,), **facts)


@require_safe
@inside(Deed.MANAGE)
def file(request: HttpRequest, place: Place) -> HttpResponse:
    form = AskForm(request.GET)
    asked, by = _asked(form, place.organisation)
    if asked is None:
        return HttpResponse(form.errors.as_text(), status=400, content_type="text/plain; charset=utf-8")
    pages = Paginator(usage.counts(asked, by), 1000)
    rows = ([each.label, each.uses, each.stories] for page in pages for each in usage.figures(by, page.object_list))
    head = [BY[by], _now("uses"), _now("different stories")]
    return cast(HttpResponse, sheets.download(f"usage-{place.organisation.slug}-{by}", head, rows))

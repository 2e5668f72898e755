"""Search: the gate's, with a form before it."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from newsroom.access.search import COUNTED_TO, Wanted, search
from newsroom.accounts.middleware import asker
from newsroom.core.clock import now
from newsroom.core.templatetags.components import language_name
from newsroom.portal import cursors, sections
from newsroom.portal.views.asking import locale


class SearchForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=200)
    desk = forms.ChoiceField(label=gettext_lazy("Section"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desks = [(desk.code, desk.label(locale())) for desk in sections.desks()]
        languages = [(code, language_name(code)) for code, _name in settings.LANGUAGES]
        self.fields["desk"].choices = [("", _("All sections")), *desks]  # type: ignore[attr-defined]  # ChoiceField
        self.fields["language"].choices = [("", _("All languages")), *languages]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day lies before the first one."))
        return cleaned

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        return Wanted(
            words=said["q"], language=said["language"], desk=said["desk"], since=said["since"], until=said["until"]
        )


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    context: dict[str, Any] = {"form": form, "words": request.GET.get("q", "")[:200], "most": COUNTED_TO}
    if not form.is_valid():
        return render(request, "portal/search.html", context, status=400)
    before = cursors.read(request.GET.get("before", ""))
    found = search(reader=asker(request), wanted=form.wanted(), at=now(), locale=locale(), before=before)
    asked = {name: str(value) for name, value in request.GET.items() if name in form.fields and value}
    context |= {
        "found": found,
        "narrowed": set(asked) - {"q"},
        "older_url": _url(request, asked | {"before": cursors.write(found.older)}) if found.older else "",
        "newer_url": _url(request, asked) if before else "",
    }
    return render(request, "portal/search.html", context)


def _url(request: HttpRequest, asked: dict[str, str]) -> str:
    query = request.GET.copy()
    query.clear()
    query.update(asked)
    return f"{request.path}?{query.urlencode()}"

"""Whether a document is ours and still holds: for anybody who holds it."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from newsroom.accounts.origin import text_of
from newsroom.core.clock import now
from newsroom.core.pace import too_often
from newsroom.licensing.documents.verify import Standing, look_up
from newsroom.licensing.models import Kind

MOST, SECONDS = 60, 60
WORDS = {
    Standing.IN_FORCE: (_("This document is ours and in force."), "good"),
    Standing.LAPSED: (_("This document is ours; its validity is over."), "warn"),
    Standing.SUPERSEDED: (_("This document is ours; another took its place."), "warn"),
    Standing.REVOKED: (_("This document is ours and was revoked. It does not hold."), "bad"),
}


class VerifyForm(forms.Form):
    """A number or a hash."""

    number = forms.CharField(
        label=_("Number or SHA-256"),
        max_length=80,
        help_text=_("Both are printed at the foot of every page."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )


@require_safe
def verify(request: HttpRequest, number: str = "") -> HttpResponse:
    """The form, and what is known of a document: never what it says."""
    asked = number or request.GET.get("number", "")[:80]
    if not asked:
        return _page(request, {"form": VerifyForm()})
    form = VerifyForm({"number": asked})
    if too_often(what="verify", who=text_of(request), most=MOST, seconds=SECONDS):
        form.add_error(None, _now("Too many questions at once. Please wait a minute."))
        return _page(request, {"form": form}, status=429)
    found = look_up(asked=asked, check=request.GET.get("check", "")[:64], at=now()) if form.is_valid() else None
    if found is None:
        return _page(request, {"form": form, "unknown": asked}, status=404)
    words, tone = WORDS[found.standing]
    context = {"form": VerifyForm(), "found": found, "kind": Kind(found.kind).label, "words": words, "tone": tone}
    return _page(request, context)


def _page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    response = render(request, "portal/selling/verify.html", context, status=status)
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response

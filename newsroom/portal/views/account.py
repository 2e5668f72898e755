"""A reader's own pages. What they pay is another file's."""

from typing import Any

from allauth.account.views import logout
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from newsroom.accounts.middleware import asker
from newsroom.accounts.models import User
from newsroom.core.clock import now
from newsroom.core.templatetags.components import language_name
from newsroom.licensing.models import LicenceVersion
from newsroom.portal.views.site import remember_language
from newsroom.wire.sanitise import clean_line


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name", "locale")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, language_name(code)) for code, _name in settings.LANGUAGES]
        self.fields["locale"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField, as the model's has choices
        self.fields["name"].widget.attrs.update({"autocomplete": "name", "dir": "auto"})

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    at, reader = now(), asker(request)
    held = LicenceVersion.objects.recorded(at).held_by(reader).select_related("licence__organisation")
    licences = [{"said": each, "state": _state(each)} for each in held.order_by("-starts_at", "-pk")[:50]]
    return render(request, "portal/account/overview.html", {"licences": licences})


def _state(version: LicenceVersion) -> str:
    at = now()
    if version.suspended:
        return "suspended"
    if version.starts_at > at:
        return "waiting"
    return "ended" if version.ends_at is not None and version.ends_at <= at else "running"


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Name and language. The language is at once that of the site."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method != "POST" or not form.is_valid():
        return render(request, "portal/account/profile.html", {"form": form}, status=400 if form.errors else 200)
    user = form.save()
    with translation.override(user.locale):
        messages.success(request, _("Your profile is saved."))
    return remember_language(redirect("profile"), user.locale)


def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, and let the browser drop what it kept of this reader's pages."""
    response: HttpResponse = logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"cache"'
    return response

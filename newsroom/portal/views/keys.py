"""The keys with which an organisation's machines ask. For its owners and admins, and for our staff."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from newsroom.accounts import keys
from newsroom.accounts.keys import BadKey, Scope, Wanted
from newsroom.accounts.models import ApiKey, Membership, Organisation, User
from newsroom.core.clock import now
from newsroom.portal.views.organisations.doors import Place

MANAGERS = (Membership.Role.OWNER, Membership.Role.ADMIN)
PER_PAGE = 25
LIVES = [
    ("", gettext_lazy("until it is revoked")),
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("a year")),
]


class KeyForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("What is it for?"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    audiences = forms.CharField(
        label=gettext_lazy("Sites that tokens may be issued for"),
        help_text=gettext_lazy("One https address a line; leave it empty if you need no tokens."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr"}),
        required=False,
        max_length=2000,
    )
    days = forms.ChoiceField(label=gettext_lazy("It is good for"), choices=LIVES, required=False)

    def wanted(self) -> Wanted:
        found, days = self.cleaned_data, self.cleaned_data["days"]
        return Wanted(
            name=found["name"],
            scopes=found["scopes"],
            audiences=found["audiences"].split(),
            expires_at=now() + timedelta(days=int(days)) if days else None,
        )


def _organisation(request: HttpRequest, slug: str) -> tuple[Organisation, Membership | None]:
    """The organisation, for those who may manage its keys; to others it is not there. None for our own staff."""
    user = request.user
    assert isinstance(user, User)
    found = get_object_or_404(Organisation, slug=slug)
    held = Membership.objects.valid(now()).filter(user=user, organisation=found, role__in=MANAGERS)
    membership = held.select_related("organisation", "user").first()
    if membership is None and not (user.is_staff and user.has_perm("accounts.change_apikey")):
        raise Http404
    return found, membership


def _frame(request: HttpRequest, membership: Membership | None) -> dict[str, Any]:
    """The frame of the organisation's own pages for its people, that of an account for our staff."""
    if membership is None:
        return {"base": "portal/account/base.html"}
    return Place(membership, now()).context(request, base="portal/organisation/base.html")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Every key, newest first, and a form for another. A new key's secret is on this answer and nowhere else."""
    organisation, membership = _organisation(request, slug)
    form = KeyForm(request.POST or None)
    secret = _made(request, organisation, form) if request.method == "POST" and form.is_valid() else ""
    held = ApiKey.objects.filter(organisation=organisation).select_related("user").order_by("-created_at", "-pk")
    page = Paginator(held, PER_PAGE).get_page(request.GET.get("page"))
    context = _frame(request, membership) | {
        "organisation": organisation,
        "form": KeyForm() if secret else form,
        "secret": secret,
        "page": page,
        "rows": [{"key": each, "state": _state(each), "scopes": _words(each)} for each in page],
    }
    return render(request, "portal/keys.html", context, status=400 if form.is_bound and form.errors else 200)


def _made(request: HttpRequest, organisation: Organisation, form: KeyForm) -> str:
    user = request.user
    assert isinstance(user, User)
    try:
        _key, secret = keys.create(organisation=organisation, wanted=form.wanted(), by=user.actor, at=now())
    except BadKey as error:
        form.add_error({"expires_at": "days"}.get(error.field, error.field), str(error))
        return ""
    return secret


def _state(key: ApiKey) -> str:
    at = now()
    if key.revoked_at is not None and key.revoked_at <= at:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= at else "good"


def _words(key: ApiKey) -> list[str]:
    return [str(Scope(each).label) for each in key.scopes if each in Scope.values]


@require_POST
@login_required
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation, _membership = _organisation(request, slug)
    key = get_object_or_404(ApiKey, pk=pk, organisation=organisation)
    user = request.user
    assert isinstance(user, User)
    keys.revoke(key=key, by=user.actor, at=now())
    messages.success(request, _("The key “%(name)s” opens nothing any more.") % {"name": key.name})
    return redirect("organisation_keys", slug=slug)

"""Withdrawing and cancelling in two steps, without signing in. Whoever declares sees the same pages."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.accounts.models import User
from newsroom.accounts.origin import text_of
from newsroom.billing.law import declaring
from newsroom.billing.law.declaring import DeadLink, Words
from newsroom.billing.models import Declaration
from newsroom.core.clock import now
from newsroom.core.pace import too_often
from newsroom.portal.views.asking import locale
from newsroom.wire.sanitise import clean_line

SALT = "newsroom.declaration"
SECOND_STEP_WITHIN = 2 * 3600
MOST_OF_ADDRESS, MOST_OF_MAILBOX, HOUR, DAY = 20, 5, 3600, 24 * 3600
RECEIVED = {"withdraw": "withdraw_received", "cancel": "cancel_received"}


class DeclarationForm(forms.Form):
    """Who ends which contract. No reason is asked for."""

    name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"})
    )
    email = forms.EmailField(
        label=_("E-mail address of your account"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The receipt goes there at once."),
    )
    contract = forms.CharField(
        label=_("Contract"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("For example the name of your plan or the number of an invoice. You may leave it empty."),
    )

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])

    def clean_contract(self) -> str:
        return clean_line(self.cleaned_data["contract"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, kind: str) -> HttpResponse:
    """The first step asks who it is, the second shows it and has one button."""
    if request.method != "POST":
        return _first(request, kind, DeclarationForm(initial=_own(request)))
    if "confirmed" in request.POST:
        return _declared(request, kind)
    form = DeclarationForm(request.POST)
    if not form.is_valid():
        return _first(request, kind, form, status=400)
    return _second(request, kind, form.cleaned_data)


def _own(request: HttpRequest) -> dict[str, str]:
    user = request.user
    return {"name": user.name, "email": user.email} if isinstance(user, User) else {}


def _first(request: HttpRequest, kind: str, form: DeclarationForm, status: int = 200) -> HttpResponse:
    return render(request, "portal/law/declare.html", {"form": form, "kind": kind}, status=status)


def _second(request: HttpRequest, kind: str, given: dict[str, Any]) -> HttpResponse:
    facts = {name: given[name] for name in ("name", "email", "contract")}
    sealed = signing.dumps(facts | {"nonce": str(uuid4())}, salt=f"{SALT}.{kind}")
    return render(request, "portal/law/confirm.html", {"given": facts, "kind": kind, "sealed": sealed})


def _declared(request: HttpRequest, kind: str) -> HttpResponse:
    """The second step. What it declares is what the page showed: the seal holds it."""
    try:
        salt = f"{SALT}.{kind}"
        facts = signing.loads(request.POST.get("sealed", ""), salt=salt, max_age=SECOND_STEP_WITHIN)
    except signing.BadSignature:
        form = DeclarationForm(initial=_own(request))
        return render(request, "portal/law/declare.html", {"form": form, "kind": kind, "stale": True}, status=400)
    if _too_often(request, facts["email"]):
        form = DeclarationForm(facts)
        form.add_error(None, _now("There were many declarations from here. Please wait an hour, or write to us."))
        return _first(request, kind, form, status=429)
    words = Words(kind, UUID(facts["nonce"]), facts["name"], facts["email"], facts["contract"], locale())
    declaring.declare(words=words, user=request.user if isinstance(request.user, User) else None, at=now())
    return redirect(RECEIVED[kind])


def _too_often(request: HttpRequest, email: str) -> bool:
    """Counted whether we know the mailbox or not."""
    from_here = too_often(what="declare", who=text_of(request), most=MOST_OF_ADDRESS, seconds=HOUR)
    to_there = too_often(what="declare-to", who=email.lower(), most=MOST_OF_MAILBOX, seconds=DAY)
    return from_here or to_there


@never_cache
@require_safe
def received(request: HttpRequest, kind: str) -> HttpResponse:
    """The same for everybody."""
    return render(request, "portal/law/received.html", {"kind": kind})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the receipt. Following it shows the declaration; the button carries it out."""
    at = now()
    try:
        found = declaring.by_token(token, at) if request.method != "POST" else declaring.confirm(token=token, at=at)
    except DeadLink:
        return render(request, "portal/law/dead.html", status=404)
    return render(request, "portal/law/confirmed.html", {"found": found, "kind": found.kind, "O": Declaration.Outcome})

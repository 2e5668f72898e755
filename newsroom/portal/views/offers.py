"""An offer, to whoever has its link: the very document, and the answer to it."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.accounts.origin import text_of
from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.licensing.documents import typeset
from newsroom.licensing.models import Document, Quote
from newsroom.licensing.selling import answering
from newsroom.licensing.selling.answering import Signed

GONE = {
    Quote.State.EXPIRED: (_("This offer has expired"), _("Write to us, and we gladly make you a new one.")),
    Quote.State.SUPERSEDED: (
        _("A newer offer took the place of this one"),
        _("You will find its link in the mail that we sent you with it."),
    ),
    Quote.State.WITHDRAWN: (_("This offer was withdrawn"), _("Write to us if you have questions about it.")),
}


class AcceptForm(forms.Form):
    """Who accepts, in which role, and that they agree."""

    name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"})
    )
    role = forms.CharField(
        label=_("Your role"),
        max_length=150,
        help_text=_("In which you may sign for your organisation, such as managing director."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title", "dir": "auto"}),
    )
    agreed = forms.BooleanField(label=_("I have read the document above and agree to it for my organisation."))
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class DeclineForm(forms.Form):
    """Why the offer is declined."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


@require_safe
def offer(request: HttpRequest, token: str) -> HttpResponse:
    quote = answering.by_token(token)
    return _unknown(request) if quote is None else _shown(request, quote, token)


@require_safe
def offer_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The document as PDF, also after the answer."""
    quote = answering.by_token(token)
    if quote is None or quote.document is None:
        raise Http404
    headers = {"Content-Disposition": f'inline; filename="{quote.document.number}.pdf"'}
    return _closed(HttpResponse(typeset.pdf(quote.document), content_type="application/pdf", headers=headers))


@require_POST
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Accept once; a link that is used again shows what was accepted."""
    form = AcceptForm(request.POST)
    quote = answering.by_token(token)
    if quote is None:
        return _unknown(request)
    if not hasattr(quote, "answer") and not form.is_valid():
        return _shown(request, quote, token, accepting=form, status=400)
    asked: dict[str, Any] = {"name": "", "role": "", "agreed": False, "digest": ""}
    if form.is_valid():
        asked = form.cleaned_data
    signed = Signed(asked["name"], asked["role"], *_from_where(request))
    try:
        answering.accept(token=token, signed=signed, agreed=asked["agreed"], digest=asked["digest"], at=now())
    except Refused as refusal:
        return _refused(request, quote, token, refusal, accepting=form)
    return redirect("offer", token=token)


@require_POST
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """Decline once, with a reason."""
    form = DeclineForm(request.POST)
    quote = answering.by_token(token)
    if quote is None:
        return _unknown(request)
    if not hasattr(quote, "answer") and not form.is_valid():
        return _shown(request, quote, token, declining=form, status=400)
    asked = form.cleaned_data if form.is_valid() else {"reason": "", "digest": ""}
    signed = Signed("", "", *_from_where(request))
    try:
        answering.decline(token=token, signed=signed, reason=asked["reason"], digest=asked["digest"], at=now())
    except Refused as refusal:
        return _refused(request, quote, token, refusal, declining=form)
    return redirect("offer", token=token)


def _refused(request: HttpRequest, quote: Quote, token: str, refusal: Refused, **forms_: forms.Form) -> HttpResponse:
    """What was wrong, at its field; an offer that is over meanwhile shows that it is."""
    for form in forms_.values():
        field = getattr(refusal, "field", None)
        form.add_error(field if field in form.fields and field != "digest" else None, str(refusal))
    return _shown(request, quote, token, status=refusal.status, **forms_)


def _from_where(request: HttpRequest) -> tuple[str | None, str]:
    return text_of(request) or None, request.headers.get("User-Agent", "")


def _shown(request: HttpRequest, quote: Quote, token: str, status: int = 200, **forms_: forms.Form) -> HttpResponse:
    """The document with the forms, with the answer, or with why it can no longer be answered."""
    state, document = quote.state_at(now()), quote.document
    if document is None:
        raise Http404
    title, text = GONE.get(state, ("", ""))
    context: dict[str, Any] = {
        "quote": quote,
        "document": document,
        "paper": document.data,
        "language": document.locale,
        "direction": "rtl" if get_language_info(document.locale)["bidi"] else "ltr",
        "answer": getattr(quote, "answer", None),
        "gone": {"title": title, "text": text} if title else None,
        "open": state == Quote.State.SENT,
        "token": token,
    } | _forms(document, forms_)
    return _closed(render(request, "portal/selling/offer.html", context, status=410 if title else status))


def _forms(document: Document, given: dict[str, forms.Form]) -> dict[str, forms.Form]:
    seen = {"digest": document.digest}
    return {
        "accepting": given.get("accepting") or AcceptForm(initial=seen, auto_id="accept_%s"),
        "declining": given.get("declining") or DeclineForm(initial=seen, auto_id="decline_%s"),
    }


def _unknown(request: HttpRequest) -> HttpResponse:
    return _closed(render(request, "portal/selling/offer_unknown.html", status=404))


def _closed(response: HttpResponse) -> HttpResponse:
    """The address is a key: no search engine, no cache and no other site may have it."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response

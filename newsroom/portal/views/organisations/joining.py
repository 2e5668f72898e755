"""What one person does: accept an invitation, join by mail domain, make two accounts one."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from newsroom.accounts.models import JoinRule, Organisation, User
from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.licensing.organisations import consent, domains, invitations, requests
from newsroom.portal.views.organisations import forms
from newsroom.portal.views.organisations.doors import done, signed_in, tried

REFERRER = "same-origin"  # a link's token goes to no other site


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the invitation is for; accepting it needs an account."""
    at = now()
    try:
        found = invitations.find(token=token, at=at)
    except invitations.InvitationDead as dead:
        return _dead(request, dead)
    back = urlencode({"next": request.path})
    facts: dict[str, Any] = {"invitation": found, "back": back}
    if not isinstance(request.user, User):
        return _private(render(request, "portal/organisation/invitation.html", facts))
    user = request.user
    form = forms.ConsentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and done(form, lambda: _accept(request, token, user, form.cleaned_data["consent"])):
        return redirect("organisation", found.organisation.slug)
    facts |= {"form": form, "own": invitations.is_for(found, user, at)}
    return _private(render(request, "portal/organisation/invitation.html", facts, status=400 if form.errors else 200))


def _accept(request: HttpRequest, token: str, user: User, agreed: bool) -> None:
    accepted = invitations.accept(token=token, user=user, consent=agreed, by=user.actor, at=now())
    organisation = accepted.membership.organisation
    messages.success(request, _("You are a member of %(organisation)s.") % {"organisation": organisation})


def _dead(request: HttpRequest, dead: Refused) -> HttpResponse:
    return _private(render(request, "portal/organisation/dead.html", {"text": str(dead)}, status=dead.status))


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = REFERRER
    return response


@require_POST
@login_required
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """By mail domain: at once, or by asking the admins, as the organisation has it."""
    user, at = signed_in(request), now()
    organisation = get_object_or_404(Organisation, slug=slug, pk__in=[each.pk for each in domains.joinable(user, at)])
    facts: dict[str, Any] = {"organisation": organisation, "user": user, "by": user.actor, "at": at}
    if organisation.join_rule == JoinRule.OPEN:
        said = _("You are a member of %(organisation)s.") % {"organisation": organisation}
        tried(request, lambda: domains.join(**facts), said)
    else:
        tried(request, lambda: requests.ask(**facts), _("The admins of the organisation have got your request."))
    return redirect("organisations")


@login_required
def merge(request: HttpRequest) -> HttpResponse:
    """Ask for the account of another address to be one with this. The answer is the same whether there is one."""
    user = signed_in(request)
    form = forms.MergeForm(request.POST or None)

    def deed() -> None:
        consent.ask(keep=user, email=form.cleaned_data["email"], by=user.actor, at=now())

    if request.method == "POST" and done(form, deed):
        messages.success(request, _("If there is such an account, both addresses have a mail now. Both must agree."))
        return redirect("merge")
    return render(request, "portal/account/merge.html", {"form": form}, status=400 if form.errors else 200)


def merger(request: HttpRequest, token: str) -> HttpResponse:
    """One side's link: what would be, and the two answers. Looking at it does nothing."""
    at = now()
    try:
        side = consent.find(token=token, at=at)
    except consent.LinkDead as dead:
        return _dead(request, dead)
    if request.method != "POST":
        return _private(render(request, "portal/account/merger.html", {"side": side}))
    if request.POST.get("answer") != "agree":
        consent.decline(token=token, by=side.mine.actor, at=at)
        messages.success(request, _("Nothing was changed, and the links work no longer."))
        return redirect(reverse("front"))
    try:
        made = consent.agree(token=token, by=side.mine.actor, at=at)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _private(render(request, "portal/account/merger.html", {"side": side}, status=409))
    said = (
        _("Both accounts are one now. Sign in as %(keep)s.")
        if made
        else _("Thank you. The other address must agree, too.")
    )
    messages.success(request, said % {"keep": side.request.keep.email})
    return redirect(reverse("front"))

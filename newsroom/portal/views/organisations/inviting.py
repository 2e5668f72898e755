"""Invitations sent, requests decided, and how much was used."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.accounts.models import Membership
from newsroom.licensing import seats
from newsroom.licensing.models import Invitation, SeatRequest
from newsroom.licensing.organisations import invitations, lists, requests, roles
from newsroom.licensing.organisations.roles import Deed
from newsroom.portal.views.asking import locale
from newsroom.portal.views.organisations import forms
from newsroom.portal.views.organisations.doors import Place, done, inside, shown, tried

PER_PAGE = 50
LATELY = timedelta(days=30)


@inside(Deed.MANAGE)
def sent(request: HttpRequest, place: Place) -> HttpResponse:
    """Those that are open, and a form for another."""
    versions = seats.of_organisation(place.organisation.pk, place.at)
    owner = place.membership.role == Membership.Role.OWNER
    form = forms.InviteForm(request.POST or None, versions=versions, owner=owner)

    def deed() -> None:
        roles.check_over(place.membership.role, form.cleaned_data["role"])
        invitations.invite(
            organisation=place.organisation,
            email=form.cleaned_data["email"],
            role=form.cleaned_data["role"],
            licence=form.licence_of(),
            sender=place.user,
            by=place.user.actor,
            at=place.at,
            locale=locale(),
        )

    if request.method == "POST" and done(form, deed):
        messages.success(request, _("The invitation is sent."))
        return redirect("organisation_invitations", place.organisation.slug)
    open_ones = Invitation.objects.open().filter(organisation=place.organisation).select_related("licence")
    page = Paginator(open_ones.order_by("-sent_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(each, each.expires_at <= place.at) for each in page.object_list]
    return shown(request, place, "invitations", (form,), form=form, rows=rows, page=page)


@require_POST
@inside(Deed.MANAGE)
def change(request: HttpRequest, place: Place, pk: int, deed: str) -> HttpResponse:
    """Send it again, or take it back."""
    found = get_object_or_404(Invitation.objects.open().filter(organisation=place.organisation), pk=pk)
    facts: dict[str, Any] = {"invitation": found, "by": place.user.actor, "at": place.at}
    if deed == "again":
        tried(request, lambda: _again(place, found), _("The invitation is sent again."))
    else:
        tried(request, lambda: invitations.revoke(**facts), _("The invitation is taken back."))
    return redirect("organisation_invitations", place.organisation.slug)


def _again(place: Place, found: Invitation) -> None:
    roles.check_over(place.membership.role, found.role)
    invitations.resend(invitation=found, by=place.user.actor, at=place.at, locale=locale())


@require_safe
@inside(Deed.MANAGE)
def asked(request: HttpRequest, place: Place) -> HttpResponse:
    """Who asks for a place; and lately decided ones."""
    found = SeatRequest.objects.filter(organisation=place.organisation).select_related("user", "licence")
    page = Paginator(found.open().order_by("asked_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    decided = found.exclude(decided_at=None).order_by("-decided_at", "-pk")[:20]
    return shown(request, place, "requests", page=page, decided=decided)


@require_POST
@inside(Deed.MANAGE)
def decide(request: HttpRequest, place: Place, pk: int) -> HttpResponse:
    found = get_object_or_404(SeatRequest.objects.filter(organisation=place.organisation), pk=pk)
    grant = request.POST.get("answer") == "grant"
    said = _("The request is granted.") if grant else _("The request is refused.")
    facts: dict[str, Any] = {"request": found, "grant": grant, "by": place.user.actor, "at": place.at}
    tried(request, lambda: requests.decide(**facts), said)
    return redirect("organisation_requests", place.organisation.slug)


@require_safe
@inside(Deed.USAGE)
def usage(request: HttpRequest, place: Place) -> HttpResponse:
    """How much was used in the last thirty days."""
    rows = lists.used(place.organisation.pk, place.at - LATELY)
    licences = lists.counted(seats.of_organisation(place.organisation.pk, place.at))
    return shown(request, place, "usage", rows=rows, licences=licences, since=place.at - LATELY)

"""A person's own data: asking for a copy or for erasure, taking that back, and fetching the copy."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.accounts.models import User
from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.licensing.erasure import known, persons
from newsroom.licensing.models import PersonRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def page(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk or 0)
    if request.method == "POST":
        _do(request, user)
        return redirect("personal_data")
    asked = PersonRequest.objects.filter(user=user).order_by("-pk")[:20]
    open_ones = {each.kind: each for each in asked if each.state in {"open", "waiting"}}
    return render(request, "portal/account/data.html", {"asked": asked, "open": open_ones})


def _do(request: HttpRequest, user: User) -> None:
    kind, at = request.POST.get("ask", ""), now()
    if kind in PersonRequest.Kind.values:
        persons.ask(user=user, kind=kind, by=user.actor, at=at)
        messages.success(request, _("Your request is written down. You will hear from us within a month."))
    elif request.POST.get("withdraw", "").isdecimal():
        mine = PersonRequest.objects.filter(user=user, pk=int(request.POST["withdraw"][:18])).first()
        try:
            if mine is not None:
                persons.withdraw(request=mine, by=user.actor, at=at)
                messages.success(request, _("You took your request back. Nothing changes."))
        except Refused as refusal:
            messages.error(request, str(refusal))


@require_safe
def download(request: HttpRequest, token: str) -> HttpResponse:
    """The copy, for whoever has the link that was mailed; made on the way out and kept nowhere."""
    asked = known.request_of(token)
    if asked is None:
        raise Http404
    response = HttpResponse(known.archive(asked.user), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="your-data.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    return response

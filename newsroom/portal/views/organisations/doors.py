"""What every page of an organisation knows: whose it is, who looks, and what they may."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from newsroom.accounts.models import Membership, Organisation, User
from newsroom.core.clock import now
from newsroom.core.errors import Refused, TryAgain
from newsroom.licensing.models import SeatRequest
from newsroom.licensing.organisations.roles import Deed, may

P = ParamSpec("P")
CHOSEN = "organisation"  # of the session: which of a person's organisations they look after just now


@dataclass(frozen=True, slots=True)
class Place:
    """One organisation as one of its members sees it."""

    membership: Membership
    at: datetime

    @property
    def organisation(self) -> Organisation:
        return self.membership.organisation

    @property
    def user(self) -> User:
        return self.membership.user

    def may(self, deed: Deed) -> bool:
        return may(self.membership.role, deed)

    def context(self, request: HttpRequest, **facts: Any) -> dict[str, Any]:
        """What the frame of every page needs, and `facts`."""
        waiting = 0
        if self.may(Deed.MANAGE):
            waiting = SeatRequest.objects.open().filter(organisation=self.organisation).count()
        deeds = {each.value for each in Deed if self.may(each)}
        return {"place": self, "organisation": self.organisation, "deeds": deeds, "waiting": waiting} | facts


View = Callable[Concatenate[HttpRequest, Place, P], HttpResponse]


def signed_in(request: HttpRequest) -> User:
    """Who is signed in. Only behind `login_required`."""
    return cast(User, request.user)


def place_of(request: HttpRequest, slug: str) -> Place:
    """The organisation at this address, for its members; to others it is not there."""
    at = now()
    held = Membership.objects.valid(at).filter(user=signed_in(request), organisation__slug=slug)
    membership = held.select_related("organisation", "user").first()
    if membership is None:
        raise Http404
    return Place(membership, at)


def inside(deed: Deed | None = None) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """A page of an organisation, for its members; with `deed` for those whose role does such things."""

    def wrap(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def page(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            place = place_of(request, slug)
            if deed is not None and not place.may(deed):
                raise PermissionDenied
            return view(request, place, *args, **kwargs)

        return login_required(page)

    return wrap


def done(form: forms.Form, deed: Callable[[], object]) -> bool:
    """Do it, if the form holds. What is refused is said at its field."""
    if not form.is_valid():
        return False
    try:
        deed()
    except Refused as refusal:
        field = getattr(refusal, "field", "")
        form.add_error(field if field in form.fields else None, str(refusal))
        return False
    return True


def tried(request: HttpRequest, deed: Callable[[], object], said: str) -> None:
    """Do what a single button asks for, and say what came of it."""
    try:
        deed()
    except (Refused, TryAgain) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)


def shown(
    request: HttpRequest, place: Place, name: str, forms_: tuple[forms.Form, ...] = (), **facts: Any
) -> HttpResponse:
    """A page of the organisation; 400 where something was typed that cannot be."""
    wrong = any(form.is_bound and form.errors for form in forms_)
    context = place.context(request, **facts)
    return render(request, f"portal/organisation/{name}.html", context, status=400 if wrong else 200)

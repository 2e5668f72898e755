"""An organisation's people: all of them, one of them, and oneself."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.accounts.models import Membership, User
from newsroom.core.clock import now
from newsroom.core.errors import Refused
from newsroom.licensing import seats
from newsroom.licensing.models import Licence, Seat
from newsroom.licensing.organisations import domains, lists, members, requests, roles
from newsroom.licensing.organisations.roles import Deed
from newsroom.portal.views.organisations import forms
from newsroom.portal.views.organisations.doors import CHOSEN, Place, done, inside, place_of, shown, signed_in, tried

PER_PAGE = 50
FEW = 2


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """A person's organisations; of one only its own page, unless there is another to join."""
    user, at = signed_in(request), now()
    held = Membership.objects.valid(at).filter(user=user).select_related("organisation")
    mine = list(held.order_by("organisation__name", "pk"))
    joinable = domains.joinable(user, at)
    if len(mine) == 1 and not joinable:
        return redirect("organisation", mine[0].organisation.slug)
    facts: dict[str, Any] = {"mine": mine, "joinable": joinable, "chosen": request.session.get(CHOSEN)}
    return render(request, "portal/organisation/index.html", facts)


@require_POST
@login_required
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Look after this one of several; all of them count for what one may read."""
    request.session[CHOSEN] = place_of(request, slug).organisation.pk
    return redirect("organisation", slug)


@require_safe
@inside()
def people(request: HttpRequest, place: Place) -> HttpResponse:
    """Everybody, for those who may see everybody; one's own place for the others."""
    licences = lists.counted(seats.of_organisation(place.organisation.pk, place.at))
    mine = Seat.objects.taken().filter(user=place.user, licence__organisation=place.organisation)
    facts: dict[str, Any] = {"licences": licences, "mine": set(mine.values_list("licence_id", flat=True))}
    if not place.may(Deed.PEOPLE):
        facts["admins"] = _admins(place)
        return shown(request, place, "own", **facts)
    form = forms.SearchForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    page = Paginator(lists.people(place.organisation.pk, words, place.at), PER_PAGE).get_page(request.GET.get("page"))
    sitting = lists.seats_of(page.object_list, place.organisation.pk)
    rows = [(each, sitting.get(each.user_id, [])) for each in page.object_list]
    return shown(request, place, "people", **facts, rows=rows, page=page, form=form, words=words)


def _admins(place: Place) -> list[User]:
    deciding = [Membership.Role.OWNER, Membership.Role.ADMIN]
    held = Membership.objects.valid(place.at).filter(organisation=place.organisation, role__in=deciding)
    return [each.user for each in held.select_related("user").order_by("pk")[:10]]


def _member(place: Place, pk: int) -> Membership:
    held = Membership.objects.valid(place.at).filter(organisation=place.organisation)
    found: Membership = get_object_or_404(held.select_related("user", "organisation"), pk=pk)
    return found


@inside(Deed.MANAGE)
def person(request: HttpRequest, place: Place, pk: int) -> HttpResponse:
    """One member: role, seats, removal. Which deed it is the button says."""
    member = _member(place, pk)
    owner = place.membership.role == Membership.Role.OWNER
    role = forms.RoleForm(request.POST or None, owner=owner, initial={"role": member.role})
    move = forms.MoveForm(request.POST or None)
    if request.method != "POST":
        return _person(request, place, member, forms.RoleForm(owner=owner, initial={"role": member.role}), None)
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    answer = deed(request, place, member, role if deed is _role else move)
    if answer is not None:
        return answer
    kept = role if deed is _role else forms.RoleForm(owner=owner, initial={"role": member.role})
    return _person(request, place, member, kept, move if deed is _move else None)


def _person(
    request: HttpRequest, place: Place, member: Membership, role: forms.RoleForm, move: forms.MoveForm | None
) -> HttpResponse:
    versions = seats.of_organisation(place.organisation.pk, place.at)
    sitting = {each.licence_id for each in lists.seats_of([member], place.organisation.pk).get(member.user_id, [])}
    bound = request.POST.get("licence", "")
    rows = [
        (
            each,
            each.version.licence_id in sitting,
            move if move and str(each.version.licence_id) == bound else forms.MoveForm(),
        )
        for each in lists.counted(versions)
    ]
    above = member.role == Membership.Role.OWNER and place.membership.role != Membership.Role.OWNER
    used = (role, move) if move else (role,)
    return shown(request, place, "person", used, member=member, rows=rows, role=role, above=above)


Answer = HttpResponse | None


def _role(request: HttpRequest, place: Place, member: Membership, form: Any) -> Answer:
    def deed() -> None:
        wanted = form.cleaned_data["role"]
        roles.check_over(place.membership.role, member.role, wanted)
        made = members.change_role(membership=member, role=wanted, by=place.user.actor, at=place.at)
        member.pk = made.pk

    if not done(form, deed):
        return None
    messages.success(request, _("The role is changed."))
    itself = member.user_id == place.user.pk
    return redirect("organisation", place.organisation.slug) if itself else _back(place, member)


def _back(place: Place, member: Membership) -> HttpResponse:
    return redirect("organisation_person", place.organisation.slug, member.pk)


def _licence(request: HttpRequest, place: Place) -> Licence:
    known = Licence.objects.filter(organisation=place.organisation)
    number = request.POST.get("licence", "")
    return get_object_or_404(known, pk=int(number) if number.isdecimal() and len(number) < 19 else 0)


def _give(request: HttpRequest, place: Place, member: Membership, form: Any) -> Answer:
    facts: dict[str, Any] = {
        "licence": _licence(request, place),
        "user": member.user,
        "by": place.user.actor,
        "at": place.at,
    }
    tried(request, lambda: seats.give(**facts), _("The seat is given."))
    return _back(place, member)


def _take(request: HttpRequest, place: Place, member: Membership, form: Any) -> Answer:
    facts: dict[str, Any] = {
        "licence": _licence(request, place),
        "user": member.user,
        "by": place.user.actor,
        "at": place.at,
    }
    tried(request, lambda: seats.take_back(**facts), _("The seat is taken back."))
    return _back(place, member)


def _move(request: HttpRequest, place: Place, member: Membership, form: Any) -> Answer:
    licence = _licence(request, place)

    def deed() -> None:
        to = User.objects.filter(email=form.cleaned_data["user"].strip().lower(), is_active=True).first()
        if to is None:
            raise seats.NotOfOrganisation("user", _("This person is not of the organisation."))
        seats.move(licence=licence, user=member.user, to=to, by=place.user.actor, at=place.at)

    if not done(form, deed):
        return None
    messages.success(request, _("The seat is moved."))
    return _back(place, member)


def _remove(request: HttpRequest, place: Place, member: Membership, form: Any) -> Answer:
    try:
        roles.check_over(place.membership.role, member.role)
        members.remove(membership=member, by=place.user.actor, at=place.at)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _back(place, member)
    messages.success(request, _("%(who)s is a member no longer.") % {"who": member.user})
    return redirect("organisation", place.organisation.slug)


DEEDS: dict[str, Callable[[HttpRequest, Place, Membership, Any], Answer]] = {
    "role": _role,
    "give": _give,
    "take": _take,
    "move": _move,
    "remove": _remove,
}


@inside()
def leave(request: HttpRequest, place: Place) -> HttpResponse:
    """First what it means, then the deed."""
    if request.method != "POST":
        return shown(request, place, "leave")
    try:
        members.remove(membership=place.membership, by=place.user.actor, at=place.at)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("organisation", place.organisation.slug)
    messages.success(request, _("You left %(organisation)s.") % {"organisation": place.organisation})
    return redirect("organisations")


@inside()
def ask(request: HttpRequest, place: Place) -> HttpResponse:
    """A member asks for a seat."""
    versions = seats.of_organisation(place.organisation.pk, place.at)
    form = forms.AskForm(request.POST or None, versions=versions)

    def deed() -> None:
        facts: dict[str, Any] = {"licence": form.licence_of(), "note": form.cleaned_data["note"]}
        requests.ask(organisation=place.organisation, user=place.user, by=place.user.actor, at=place.at, **facts)

    if request.method == "POST" and done(form, deed):
        messages.success(request, _("Your admins have got your request."))
        return redirect("organisation", place.organisation.slug)
    return shown(request, place, "ask", (form,), form=form)

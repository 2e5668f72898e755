"""Somebody asks for a seat, or to become a member; the organisation's admins get a mail and decide."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.accounts.models import Membership, Organisation, User
from newsroom.core import audit, mail
from newsroom.core.audit import Actor
from newsroom.licensing import seats
from newsroom.licensing.models import Licence, Seat, SeatRequest
from newsroom.licensing.organisations import domains, members
from newsroom.licensing.organisations.members import MemberRefused

MOST_TOLD = 20


class RequestRefused(MemberRefused):
    """This cannot be asked for."""


class AlreadyDecided(MemberRefused):
    """Another admin was faster."""


@transaction.atomic
def ask(
    *,
    organisation: Organisation,
    user: User,
    by: Actor,
    at: datetime,
    licence: Licence | None = None,
    note: str = "",
) -> SeatRequest:
    """Ask the admins; the same again changes nothing. Raises `RequestRefused`."""
    member = Membership.objects.valid(at).filter(user=user, organisation=organisation).exists()
    if not member:
        domains.check_may_ask(organisation, user, at)
    elif licence is None:
        raise RequestRefused("licence", _("Say in which licence you need a seat."))
    if licence is not None:
        _check_licence(organisation, user, licence, at)
    made, new = SeatRequest.objects.get_or_create(
        organisation=organisation,
        user=user,
        decided_at=None,
        defaults={"licence": licence, "note": note.strip()[:500], "asked_at": at},
    )
    if new:
        facts = {"request": made.pk, "licence": licence.pk if licence else None}
        audit.record("organisation.seat_asked", by=by, of=organisation, at=at, facts=facts)
        _tell_admins(made, at)
    return made


def _check_licence(organisation: Organisation, user: User, licence: Licence, at: datetime) -> None:
    if licence.pk not in {each.licence_id for each in seats.of_organisation(organisation.pk, at)}:
        raise RequestRefused("licence", _("This licence has no seats to ask for."))
    if Seat.objects.taken().filter(licence=licence, user=user).exists():
        raise RequestRefused("licence", _("You have a seat in this licence."))


@transaction.atomic
def decide(*, request: SeatRequest, grant: bool, by: Actor, at: datetime, why: str = "") -> None:
    """Grant it: the person is a member then, and sits. Or do not. Either way they get a mail.

    Raises `AlreadyDecided`, `SeatsFull`, `LastOwner`.
    """
    found = SeatRequest.objects.select_for_update(of=("self",))
    asked = found.select_related("organisation", "user", "licence").get(pk=request.pk)
    if asked.decided_at is not None:
        raise AlreadyDecided("request", _("This was decided already."))
    if grant:
        _grant(asked, by=by, at=at, why=why)
    SeatRequest.objects.filter(pk=asked.pk).update(decided_at=at, granted=grant, decided_by=by.label[:200])
    action = "organisation.seat_granted" if grant else "organisation.seat_refused"
    audit.record(action, by=by, of=asked.organisation, at=at, why=why, facts={"request": asked.pk})
    _tell_asker(asked, granted=grant, at=at)


def _grant(asked: SeatRequest, *, by: Actor, at: datetime, why: str) -> None:
    member = Membership.objects.valid(at).filter(user=asked.user, organisation=asked.organisation).exists()
    if not member:
        role = Membership.Role.MEMBER
        members.join(organisation=asked.organisation, user=asked.user, role=role, by=by, at=at, why=why)
    if asked.licence is not None:
        seats.give(licence=asked.licence, user=asked.user, by=by, at=at, why=why)


def _tell_admins(asked: SeatRequest, at: datetime) -> None:
    deciding = [Membership.Role.OWNER, Membership.Role.ADMIN]
    held = Membership.objects.valid(at).filter(organisation=asked.organisation, role__in=deciding)
    context = {
        "who": str(asked.user),
        "email": asked.user.email,
        "note": asked.note,
        "requests_url": settings.BASE_URL + reverse("organisation_requests", args=[asked.organisation.slug]),
    }
    for each in held.select_related("user").order_by("pk")[:MOST_TOLD]:
        _post("organisation_request", f"{asked.pk}:{each.user_id}", asked, each.user, context, at)


def _tell_asker(asked: SeatRequest, *, granted: bool, at: datetime) -> None:
    context = {"granted": granted, "organisation_url": settings.BASE_URL + reverse("organisations")}
    _post("organisation_request_decided", str(asked.pk), asked, asked.user, context, at)


def _post(kind: str, matter: str, asked: SeatRequest, to: User, context: dict[str, Any], at: datetime) -> None:
    facts = {"name": to.first_name, "organisation": asked.organisation.name} | context
    mail.post(key=f"{kind}:{matter}", to=to.email, kind=kind, locale=to.locale, context=facts, at=at)

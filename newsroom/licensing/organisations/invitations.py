"""Invitations by mail. The link belongs to the organisation: it dies with the right of whoever sent it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.accounts.models import Address, Membership, Organisation, User
from newsroom.core import audit, mail
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused
from newsroom.licensing import seats
from newsroom.licensing.models import Invitation, Licence, Seat
from newsroom.licensing.organisations import members, requests, tokens
from newsroom.licensing.organisations.members import AlreadyMember, MemberRefused
from newsroom.licensing.organisations.roles import Deed, may

LIVES = timedelta(days=14)
MOST_OPEN = 500
MOST_SENT = 10
BETWEEN = timedelta(minutes=5)


class InvitationRefused(MemberRefused):
    """This person cannot be invited so."""


class InvitationDead(Refused):
    """The link works no longer: used, taken back, run out, or its sender may not invite any more."""

    status = 410


class ConsentNeeded(MemberRefused):
    """The invitation was for another address; joining with this one must be said expressly."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of it. `seat` None although one was offered: every seat was taken, and the admins were asked."""

    membership: Membership
    seat: Seat | None


@transaction.atomic
def invite(
    *,
    organisation: Organisation,
    email: str,
    role: str,
    by: Actor,
    at: datetime,
    locale: str,
    licence: Licence | None = None,
    sender: User | None = None,
    why: str = "",
) -> Invitation:
    """Ask somebody by mail. `sender` None: the agency does. Raises `InvitationRefused`, `AlreadyMember`."""
    members.hold(organisation)
    email = _checked(organisation, email, role, licence, at)
    token, digest = tokens.new()
    made = Invitation.objects.create(
        organisation=organisation,
        email=email,
        role=role,
        licence=licence,
        digest=digest,
        invited_by=sender,
        invited_at=at,
        sent_at=at,
        expires_at=at + LIVES,
    )
    facts = {"invitation": made.pk, "role": role, "licence": licence.pk if licence else None}
    audit.record("organisation.invited", by=by, of=organisation, at=at, why=why, facts=facts)
    _send(made, token, by, locale, at)
    return made


def _checked(organisation: Organisation, email: str, role: str, licence: Licence | None, at: datetime) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise InvitationRefused("email", _("Enter a valid email address.")) from None
    if role not in Membership.Role.values:
        raise InvitationRefused("role", _("There is no such role."))
    if Membership.objects.valid(at).filter(_has(email), organisation=organisation).exists():
        raise AlreadyMember("email", _("This person is a member already."))
    open_ones = Invitation.objects.open().filter(organisation=organisation)
    if open_ones.filter(email=email).exists():
        raise InvitationRefused("email", _("This address is invited already. Send the invitation again instead."))
    if open_ones.count() >= MOST_OPEN:
        raise InvitationRefused("email", _("Too many invitations are open. Take some back first."))
    if licence is not None and licence.organisation_id != organisation.pk:
        raise InvitationRefused("licence", _("This licence is not the organisation's."))
    if licence is not None:
        _check_room(licence)
    return email


def _check_room(licence: Licence) -> None:
    """There is a seat now; whether there still is one when they join is asked again then."""
    try:
        seats.check_room(licence=licence)
    except seats.SeatRefused as refusal:
        raise InvitationRefused("licence", str(refusal)) from None


def _has(email: str) -> Q:
    verified = Address.objects.open().filter(email=email).values("user_id")
    return Q(user__email=email) | Q(user_id__in=verified)


@transaction.atomic
def resend(*, invitation: Invitation, by: Actor, at: datetime, locale: str) -> None:
    """Another link to the same address; the former one is dead, the time begins anew. Raises `InvitationRefused`."""
    found = Invitation.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=invitation.pk)
    if found.accepted_at or found.revoked_at:
        raise InvitationRefused("email", _("This invitation is no longer open."))
    if found.sent >= MOST_SENT:
        raise InvitationRefused("email", _("This invitation was sent too often. Take it back and ask in person."))
    if at < found.sent_at + BETWEEN:
        raise InvitationRefused("email", _("It was sent a moment ago. Please wait five minutes."))
    token, digest = tokens.new()
    Invitation.objects.filter(pk=found.pk).update(digest=digest, sent_at=at, expires_at=at + LIVES, sent=F("sent") + 1)
    found.expires_at = at + LIVES
    audit.record("organisation.invitation_resent", by=by, of=found.organisation, at=at, facts={"invitation": found.pk})
    _send(found, token, by, locale, at)


@transaction.atomic
def revoke(*, invitation: Invitation, by: Actor, at: datetime, why: str = "") -> None:
    """The link is dead. One that was accepted stays so."""
    if Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=at):
        facts = {"invitation": invitation.pk}
        organisation = invitation.organisation
        audit.record("organisation.invitation_revoked", by=by, of=organisation, at=at, why=why, facts=facts)


def find(*, token: str, at: datetime) -> Invitation:
    """The invitation of this link. Raises `InvitationDead`."""
    found = Invitation.objects.alive(at).filter(digest=tokens.digest(token))
    invitation = found.select_related("organisation", "licence", "invited_by").first()
    if invitation is None or not _stands(invitation, at):
        raise InvitationDead(_("This invitation works no longer. Ask whoever invited you for another."))
    return invitation


def _stands(invitation: Invitation, at: datetime) -> bool:
    """Whether whoever sent it might still send it."""
    if invitation.invited_by_id is None:
        return True
    held = Membership.objects.valid(at).filter(user=invitation.invited_by, organisation=invitation.organisation)
    role = held.values_list("role", flat=True).first() or ""
    return may(role, Deed.MANAGE) and (invitation.role != Membership.Role.OWNER or role == Membership.Role.OWNER)


def is_for(invitation: Invitation, user: User, at: datetime) -> bool:
    """Whether the address that was invited is this person's."""
    verified = Address.objects.valid(at).filter(user=user, email__iexact=invitation.email)
    return user.email.lower() == invitation.email or verified.exists()


@transaction.atomic
def accept(*, token: str, user: User, consent: bool, by: Actor, at: datetime) -> Accepted:
    """The person joins. With another address than the invited one only by `consent`, and only with a verified one.

    Raises `InvitationDead`, `ConsentNeeded`, `AlreadyMember`.
    """
    seen = find(token=token, at=at)
    members.hold(seen.organisation)
    invitation = find(token=token, at=at)  # nobody was faster, now that we hold it
    if not is_for(invitation, user, at):
        _check_consent(user, consent, at)
    organisation, licence = invitation.organisation, invitation.licence
    membership = members.join(organisation=organisation, user=user, role=invitation.role, by=by, at=at)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=at, accepted_by=user)
    seat = _seat(licence, user, by, at) if licence is not None else None
    if licence is not None and seat is None:
        requests.ask(organisation=organisation, user=user, licence=licence, by=by, at=at)
    return Accepted(membership, seat)


def _check_consent(user: User, consent: bool, at: datetime) -> None:
    if not Address.objects.valid(at).filter(user=user).exists():
        raise ConsentNeeded("consent", _("Confirm your own e-mail address first."))
    if not consent:
        raise ConsentNeeded("consent", _("Say that you want to join with this account."))


def _seat(licence: Licence, user: User, by: Actor, at: datetime) -> Seat | None:
    try:
        with transaction.atomic():
            return seats.give(licence=licence, user=user, by=by, at=at)
    except (seats.SeatsFull, seats.NoNamedSeats):
        return None


def _send(invitation: Invitation, token: str, by: Actor, locale: str, at: datetime) -> None:
    known = User.objects.filter(email=invitation.email).first()
    context = {
        "organisation": invitation.organisation.name,
        "inviter": by.label if invitation.invited_by_id else settings.SITE_NAME,
        "accept_url": settings.BASE_URL + reverse("invitation", args=[token]),
        "expires_at": invitation.expires_at,
    }
    mail.post(
        key=f"organisation_invitation:{invitation.pk}:{tokens.digest(token)[:16]}",
        to=invitation.email,
        kind="organisation_invitation",
        locale=known.locale if known else locale,
        context=context,
        at=at,
    )

"""Two accounts are one person: `keep` goes on, `gone` is signed in no more and `keep` holds what it held.

A licence's holder never changes, so `gone` stays the holder; `accounts.readers` follows the merger from its first
moment on (docs/decisions/0013). Memberships, seats and addresses are moved, the ledger stays as it was.
"""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import Membership, Merger, MergerRequest, User
from newsroom.accounts.signals import belonging_changed
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused
from newsroom.core.jobs import announce
from newsroom.licensing import seats
from newsroom.licensing.models import LicenceVersion, Seat
from newsroom.licensing.organisations import members
from newsroom.licensing.organisations.roles import stronger
from newsroom.licensing.rules import Source

UNDONE_WITHIN = timedelta(days=30)


class MergerRefused(Refused):
    """These two accounts cannot become one. `field` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class BothPay(MergerRefused):
    """Nobody pays twice without knowing."""


class ConsentMissing(MergerRefused):
    """Both sides say yes, or staff says why one side cannot."""


class TooLate(MergerRefused):
    """A merger is undone within 30 days, and before the next one rests on it."""


@transaction.atomic
def merge_people(
    *,
    keep: User,
    gone: User,
    by: Actor,
    at: datetime,
    consent: MergerRequest | None = None,
    why: str = "",
) -> Merger:
    """`gone` is `keep` from now on. By `consent` of both; without it staff says why one address is dead.

    Raises `ConsentMissing`, `BothPay`, `MergerRefused`.
    """
    keep, gone = _both(keep, gone)
    _check_consent(keep, gone, consent, why)
    _check_fit(keep, gone, at)
    merger = Merger.objects.create(
        keep=keep, gone=gone, valid_from=at, one_sided=consent is None, why=why.strip() or "both sides agreed"
    )
    facts = {
        "memberships": _move_memberships(keep, gone, by, at),
        "earlier": _move_earlier(keep, gone, at),
        "addresses": _move_addresses(keep, gone, dead=consent is None),
    }
    Merger.objects.filter(pk=merger.pk).update(facts=facts)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    _tell("person.merged", merger, by=by, at=at, why=merger.why)
    merger.facts = facts
    return merger


def _both(keep: User, gone: User) -> tuple[User, User]:
    """Both, in an order in which nobody waits for the other's lock."""
    found = {
        each.pk: each for each in User.objects.select_for_update().filter(pk__in=[keep.pk, gone.pk]).order_by("pk")
    }
    return found[keep.pk], found[gone.pk]


def _check_consent(keep: User, gone: User, consent: MergerRequest | None, why: str) -> None:
    if consent is None:
        if not why.strip():
            raise ConsentMissing("why", _("Say why one side cannot agree: which address is dead, and how you know."))
        return
    asked = MergerRequest.objects.select_for_update().get(pk=consent.pk)
    if (asked.keep_id, asked.gone_id) != (keep.pk, gone.pk) or not (asked.keep_at and asked.gone_at):
        raise ConsentMissing("consent", _("Both addresses must agree first."))


def _check_fit(keep: User, gone: User, at: datetime) -> None:
    if keep.pk == gone.pk:
        raise MergerRefused("gone", _("These are the same account."))
    if not keep.is_active or not gone.is_active:
        raise MergerRefused("gone", _("One of these accounts is closed or merged already."))
    if any(each.is_staff or each.is_superuser for each in (keep, gone)):
        raise MergerRefused("gone", _("Accounts of the agency's staff are not merged."))
    running = LicenceVersion.objects.recorded(at).filter(licence__source=Source.PLAN)
    running = running.exclude(ends_at__lte=at)
    if all(running.filter(licence__user=each).exists() for each in (keep, gone)):
        raise BothPay("gone", _("Both accounts pay for a plan. Cancel one of them first."))


def _move_memberships(keep: User, gone: User, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """What `gone` was in each organisation, `keep` is now: the stronger role of the two, and the seats."""
    moved = []
    for old in Membership.objects.open().filter(user=gone).select_related("organisation").order_by("organisation_id"):
        members.hold(old.organisation)
        mine = Membership.objects.open().filter(user=keep, organisation=old.organisation).first()
        role = stronger(mine.role, old.role) if mine else old.role
        members.finish(old, at)
        if mine is None or mine.role != role:
            if mine is not None:
                members.finish(mine, at)
            members.begin(old.organisation, keep, role, at)
        taken = _move_seats(old.organisation_id, keep, gone, by, at)
        moved.append(
            {"organisation": old.organisation_id, "role": old.role, "former": mine.role if mine else "", "seats": taken}
        )
    return moved


def _move_seats(organisation_id: int, keep: User, gone: User, by: Actor, at: datetime) -> list[int]:
    """The licences in which `keep` sits now instead of `gone`. Where both sat, one seat is free."""
    taken = []
    for seat in Seat.objects.taken().filter(user=gone, licence__organisation_id=organisation_id):
        if Seat.objects.taken().filter(user=keep, licence=seat.licence).exists():
            seats.take_back(licence=seat.licence, user=gone, by=by, at=at, why="merged")
        else:
            seats.move(licence=seat.licence, user=gone, to=keep, by=by, at=at, why="merged")
            taken.append(seat.licence_id)
    return taken


def _move_earlier(keep: User, gone: User, at: datetime) -> list[int]:
    """Who was merged into `gone` before is merged into `keep` now."""
    earlier = []
    for each in Merger.objects.open().filter(keep=gone).order_by("pk"):
        Merger.objects.filter(pk=each.pk).update(valid_to=at)
        Merger.objects.create(keep=keep, gone=each.gone, valid_from=at, one_sided=each.one_sided, why=each.why)
        earlier.append(each.gone_id)
    return earlier


def _move_addresses(keep: User, gone: User, *, dead: bool) -> list[dict[str, Any]]:
    """`gone`'s addresses are `keep`'s; a dead one is nobody's."""
    moved = []
    for address in EmailAddress.objects.filter(user=gone).order_by("pk"):
        moved.append({"email": address.email, "verified": address.verified, "primary": address.primary})
        if dead:
            address.delete()
        else:
            address.user, address.primary = keep, False
            address.save()
    return moved


@transaction.atomic
def undo(*, merger: Merger, by: Actor, at: datetime, why: str) -> None:
    """Two people again, with what each had. Raises `TooLate`."""
    _both(merger.keep, merger.gone)
    found = Merger.objects.select_for_update(of=("self",)).select_related("keep", "gone").get(pk=merger.pk)
    _check_time(found, at)
    Merger.objects.filter(pk=found.pk).update(valid_to=max(at, found.valid_from))
    User.objects.filter(pk=found.gone_id).update(is_active=True)
    for moved in found.facts.get("memberships", []):
        _return_membership(found, moved, by, at)
    _return_addresses(found)
    for gone_id in found.facts.get("earlier", []):
        Merger.objects.open().filter(keep=found.keep, gone_id=gone_id).update(valid_to=at)
        Merger.objects.create(keep=found.gone, gone_id=gone_id, valid_from=at, why=found.why)
    _tell("person.merger_undone", found, by=by, at=at, why=why)


def _check_time(merger: Merger, at: datetime) -> None:
    later = Merger.objects.filter(gone=merger.keep, valid_from__gte=merger.valid_from).exists()
    if merger.valid_to is not None or later or at > merger.valid_from + UNDONE_WITHIN:
        raise TooLate("merger", _("This can be undone no longer."))


def _return_membership(merger: Merger, moved: dict[str, Any], by: Actor, at: datetime) -> None:
    """As it was, as far as both still belong: who was removed meanwhile stays removed."""
    mine = Membership.objects.open().filter(user=merger.keep, organisation_id=moved["organisation"])
    mine = mine.select_related("organisation")
    held = mine.first()
    if held is None:
        return
    organisation = held.organisation
    members.hold(organisation)
    members.begin(organisation, merger.gone, moved["role"], at)
    for seat in Seat.objects.taken().filter(user=merger.keep, licence_id__in=moved["seats"]):
        seats.move(licence=seat.licence, user=merger.keep, to=merger.gone, by=by, at=at, why="merger undone")
    if moved["former"] == held.role:
        return
    members.finish(held, at)
    if moved["former"]:
        members.begin(organisation, merger.keep, moved["former"], at)


def _return_addresses(merger: Merger) -> None:
    for moved in merger.facts.get("addresses", []):
        values = {"verified": moved["verified"] and not merger.one_sided, "primary": moved["primary"]}
        EmailAddress.objects.filter(user=merger.keep, email=moved["email"]).delete()
        EmailAddress.objects.create(user=merger.gone, email=moved["email"], **values)


def _tell(action: str, merger: Merger, *, by: Actor, at: datetime, why: str) -> None:
    """A line for each of the two."""
    facts = {"merger": merger.pk, "keep": merger.keep_id, "gone": merger.gone_id, "one_sided": merger.one_sided}
    for person in (merger.keep, merger.gone):
        audit.record(action, by=by, of=person, at=at, why=why, facts=facts)
        announce(belonging_changed, user_id=person.pk)

"""Asking both addresses of a person whether they are one: a link to each, and a yes from both."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.accounts.models import Merger, MergerRequest, User
from newsroom.core import audit, mail
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused
from newsroom.licensing.organisations import merging, tokens
from newsroom.licensing.organisations.merging import MergerRefused

LIVES = timedelta(days=3)
MOST_A_DAY = 5


class LinkDead(Refused):
    """Used, run out, or never ours."""

    status = 410


@dataclass(frozen=True, slots=True)
class Side:
    """Whose link this is. `mine` holds it; `other` is the account it would be one with."""

    request: MergerRequest
    mine: User
    other: User

    @property
    def agreed(self) -> bool:
        return (self.request.keep_at if self.mine.pk == self.request.keep_id else self.request.gone_at) is not None


@transaction.atomic
def ask(*, keep: User, email: str, by: Actor, at: datetime) -> None:
    """Send a link to both addresses. Whether the other one has an account is told to nobody: then no mail leaves.

    Raises `MergerRefused`, of the field `email`.
    """
    email = email.strip().lower()
    if email == keep.email.lower():
        raise MergerRefused("email", _("This is the address you are signed in with."))
    User.objects.select_for_update().get(pk=keep.pk)
    today = MergerRequest.objects.filter(keep=keep, asked_at__gt=at - timedelta(days=1))
    if today.count() >= MOST_A_DAY:
        raise MergerRefused("email", _("You asked too often today. Please try again tomorrow."))
    gone = User.objects.filter(email=email, is_active=True, is_staff=False).first()
    if gone is None or keep.is_staff:
        return
    MergerRequest.objects.filter(keep=keep, gone=gone, closed_at=None).update(closed_at=at)
    (mine, keep_digest), (theirs, gone_digest) = tokens.new(), tokens.new()
    asked = MergerRequest.objects.create(
        keep=keep, gone=gone, keep_digest=keep_digest, gone_digest=gone_digest, asked_at=at, expires_at=at + LIVES
    )
    audit.record("person.merger_asked", by=by, of=keep, at=at, facts={"request": asked.pk})
    _send(asked, keep, gone, mine, at)
    _send(asked, gone, keep, theirs, at)


def find(*, token: str, at: datetime) -> Side:
    """Whose link this is. Raises `LinkDead`."""
    digest = tokens.digest(token)
    alive = MergerRequest.objects.filter(closed_at=None, expires_at__gt=at).select_related("keep", "gone")
    asked = alive.filter(Q(keep_digest=digest) | Q(gone_digest=digest)).first()
    if asked is None:
        raise LinkDead(_("This link works no longer. Ask for another on your account's page."))
    pair = (asked.keep, asked.gone) if asked.keep_digest == digest else (asked.gone, asked.keep)
    return Side(asked, *pair)


@transaction.atomic
def agree(*, token: str, by: Actor, at: datetime) -> Merger | None:
    """This side says yes; when both have, they are one. Raises `LinkDead`, and what `merge_people` raises."""
    side = find(token=token, at=at)
    asked = MergerRequest.objects.select_for_update().get(pk=side.request.pk)
    name = "keep_at" if side.mine.pk == asked.keep_id else "gone_at"
    if getattr(asked, name) is None:
        setattr(asked, name, at)
        asked.save(update_fields=[name])
        audit.record("person.merger_agreed", by=by, of=side.mine, at=at, facts={"request": asked.pk})
    if not (asked.keep_at and asked.gone_at):
        return None
    merger = merging.merge_people(keep=asked.keep, gone=asked.gone, consent=asked, by=by, at=at)
    MergerRequest.objects.filter(pk=asked.pk).update(closed_at=at)
    return merger


@transaction.atomic
def decline(*, token: str, by: Actor, at: datetime) -> None:
    """This side says no; nothing happens, and both links are dead. Raises `LinkDead`."""
    side = find(token=token, at=at)
    MergerRequest.objects.filter(pk=side.request.pk).update(closed_at=at)
    audit.record("person.merger_declined", by=by, of=side.mine, at=at, facts={"request": side.request.pk})


def _send(asked: MergerRequest, to: User, other: User, token: str, at: datetime) -> None:
    context = {
        "name": to.first_name,
        "email": to.email,
        "other": other.email,
        "keep": asked.keep.email,
        "confirm_url": settings.BASE_URL + reverse("merger", args=[token]),
    }
    mail.post(
        key=f"person_merger:{asked.pk}:{to.pk}",
        to=to.email,
        kind="person_merger",
        locale=to.locale,
        context=context,
        at=at,
    )

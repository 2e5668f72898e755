"""Who works on which desk."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from newsroom.accounts.models import User
from newsroom.content.models import DeskRole
from newsroom.content.rules import Role
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.wire.models import Desk

NEWSROOM_GROUP = "Newsroom"
"""The group that may enter the desk's pages at all; `newsdesk` gives it its permissions."""


@transaction.atomic
def appoint(*, user: User, desk: Desk, role: Role, by: Actor, at: datetime) -> DeskRole:
    """Give a person a role on a desk, in place of the one they had there, and let them in."""
    found, _made = DeskRole.objects.update_or_create(user=user, desk=desk, defaults={"role": role})
    group, _new = Group.objects.get_or_create(name=NEWSROOM_GROUP)
    user.groups.add(group)
    if not user.is_staff:
        User.objects.filter(pk=user.pk).update(is_staff=True)
        user.is_staff = True
    audit.record("desk.appointed", by=by, of=user, at=at, facts={"desk": desk.code, "role": role})
    return found


@transaction.atomic
def dismiss(*, user: User, desk: Desk, by: Actor, at: datetime) -> None:
    """Take a person's role on a desk away; with the last one goes the way in, and the picture library."""
    DeskRole.objects.filter(user=user, desk=desk).delete()
    if not DeskRole.objects.filter(user=user).exists():
        user.groups.remove(*Group.objects.filter(name=NEWSROOM_GROUP))
    audit.record("desk.dismissed", by=by, of=user, at=at, facts={"desk": desk.code})

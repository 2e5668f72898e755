"""Which addresses are verified, from when to when: what the sign-in package says now, kept with its past."""

from datetime import datetime

from django.db.models import QuerySet

from newsroom.accounts.models import Address
from newsroom.accounts.rules import host_of
from newsroom.accounts.signals import belonging_changed
from newsroom.core.jobs import announce


def follow(*, user_id: int, email: str, verified: bool, at: datetime) -> None:
    """This person's address is verified from now on, or is theirs no longer. The same again changes nothing."""
    open_ones = Address.objects.open().filter(email__iexact=email)
    mine = open_ones.filter(user_id=user_id)
    if not verified:
        _close(mine, at)
        return
    _close(open_ones.exclude(user_id=user_id), at)
    _made, made = Address.objects.get_or_create(
        user_id=user_id,
        email=email.lower(),
        valid_to=None,
        defaults={"host": host_of(email), "valid_from": at},
    )
    if made:
        announce(belonging_changed, user_id=user_id)


def _close(found: "QuerySet[Address]", at: datetime) -> None:
    for each in found:
        Address.objects.filter(pk=each.pk).update(valid_to=max(at, each.valid_from))
        announce(belonging_changed, user_id=each.user_id)

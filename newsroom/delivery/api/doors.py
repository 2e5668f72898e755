"""Who asks by this request, and for whom; one round trip to Valkey for it and everything else the request will need."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError
from django.http import HttpRequest
from ninja.security.base import AuthBase

from newsroom.access import callers, entitlements
from newsroom.access.callers import CALLERS, MEMBERS, Caller, Member
from newsroom.access.warm import Asking, remembered
from newsroom.accounts import keys
from newsroom.accounts.keys import Scope
from newsroom.accounts.readers import Reader
from newsroom.delivery.api import rates
from newsroom.delivery.api.problems import refuse

_noted: dict[int, datetime] = {}


class Bearer(AuthBase):
    """`Authorization: Bearer nk_…`. Here it is only read; who it is the door finds out."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_name = "key"

    def __call__(self, request: HttpRequest) -> str:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise refuse("auth.missing")
        if not keys.TOKEN.fullmatch(token.strip()):
            raise refuse("auth.unknown")
        return keys.digest_of(token.strip())


@dataclass(frozen=True, slots=True)
class Door:
    """An open door: what is remembered, the key, and the reader it stands for."""

    asking: Asking
    caller: Caller
    reader: Reader
    member: Member | None

    @property
    def at(self) -> datetime:
        return self.asking.at


def opened(
    digest: str, scope: str, *, at: datetime, names: Iterable[str] = (), member: int | str | None = None
) -> Door:
    """The door for this key, or a `Refusal`. `names`: the items it will ask about; `member`: for whom of its people."""
    counter = rates.counting(digest, at)
    asking = Asking(at, _subjects(digest, names, member), counter)
    caller = _checked(asking.one(CALLERS, digest), scope, at)
    rates.check(counter, asking.count, caller.per_minute, at)
    _note_use(caller, at)
    found = _member(asking, caller, member)
    return Door(asking, caller, caller.reader(found), found)


def _subjects(digest: str, names: Iterable[str], member: int | str | None) -> Sequence[str]:
    """Every subject that this request will stand on, as far as it can be known before anything is read."""
    found = [callers.subject_of(digest)]
    guess = remembered(CALLERS, digest)
    if guess is not None:
        who = member if member is not None else guess.user_id
        person = None if who is None else remembered(MEMBERS, (guess.organisation_id, who))
        found += [f"members:{guess.organisation_id}"] if who is not None else []
        found += entitlements.subjects_of_reader(guess.reader(person))
    named = [entitlements.subject_of(name) for name in names]
    return [*found, *named, "stamps"] if named else found


def _checked(caller: Caller | None, scope: str, at: datetime) -> Caller:
    if caller is None:
        raise refuse("auth.unknown")
    if caller.revoked_at is not None and caller.revoked_at <= at:
        raise refuse("auth.revoked")
    if caller.expires_at is not None and caller.expires_at <= at:
        raise refuse("auth.expired")
    if scope not in caller.scopes:
        raise refuse("auth.scope", scope=Scope(scope).value)
    return caller


def _member(asking: Asking, caller: Caller, asked: int | str | None) -> Member | None:
    """The member it is asked for, else the one that the key acts as."""
    if asked is not None:
        found = asking.one(MEMBERS, (caller.organisation_id, asked))
        if found is None:
            raise refuse("member.unknown", fields=[{"field": "on_behalf_of", "message": "no member"}])
        return found
    if caller.user_id is None:
        return None
    found = asking.one(MEMBERS, (caller.organisation_id, caller.user_id))
    if found is None:
        raise refuse("auth.member")
    return found


def _note_use(caller: Caller, at: datetime) -> None:
    """To the hour, so that a busy key costs one write an hour."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    if (caller.last_used_at is None or caller.last_used_at < hour) and _noted.get(caller.key_id) != hour:
        with suppress(DatabaseError):
            keys.note_use(key_id=caller.key_id, at=at)
        _noted[caller.key_id] = hour

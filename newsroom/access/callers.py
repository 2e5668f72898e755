"""Whose key it is, and for whom it asks; remembered under the epochs of the key and of the organisation's members."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q

from newsroom.access.warm import Kind, Loaded
from newsroom.accounts import keys
from newsroom.accounts.models import Membership
from newsroom.accounts.readers import Reader


@dataclass(frozen=True, slots=True)
class Caller:
    """A key, as it is asked with. `user_id`: the member it acts as."""

    key_id: int
    organisation_id: int
    user_id: int | None
    label: str
    scopes: frozenset[str]
    audiences: frozenset[str]
    per_minute: int
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def reader(self, member: "Member | None" = None) -> Reader:
        """The organisation as a reader, or one of its members as one."""
        organisations = frozenset({self.organisation_id})
        if member is None:
            return Reader(organisation_ids=organisations, label=self.label)
        return Reader(member.user_id, organisations, member.email)


@dataclass(frozen=True, slots=True)
class Member:
    user_id: int
    email: str


def subject_of(digest: str) -> str:
    """Under which subject the database notes changes of this key."""
    return f"key:{digest[:16]}"


def _callers(digests: Sequence[str], at: datetime) -> dict[str, Loaded[Caller | None]]:
    found = keys.find(digests)
    return {
        digest: Loaded(
            Caller(
                key_id=key.pk,
                organisation_id=key.organisation_id,
                user_id=key.user_id,
                label=str(key),
                scopes=frozenset(key.scopes),
                audiences=frozenset(key.audiences),
                per_minute=key.per_minute,
                expires_at=key.expires_at,
                revoked_at=key.revoked_at,
                last_used_at=key.last_used_at,
            )
            if (key := found.get(digest))
            else None
        )
        for digest in digests
    }


CALLERS: Kind[str, Caller | None] = Kind(
    "caller", lambda digest: (subject_of(digest),), _callers, most=2_000, absent=False
)


def subjects_of_members(name: tuple[int, int | str]) -> tuple[str, ...]:
    return (f"members:{name[0]}",)


def _members(
    names: Sequence[tuple[int, int | str]], at: datetime
) -> dict[tuple[int, int | str], Loaded[Member | None]]:
    return {name: _member(*name, at) for name in names}


def _member(organisation_id: int, who: int | str, at: datetime) -> Loaded[Member | None]:
    """This person of the organisation's, by number or address; None when they are none at the moment `at`."""
    belongs = Membership.objects.filter(organisation_id=organisation_id, user__is_active=True)
    belongs = belongs.filter(user_id=who) if isinstance(who, int) else belongs.filter(user__email=who)
    held = belongs.valid(at).values_list("user_id", "user__email").first()
    turns = belongs.aggregate(
        begins=Min("valid_from", filter=Q(valid_from__gt=at)), ends=Min("valid_to", filter=Q(valid_to__gt=at))
    )
    until = min((each for each in turns.values() if each is not None), default=None)
    return Loaded(Member(*held) if held else None, until)


MEMBERS: Kind[tuple[int, int | str], Member | None] = Kind("member", subjects_of_members, _members, most=20_000)

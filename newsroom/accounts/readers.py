"""The Reader: who asks, the same thing whether a session, a key or nobody does."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from newsroom.accounts.models import Membership, User
from newsroom.core.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks. Holds ids only, so that a judgement never walks into the database by accident."""

    user_id: int | None = None
    organisation_ids: frozenset[int] = frozenset()
    label: str = "anonymous"

    @property
    def anonymous(self) -> bool:
        return self.user_id is None and not self.organisation_ids


ANONYMOUS = Reader()


def reader_of(user: User | AnonymousUser, at: datetime) -> Reader:
    """The reader behind a signed-in person at the moment `at`, memberships of that moment included.

    A person who is no longer active is nobody. One query for a signed-in person, none for nobody.
    """
    if isinstance(user, AnonymousUser) or not user.is_active:
        return ANONYMOUS
    return Reader(user.pk, frozenset(pk for (pk,) in _organisations(user_id=user.pk, at=at)), user.email)


@Prepared
def _organisations(user_id: int, at: datetime) -> "QuerySet[Membership, tuple[int]]":
    return Membership.objects.valid(at).filter(user_id=user_id).values_list("organisation_id")

"""The Reader: who asks, the same thing whether a session, a key or nobody does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from newsroom.accounts.models import Address, Domain, Membership, Merger, User
from newsroom.core.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks. Holds ids only, so that a judgement never walks into the database by accident."""

    user_id: int | None = None
    organisation_ids: frozenset[int] = frozenset()
    label: str = "anonymous"
    network_ids: frozenset[int] = frozenset()  # organisations whose network the request comes from
    domain_ids: frozenset[int] = frozenset()  # organisations whose mail domain the person's verified address has
    bearers: frozenset[str] = frozenset()  # SHA-256 of the tokens shown: gift links
    visitor: str = ""  # our signed id of a browser nobody has signed in with, once the meter has given it one
    browser: str = ""  # our signed id of the browser that shows these tokens
    prefix: str = ""  # the address prefix the request comes from: /24 of IPv4, /56 of IPv6
    country: str = ""  # ISO 3166-1 alpha-2 of where the request comes from; empty: unknown
    former_ids: frozenset[int] = frozenset()  # accounts that were merged into this person's: their licences count

    @property
    def anonymous(self) -> bool:
        """Whether nothing at all is known that a licence could be held by."""
        return not (
            self.user_id or self.organisation_ids or self.network_ids or self.domain_ids or self.bearers or self.visitor
        )


ANONYMOUS = Reader()


def reader_of(user: User | AnonymousUser, at: datetime) -> Reader:
    """The reader behind a signed-in person at the moment `at`: memberships, mail domains and mergers of that moment.

    A person who is no longer active is nobody; so is one who by then had been merged into another. Where the request
    comes from is no part of it. One query for a signed-in person, none for nobody.
    """
    if isinstance(user, AnonymousUser):
        return ANONYMOUS
    found = find(user.pk, at)
    return reader_from(found) if found is not None else ANONYMOUS


def find(user_id: int, at: datetime) -> User | None:
    """The person with all that makes them a reader at the moment `at`; None for who was nobody then. One query."""
    user = next(iter(_person(user_id=user_id, at=at)), None)
    if user is None or user.is_merged:  # type: ignore[attr-defined]  # annotated below
        return None
    return user if user.is_active or user.merged_since else None  # type: ignore[attr-defined]  # annotated below


def reader_from(user: User) -> Reader:
    """The reader behind what `find` answered."""
    known: Any = user
    return Reader(
        user.pk,
        frozenset(known.organisation_ids),
        user.email,
        domain_ids=frozenset(known.domain_ids),
        former_ids=frozenset(known.former_ids),
    )


@Prepared
def _person(user_id: int, at: datetime) -> QuerySet[User]:
    memberships = Membership.objects.valid(at).filter(user=OuterRef("pk")).values("organisation_id")
    verified = Address.objects.valid(at).filter(user=OuterRef(OuterRef("pk")), host=OuterRef("name"))
    domains = Domain.objects.valid(at).filter(Exists(verified)).values("organisation_id")
    merged = Merger.objects.filter(gone=OuterRef("pk"))
    return User.objects.filter(pk=user_id).annotate(
        organisation_ids=ArraySubquery(memberships),
        domain_ids=ArraySubquery(domains),
        former_ids=ArraySubquery(Merger.objects.valid(at).filter(keep=OuterRef("pk")).values("gone_id")),
        is_merged=Exists(merged.valid(at)),
        merged_since=Exists(merged.open()),  # that is why the account is closed today
    )


def present(user: User) -> User:
    """Who this person is now: the one they were merged into, else themselves."""
    merger = Merger.objects.open().filter(gone=user).select_related("keep").first()
    return merger.keep if merger is not None else user

"""Why, and why then: the answer of the gate at any moment, with the walk that led to it.

Everything is read as it stood at that moment: the release that was head, the rules of products, what the licences
said as recorded, memberships, seats, networks and mail domains. No row that was written since counts, and no flag
of the present is read. What the walk means is in `steps`; this file only looks things up.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from newsroom.access.querysets import manner_of
from newsroom.access.rules import PLAIN, Decision, Manner, Rights
from newsroom.access.steps import Explanation, walk
from newsroom.access.terms import terms_of
from newsroom.accounts.models import Network, Organisation, User
from newsroom.accounts.readers import ANONYMOUS, Reader, reader_of
from newsroom.licensing.rules import Use
from newsroom.wire.models import Item, Product, Release
from newsroom.wire.rules import Signal, Tier
from newsroom.wire.stamping import products_at


@dataclass(frozen=True, slots=True)
class Answer:
    """The walk, and what it was about: the release that was head then, and the story's products then."""

    reader: Reader
    release: Release | None
    rights: Rights
    manner: Manner
    explanation: Explanation

    @property
    def decision(self) -> Decision:
        return self.explanation.decision

    @property
    def products(self) -> "QuerySet[Product]":
        """Those that include the story: what a licence would have to cover."""
        return Product.objects.filter(pk__in=self.rights.products).order_by("name")


def as_of(*, reader: Reader, item: Item, use: Use, at: datetime, manner: Manner = PLAIN) -> Answer:
    """What `decide` answered, or would have answered, at the moment `at`; before quota and meter are spent.

    `reader` is somebody at that same moment (`reader_then`). Where `manner` names no territory it is the reader's.
    """
    release = head_then(item, at)
    rights = rights_then(item, release, at)
    manner = manner_of(reader, manner)
    return Answer(reader, release, rights, manner, walk(terms_of(reader, at), rights, use, at, manner))


def reader_then(who: User | Organisation | None, *, at: datetime, address: str = "", country: str = "") -> Reader:
    """Who somebody was at the moment `at`: with the memberships, networks and mail domains of that moment.

    An organisation is any of its people who has no right of their own; None is nobody in particular. `address`: the
    IP address the request would come from.
    """
    if isinstance(who, Organisation):
        known = Reader(organisation_ids=frozenset({who.pk}), label=who.name)
    else:
        known = ANONYMOUS if who is None else reader_of(who, at)
    return replace(known, network_ids=known.network_ids | _networks(address, at), country=country)


def _networks(address: str, at: datetime) -> frozenset[int]:
    """The organisations from whose networks this address was at that moment."""
    if not address:
        return frozenset()
    found = Network.objects.valid(at).filter(cidr__holds=address)
    return frozenset(found.values_list("organisation_id", flat=True))


def head_then(item: Item, at: datetime) -> Release | None:
    """The release that was the item's head at that moment."""
    found = item.releases.filter(released_at__lte=at).select_related("desk", "place").defer("public_vector")
    return found.order_by("-version").first()


def rights_then(item: Item, release: Release | None, at: datetime) -> Rights:
    """What the judgement knew of that release at that moment."""
    if release is None:
        return Rights(None, Tier.NOTHING, None, frozenset(), item.pk)
    return Rights(
        signal=Signal(release.signal),
        public_tier=Tier(release.public_tier),
        embargo_until=release.embargo_until,
        products=products_at(release, at),
        item_id=item.pk,
        shown_at=release.shown_at,
        territories_out=frozenset(release.territories_out),
        channels_out=frozenset(release.channels_out),
        uses_out=frozenset(release.uses_out),
        archive=release.archive,
        expires_at=release.expires_at,
    )

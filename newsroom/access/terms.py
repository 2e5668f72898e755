"""What the judgement must know, read from the database: what the reader's licences said, what the story allows."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from newsroom.access.rules import Rights, Terms
from newsroom.accounts.readers import Reader
from newsroom.core.prepared import Prepared
from newsroom.licensing.models import LicenceVersion, Seat
from newsroom.licensing.querysets import holders
from newsroom.licensing.rules import NO_LIMITS, SeatKind, Source
from newsroom.licensing.terms import columns, limits_of
from newsroom.wire.models import Item, Stamp
from newsroom.wire.rules import Tier


def terms_of(reader: Reader, at: datetime, *, with_meter: bool = False) -> list[Terms]:
    """What each licence of the reader's said at the moment `at`. One query, none for nobody.

    A meter is not among them: it is an offer, which `metered` makes story by story, and no list or search knows it.
    Whoever opens one story (`with_meter`) has what is offered to such readers read in the same query.
    A licence that lets only the people of a former membership in is not among them: membership, network, domain and
    token are read off `reader`, who is somebody at that same moment.
    """
    if reader.anonymous:
        return []
    found = [_terms(*row) for row in _held(at=at, seat_of=reader.user_id or 0, **holders(reader))]
    return found if with_meter else [each for each in found if each.source != Source.METER]


SAID = ("licence_id", "number", "uses", "all_products", "product_ids", "starts_at", "ends_at", "suspended", "clause")
LIMITED = (
    "item_ids",
    "channels",
    "territories",
    "formats",
    "delay",
    "archive",
    "rendition",
    "under_embargo",
    "seats",
    "seat_kind",
    "quotas",
    "clauses",
)
"""Columns by name and not whole rows: making the rows' objects would take longer than asking for them."""

UNLIMITED = tuple(columns(NO_LIMITS)[name] for name in LIMITED[1:])


def about(terms: Iterable[Terms], item: Item) -> list[Terms]:
    """Without the gifts of other stories: whoever was given one story is no different at the next."""
    return [each for each in terms if each.source != Source.GIFT or item.pk in each.items]


@Prepared
def _held(
    at: datetime,
    seat_of: int,
    user_id: int | None,
    organisation_ids: Collection[int],
    network_ids: Collection[int],
    domain_ids: Collection[int],
    bearers: Collection[str],
    audience: str | None,
    former_ids: Collection[int],
) -> "QuerySet[LicenceVersion, tuple[Any, ...]]":
    seats = Seat.objects.valid(at).filter(licence=OuterRef("licence_id"), user_id=seat_of)
    held = LicenceVersion.objects.recorded(at).of(
        user_id=user_id,
        organisation_ids=organisation_ids,
        network_ids=network_ids,
        domain_ids=domain_ids,
        bearers=bearers,
        audience=audience,
        former_ids=former_ids,
    )
    return held.annotate(seated=Exists(seats)).values_list("seated", "licence__source", *SAID, *LIMITED)


def terms_from(version: LicenceVersion, *, seated: bool, source: str = "") -> Terms:
    """One version's terms. `seated`: whether the reader has a seat in it, where seats are named."""
    return _terms(seated, source, *(getattr(version, name) for name in (*SAID, *LIMITED)))


def _terms(
    seated: bool,
    source: str,
    licence_id: int,
    number: int,
    uses: list[str],
    all_products: bool,
    product_ids: list[int],
    starts_at: datetime,
    ends_at: datetime | None,
    suspended: bool,
    clause: str,
    item_ids: list[int],
    *limited: Any,
) -> Terms:
    limits = NO_LIMITS if limited == UNLIMITED else limits_of(*limited)
    return Terms(
        licence_id=licence_id,
        uses=frozenset(uses),
        products=None if all_products else frozenset(product_ids),
        starts_at=starts_at,
        ends_at=ends_at,
        suspended=suspended,
        clause=clause,
        items=frozenset(item_ids),
        limits=limits,
        seated=limits.seats is None or limits.seat_kind == SeatKind.FLOATING or seated,
        version=number,
        source=source,
    )


def rights_of(item: Item) -> Rights:
    """What the judgement must know of the item's present release."""
    head = item.head
    if head is None:
        return Rights(None, Tier.NOTHING, None, frozenset(), item.pk)
    products = getattr(item, "product_ids", None)
    if products is None:
        products = Stamp.objects.effective().filter(release_id=head.pk).values_list("product_id", flat=True)
    return Rights(
        signal=head.signal,
        public_tier=Tier(head.public_tier),
        embargo_until=head.embargo_until,
        products=frozenset(products),
        item_id=item.pk,
        shown_at=head.shown_at,
        territories_out=frozenset(head.territories_out),
        channels_out=frozenset(head.channels_out),
        uses_out=frozenset(head.uses_out),
        archive=head.archive,
        expires_at=head.expires_at,
    )

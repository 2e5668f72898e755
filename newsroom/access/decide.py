"""The one gate. `decide` loads what it needs and judges; `open_for` judges, records and hands out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from newsroom.access.rules import Decision, Rights, Terms, judge
from newsroom.accounts.readers import Reader
from newsroom.core.prepared import Prepared
from newsroom.licensing import ledger
from newsroom.licensing.models import LicenceVersion
from newsroom.licensing.querysets import LicenceVersionQuerySet
from newsroom.licensing.rules import Use
from newsroom.wire import vault
from newsroom.wire.models import Item, Release, Stamp
from newsroom.wire.querysets import ItemQuerySet
from newsroom.wire.rules import Signal, Tier
from newsroom.wire.vault import Permit
from newsroom.wire.views import FullText, Notice, Summary, full_text_of, notice_of, summary_of

Shown = FullText | Summary | Notice | None


@dataclass(frozen=True, slots=True)
class Original:
    """Where a picture's original lies in the vault storage. Handed out by `original_for` only."""

    file: str
    type: str
    digest: str


@dataclass(frozen=True, slots=True)
class Asked:
    """From which door and in which words somebody asks: the ledger's channel and request id, the reader's language."""

    channel: str
    request_id: str
    locale: str
    counts: bool = True


def find(*, slug: str) -> Item | None:
    """The item at this address with its present release and its products. One query."""
    return next(iter(_found(slug=slug)), None)


@Prepared
def _found(slug: str) -> ItemQuerySet:
    stamps = Stamp.objects.filter(release=OuterRef("head")).values("product_id")
    found = Item.objects.with_head().defer("head__public_vector")
    return found.annotate(product_ids=ArraySubquery(stamps)).filter(slug=slug)


def decide(*, reader: Reader, item: Item, use: Use, at: datetime) -> Decision:
    """Whether this reader may use this item so, and why. An anonymous reader costs no query."""
    return judge(terms_of(reader, at), rights_of(item), use, at)


def rights_of(item: Item) -> Rights:
    """What the judgement must know of the item's present release."""
    head = item.head
    if head is None:
        return Rights(None, Tier.NOTHING, None, frozenset())
    products = getattr(item, "product_ids", None)
    if products is None:
        products = Stamp.objects.filter(release_id=head.pk).values_list("product_id", flat=True)
    return Rights(head.signal, Tier(head.public_tier), head.embargo_until, frozenset(products))


def terms_of(reader: Reader, at: datetime) -> list[Terms]:
    """What each licence of the reader's said at the moment `at`. One query, none for nobody."""
    if reader.anonymous:
        return []
    return [
        Terms(
            licence_id=each.licence_id,
            uses=frozenset(each.uses),
            products=None if each.all_products else frozenset(each.product_ids),
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            suspended=each.suspended,
            clause=each.clause,
        )
        for each in _held(at=at, user_id=reader.user_id, organisation_ids=reader.organisation_ids)
    ]


@Prepared
def _held(at: datetime, user_id: int | None, organisation_ids: Collection[int]) -> LicenceVersionQuerySet:
    return LicenceVersion.objects.recorded(at).held_by(Reader(user_id, frozenset(organisation_ids)))


def open_for(*, reader: Reader, item: Item, use: Use, at: datetime, asked: Asked) -> tuple[Shown, Decision]:
    """Judge, record, and hand back what the reader may see.

    A `FullText` for a yes (with its line in the ledger, unless the reading is free or `asked.counts` is off),
    a `Summary` for a no, a `Notice` for a withheld or killed item, None where the item must not even show.
    """
    decision = decide(reader=reader, item=item, use=use, at=at)
    head = item.head
    if head is None:
        return None, decision
    head.item = item
    if head.signal in {Signal.WITHHOLD, Signal.KILL}:
        return notice_of(head), decision
    if decision.allowed:
        opened = vault.open_with(_permit(head, decision))
        _record(reader, item, head, decision, use=use, at=at, asked=asked)
        return full_text_of(head, opened, asked.locale), decision
    return (summary_of(head, asked.locale) if decision.tier is Tier.SUMMARY else None), decision


def original_for(
    *, reader: Reader, item: Item, position: int, at: datetime, asked: Asked
) -> tuple[Original | None, Decision]:
    """A picture's original for a download, recorded; None when refused or when there is no such picture."""
    decision = decide(reader=reader, item=item, use=Use.DOWNLOAD, at=at)
    if item.head is None or not decision.allowed:
        return None, decision
    opened = vault.open_with(_permit(item.head, decision))
    kept = next((each for each in opened.pictures if each["position"] == position), None)
    if kept is None:
        return None, decision
    _record(reader, item, item.head, decision, use=Use.DOWNLOAD, at=at, asked=asked)
    return Original(kept["file"], kept["type"], kept["digest"]), decision


def _permit(head: Release, decision: Decision) -> Permit:
    """Only a decision that says full becomes a permit."""
    if decision.tier is not Tier.FULL:
        raise PermissionError("a permit needs a decision that says full")
    return Permit(head.pk, decision.licence_id)


def _record(
    reader: Reader, item: Item, head: Release, decision: Decision, *, use: Use, at: datetime, asked: Asked
) -> None:
    if decision.licence_id is None or not asked.counts:
        return
    ledger.record(
        reader=reader,
        licence_id=decision.licence_id,
        item_id=item.pk,
        release_id=head.pk,
        use=use,
        channel=asked.channel,
        request_id=asked.request_id,
        at=at,
    )


def summaries(releases: list[Release], locale: str) -> list[Summary]:
    """Lists answer with summaries, whoever asks."""
    return [summary_of(each, locale) for each in releases]

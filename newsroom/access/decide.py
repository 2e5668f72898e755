"""The one gate. `decide` loads what it needs and judges; `open_for` judges, records and hands out."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from newsroom.access import metered
from newsroom.access.querysets import manner_of
from newsroom.access.rules import PLAIN, Decision, Manner, judge, ranked
from newsroom.access.settle import Act, counts_nothing, settle
from newsroom.access.settle import Asked as Asked  # what every door hands in
from newsroom.access.terms import about, rights_of, terms_of
from newsroom.accounts.readers import Reader
from newsroom.core.prepared import Prepared
from newsroom.licensing import ledger
from newsroom.licensing.rules import Rendition, Source, Use
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


def find(*, slug: str) -> Item | None:
    """The item at this address with its present release and its products. One query."""
    return next(iter(_found(slug=slug)), None)


@Prepared
def _found(slug: str) -> ItemQuerySet:
    stamps = Stamp.objects.effective().filter(release=OuterRef("head")).values("product_id")
    found = Item.objects.with_head().defer("head__public_vector")
    return found.annotate(product_ids=ArraySubquery(stamps)).filter(slug=slug)


def decide(*, reader: Reader, item: Item, use: Use, at: datetime, manner: Manner = PLAIN) -> Decision:
    """Whether this reader may use this item so, and why. An anonymous reader costs no query.

    Where `manner` names no territory, it is the country that the reader asks from.
    """
    return judge(about(terms_of(reader, at), item), rights_of(item), use, at, manner_of(reader, manner))


def open_for(
    *, reader: Reader, item: Item, use: Use, at: datetime, asked: Asked, manner: Manner = PLAIN
) -> tuple[Shown, Decision]:
    """Judge, spend, record, and hand back what the reader may see.

    A `FullText` for a yes (with its line in the ledger, unless the reading is free or `asked.counts` is off),
    a `Summary` for a no, a `Notice` for a withheld or killed item, None where the item must not even show.

    Where every licence that says yes counts this use, the first that has counted the story already or has room is
    spent, in one statement with the ledger. None has: QUOTA_SPENT with `until`, OVERAGE with its `price` (accepted by
    `asked.accepts`, a token of `prices.offer`), PRICE_CHANGED, SEATS_FULL, or METERED when it is the reader's to spend
    it (`asked.clicked`) or this request only looks (`asked.counts` off).
    """
    head = item.head
    if head is not None:
        head.item = item
    decision = _spent(reader, item, use=use, at=at, asked=asked, manner=manner)
    if head is None:
        return None, decision
    if head.signal in {Signal.WITHHOLD, Signal.KILL}:
        return notice_of(head), decision
    if decision.allowed:
        return full_text_of(head, vault.open_with(_permit(head, decision)), asked.locale), decision
    return (summary_of(head, asked.locale) if decision.tier is Tier.SUMMARY else None), decision


def original_for(
    *, reader: Reader, item: Item, position: int, at: datetime, asked: Asked
) -> tuple[Original | None, Decision]:
    """A picture's original for a download, spent and recorded; None when refused or when there is no such picture."""
    manner = Manner(rendition=Rendition.ORIGINAL)
    if item.head is None or not 0 <= position < len(item.head.pictures):
        return None, decide(reader=reader, item=item, use=Use.DOWNLOAD, at=at, manner=manner)
    decision = _spent(reader, item, use=Use.DOWNLOAD, at=at, asked=asked, manner=manner)
    if not decision.allowed:
        return None, decision
    opened = vault.open_with(_permit(item.head, decision))
    kept = next(each for each in opened.pictures if each["position"] == position)
    return Original(kept["file"], kept["type"], kept["digest"]), decision


def _permit(head: Release, decision: Decision) -> Permit:
    """Only a decision that says full becomes a permit."""
    if decision.tier is not Tier.FULL:
        raise PermissionError("a permit needs a decision that says full")
    return Permit(head.pk, decision.licence_id)


def _spent(reader: Reader, item: Item, *, use: Use, at: datetime, asked: Asked, manner: Manner) -> Decision:
    """The judgement, and what it costs: spent and in the ledger when it is a yes."""
    held, rights = terms_of(reader, at, with_meter=True), rights_of(item)
    terms = about([each for each in held if each.source != Source.METER], item)
    answers = ranked(terms, rights, use, at, manner_of(reader, manner))
    first = answers[0]
    if item.head is None or (first.allowed and first.licence_id is None):
        return first
    act = Act(reader, item.head, use, at, asked, manner.format)
    if not first.allowed:
        return metered.instead_of(first, rights, act, held) if use is Use.READ else first
    known = {each.licence_id: each for each in terms}
    if not counts_nothing(known[first.licence_id or 0], use):
        return settle(answers, known, act)
    if asked.counts:
        ledger.write(act.entry(first))
    return first


def use(*, reader: Reader, item: Item, use: Use, at: datetime, asked: Asked, manner: Manner = PLAIN) -> Decision:
    """Judge, spend and record a use that happens elsewhere: a partner reports it. Nothing is opened or handed out."""
    return _spent(reader, item, use=use, at=at, asked=asked, manner=manner)


def find_named(*, name: str) -> Item | None:
    """The item named `uri:…` or `slug:…`, with its present release and its products. One query."""
    kind, _, value = name.partition(":")
    if kind == "slug":
        return find(slug=value)
    return next(iter(_found_by_uri(uri=value)), None)


@Prepared
def _found_by_uri(uri: str) -> ItemQuerySet:
    stamps = Stamp.objects.effective().filter(release=OuterRef("head")).values("product_id")
    found = Item.objects.with_head().defer("head__public_vector")
    return found.annotate(product_ids=ArraySubquery(stamps)).filter(uri=uri)


def summaries(releases: list[Release], locale: str) -> list[Summary]:
    """Lists answer with summaries, whoever asks."""
    return [summary_of(each, locale) for each in releases]

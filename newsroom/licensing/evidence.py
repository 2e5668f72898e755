"""Who received which version of a story, how, under which clause: packs of ledger rows, with number and hash.

What a row says is what held when it was written: the version of the licence that the ledger names, and the names
people and organisations had then. Uses by nobody in particular (a meter's, a link's) are counted, never listed.
"""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from newsroom.accounts.models import FormerName, Organisation
from newsroom.core import audit, sheets
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused
from newsroom.licensing.documents import actions as documents
from newsroom.licensing.documents.shape import Paper, Section
from newsroom.licensing.models import EvidencePack, Kind, LicenceVersion, Usage
from newsroom.licensing.usage_reports.periods import Days
from newsroom.wire.models import Item

ON_PAPER = 300
"""How many rows and groups the PDF shows; the file, whose hash stands on it, holds all of them."""
A_CHUNK = 2000
COLUMNS = (
    "time_utc", "time_desk", "uri", "version", "signal", "sequence", "person_id", "person", "organisation_id",
    "organisation", "use", "channel", "format", "licence", "licence_version", "clause", "request_id", "ledger_key",
)  # fmt: skip


class NothingAsked(Refused):
    """A pack is about a story or about a customer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A story in all its versions, a customer, or both; within a period or ever."""

    item: Item | None = None
    organisation: Organisation | None = None
    days: Days | None = None

    def __post_init__(self) -> None:
        if self.item is None and self.organisation is None:
            raise NothingAsked(_("Name a story or a customer."))


def found(asked: Asked, at: datetime) -> QuerySet[Usage]:
    """Every line of the ledger that is asked for, up to the moment `at`."""
    lines = Usage.objects.filter(at__lte=at)
    if asked.item is not None:
        lines = lines.filter(item=asked.item)
    if asked.organisation is not None:
        lines = lines.filter(licence__organisation=asked.organisation)
    if asked.days is not None:
        lines = lines.filter(at__gte=asked.days.starts_at, at__lt=asked.days.ends_at)
    return lines


def named(lines: QuerySet[Usage]) -> QuerySet[Usage]:
    """By a person, or under an organisation's licence."""
    return lines.filter(Q(user__isnull=False) | Q(licence__organisation__isnull=False))


def _told(lines: QuerySet[Usage]) -> QuerySet[Any, Any]:
    """With the licence's version and clause as recorded then, and the names of then."""
    recorded = LicenceVersion.objects.filter(licence=OuterRef("licence_id"))
    then = recorded.filter(Q(recorded_to=None) | Q(recorded_to__gt=OuterRef("at")), recorded_from__lte=OuterRef("at"))
    lines = lines.annotate(of_version=Coalesce(F("version"), Subquery(then.order_by("-number").values("number")[:1])))
    return lines.annotate(
        clause=Subquery(recorded.filter(number=OuterRef("of_version")).values("clause")[:1]),
        person=Coalesce(_then("user", "user_id"), F("user__name")),
        customer=Coalesce(_then("organisation", "licence__organisation_id"), F("licence__organisation__name")),
    )


def _then(kind: str, whose: str) -> Subquery:
    """The name before the first change after the use; nothing when it never changed since."""
    former = FormerName.objects.filter(**{kind: OuterRef(whose)}, until__gt=OuterRef("at"))
    return Subquery(former.order_by("until", "pk").values("name")[:1])


def rows(asked: Asked, at: datetime) -> Iterator[tuple[Any, ...]]:
    """The lines of the pack as cells of `COLUMNS`, oldest first; read as they are asked for."""
    lines = _told(named(found(asked, at))).order_by("at", "pk")
    cells = lines.values_list(
        "at", "item__uri", "release__version", "release__signal", "release__sequence", "user_id", "person",
        "licence__organisation_id", "customer", "use", "channel", "format", "licence__source", "licence__source_ref",
        "of_version", "clause", "request_id", "key",
    )  # fmt: skip
    for when, *story, source, reference, number, clause, request, key in cells.iterator(chunk_size=A_CHUNK):
        licence = f"{source} {reference}" if source else ""
        yield _utc(when), _desk(when), *story, licence, number, clause, request, key


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _desk(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")


@transaction.atomic
def assemble(*, asked: Asked, locale: str, by: Actor, at: datetime) -> EvidencePack:
    """Write the pack: a file of all rows in the vault's storage, and a document that carries its hash."""
    first: list[tuple[Any, ...]] = []
    with tempfile.TemporaryFile() as file:
        number, digest = _write(file, rows(asked, at), first)
        name = f"evidence/{digest}.csv"
        if not storages["vault"].exists(name):
            storages["vault"].save(name, File(file))
    anonymous = found(asked, at).count() - named(found(asked, at)).count()
    with translation.override(locale):
        paper = _paper(asked, at, first, number=number, anonymous=anonymous, digest=digest)
    subject = asked.item or asked.organisation
    assert subject is not None  # `Asked` saw to it
    document = documents.issue(kind=Kind.EVIDENCE, subject=subject, data=paper, locale=locale, by=by, at=at)
    pack = EvidencePack.objects.create(
        document=document,
        item=asked.item,
        organisation=asked.organisation,
        starts_at=asked.days.starts_at if asked.days else None,
        ends_at=min(asked.days.ends_at, at) if asked.days else at,
        rows=number,
        anonymous=anonymous,
        digest=digest,
        file=name,
        made_by=by.label,
        made_at=at,
    )
    facts = {"number": document.number, "document": document.digest, "file": digest, "rows": number}
    audit.record("evidence.made", by=by, of=pack, at=at, facts=facts | {"anonymous": anonymous})
    return pack


def _write(file: Any, lines: Iterable[tuple[Any, ...]], first: list[tuple[Any, ...]]) -> tuple[int, str]:
    """Each line into the file and the hash, one at a time; the first few also into `first`."""
    digest, number = hashlib.sha256(), -1
    for line in sheets.lines(COLUMNS, _watched(lines, first)):
        written = line.encode()
        digest.update(written)
        file.write(written)
        number += 1
    file.seek(0)
    return number, digest.hexdigest()


def _watched(lines: Iterable[tuple[Any, ...]], first: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for line in lines:
        if len(first) < ON_PAPER:
            first.append(line)
        yield line


def _paper(
    asked: Asked, at: datetime, first: list[tuple[Any, ...]], *, number: int, anonymous: int, digest: str
) -> Paper:
    """What the document says. It names the story by its URI: a headline may have to be taken away one day."""
    parties = [{"role": str(_("Customer")), "name": asked.organisation.name}] if asked.organisation else []
    return {
        "title": _("Evidence of use"),
        "subtitle": asked.item.uri if asked.item else "",
        "parties": parties,  # type: ignore[typeddict-item]  # a Party each
        "facts": [
            [_("Period"), _period(asked, at)],
            [_("Uses listed"), str(number)],
            [_("Uses by nobody in particular, only counted"), str(anonymous)],
            [_("Uses in all"), str(number + anonymous)],
            [_("SHA-256 of the file with all rows"), digest],
        ],
        "sections": [_groups(asked, at), _first_rows(first, number)],
        "notice": _(
            "Each row is a line of a ledger to which lines are only ever added. Clauses are those recorded at the time of the use."
        ),
    }


def _period(asked: Asked, at: datetime) -> str:
    until = formats.date_format(timezone.localtime(at), "j F Y, H:i")
    if asked.days is None:
        return _("from the first use to %(until)s") % {"until": until}
    first, last = (formats.date_format(each, "j F Y") for each in (asked.days.first, asked.days.last))
    return _("%(first)s, 00:00, to the end of %(last)s (%(zone)s)") % {
        "first": first,
        "last": last,
        "zone": timezone.get_current_timezone_name(),
    }


def _groups(asked: Asked, at: datetime) -> Section:
    """How often which version went to whom under which clause."""
    lines = _told(named(found(asked, at)))
    keys = (
        "item__uri",
        "release__version",
        "customer",
        "use",
        "channel",
        "licence__source_ref",
        "of_version",
        "clause",
    )
    counted = lines.order_by().values_list(*keys).annotate(number=Count("pk")).order_by("-number", *keys)[:ON_PAPER]
    labels = (_("Story"), _("Version"), _("Customer"), _("Use"), _("Channel"), _("Licence"), _("Clause"), _("Uses"))
    return _table(_("Which versions went where"), labels, [_group(*each) for each in counted])


def _group(
    uri: str, version: int, customer: str, use: str, channel: str, ref: str, of: int, clause: str, number: int
) -> list[str]:
    licence = f"{ref} v{of}" if ref else ""
    return [uri, str(version), customer or _("a reader"), use, channel, licence, clause or "", str(number)]


def _first_rows(first: list[tuple[Any, ...]], number: int) -> Section:
    labels = (_("Time (UTC)"), _("Version"), _("Person"), _("Organisation"), _("Use"), _("Channel"), _("Licence"))
    places = [COLUMNS.index(name) for name in ("time_utc", "version", "person", "organisation", "use", "channel")]
    at = COLUMNS.index("licence")
    cells = [[str(row[each] or "") for each in places] + [f"{row[at]} v{row[at + 1]}"] for row in first]
    heading = _("Rows") if number <= ON_PAPER else _("The first %(most)d rows") % {"most": ON_PAPER}
    return _table(heading, labels, cells)


def _table(heading: str, labels: Iterable[str], cells: list[list[str]]) -> Section:
    if not cells:
        return {"heading": heading, "paragraphs": [_("There are none.")]}
    return {"heading": heading, "table": {"columns": [{"label": each} for each in labels], "rows": cells}}

"""What anybody may know of a document: never its prices, never its texts."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newsroom.licensing.documents.shape import canonical, digest_of
from newsroom.licensing.models.document import Document, DocumentStanding

NUMBER = re.compile(r"[A-Z]-\d{4}-\d{5,9}")
HASH = re.compile(r"[0-9a-f]{64}")
CHECK = 16
"""How many digits of the hash open the parties' names: 64 bits, printed on the document itself."""


class Standing(StrEnum):
    """Whether a document holds."""

    IN_FORCE = "in force"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Verified:
    """A document to those who do not hold it. `parties` are masked unless they showed its hash, or its beginning."""

    number: str
    kind: str
    issued_at: datetime
    parties: tuple[str, ...]
    named: bool
    standing: Standing
    since: datetime | None
    successor: str
    digest: str
    genuine: bool


def look_up(*, asked: str, check: str = "", at: datetime) -> Verified | None:
    """The document of this number or of this hash; None when we never issued it. `check`: the start of its hash."""
    asked, check = asked.strip(), check.strip().lower()
    if NUMBER.fullmatch(asked.upper()):
        document = Document.objects.filter(number=asked.upper()).first()
    elif HASH.fullmatch(asked.lower()):
        check = asked.lower()
        document = Document.objects.filter(digest=check).first()
    else:
        document = None
    return _told(document, check, at) if document else None


def _told(document: Document, check: str, at: datetime) -> Verified:
    holds = len(check) >= CHECK and document.digest.startswith(check)
    names = [party["name"] for party in document.data.get("parties", [])]
    standing, since, successor = standing_of(document, at)
    return Verified(
        number=document.number,
        kind=document.kind,
        issued_at=document.issued_at,
        parties=tuple(names if holds else map(masked, names)),
        named=holds,
        standing=standing,
        since=since,
        successor=successor,
        digest=document.digest if holds else "",
        genuine=rehash(document) == document.digest,
    )


def standing_of(document: Document, at: datetime) -> tuple[Standing, datetime | None, str]:
    """Whether it holds at this moment, since when it does not, and the number of what took its place."""
    found = {each.what: each for each in document.standings.filter(at__lte=at).select_related("successor")}
    if revoked := found.get(DocumentStanding.What.REVOKED):
        return Standing.REVOKED, revoked.at, ""
    if superseded := found.get(DocumentStanding.What.SUPERSEDED):
        return Standing.SUPERSEDED, superseded.at, superseded.successor.number if superseded.successor else ""
    if document.valid_until is not None and document.valid_until <= at:
        return Standing.LAPSED, document.valid_until, ""
    return Standing.IN_FORCE, None, ""


def rehash(document: Document) -> str:
    """The hash of what is kept; equal to `digest` unless somebody changed the row behind the database's back."""
    return digest_of(
        canonical(
            number=document.number,
            kind=document.kind,
            locale=document.locale,
            issued_at=document.issued_at,
            valid_until=document.valid_until,
            data=document.data,
        )
    )


def masked(name: str) -> str:
    """`Daily Zebra` is `D•••• Z••••`: enough for who knows the name, nothing for who does not."""
    return " ".join(word[:1] + "•" * 4 for word in name.split())

"""What a document says, before it is typeset: one shape for every kind. Pure.

Every text is plain, in the document's own language, dates and amounts already written out. Nothing in it is markup.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, Literal, NotRequired, TypedDict

from django.utils.translation import gettext as _

from newsroom.core.errors import Refused


class Party(TypedDict):
    """Who agrees. `name` is shown on the verification page; `lines` (address, registration, contact) never are."""

    role: str
    name: str
    lines: NotRequired[list[str]]


class Column(TypedDict):
    label: str
    align: NotRequired[Literal["start", "end"]]
    wide: NotRequired[bool]


class Table(TypedDict):
    """`rows`: as many texts as there are columns. `totals`: label and amount, below the table."""

    columns: list[Column]
    rows: list[list[str]]
    totals: NotRequired[list[list[str]]]


class Signature(TypedDict):
    """`name` empty: a line to sign on."""

    role: str
    name: NotRequired[str]
    title: NotRequired[str]
    lines: NotRequired[list[str]]


class Section(TypedDict):
    """In this order: heading, paragraphs, facts (label and value), numbered clauses, table."""

    heading: NotRequired[str]
    paragraphs: NotRequired[list[str]]
    facts: NotRequired[list[list[str]]]
    clauses: NotRequired[list[str]]
    table: NotRequired[Table]


class Paper(TypedDict):
    """The whole document. `subtitle` stands under the title; `notice` at the end, small."""

    title: str
    parties: list[Party]
    sections: list[Section]
    subtitle: NotRequired[str]
    facts: NotRequired[list[list[str]]]
    signatures: NotRequired[list[Signature]]
    notice: NotRequired[str]


class BadDocument(Refused):
    """The document cannot be issued so. `field` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


KEYS = {*Paper.__annotations__, "issuer"}


def check(data: dict[str, Any]) -> None:
    """Raises `BadDocument` for what cannot be typeset, or not hashed the same twice."""
    if not str(data.get("title", "")).strip():
        raise BadDocument("title", _("A document needs a title."))
    unknown = sorted(set(data) - KEYS)
    if unknown:
        raise BadDocument(unknown[0], _("A document has no part of this name."))
    for party in data.get("parties", []):
        if not party.get("name", "").strip():
            raise BadDocument("parties", _("A party of a document needs a name."))
    for section in data.get("sections", []):
        table = section.get("table")
        if table and any(len(row) != len(table["columns"]) for row in table["rows"]):
            raise BadDocument("sections", _("A row of a table has as many cells as the table has columns."))
    _plain(data, "data")


def _plain(value: Any, where: str) -> None:
    if isinstance(value, dict):
        for name, each in value.items():
            _plain(each, str(name))
    elif isinstance(value, list):
        for each in value:
            _plain(each, where)
    elif not (value is None or isinstance(value, str | bool | int)):
        raise BadDocument(where, _("A document holds texts and whole numbers only."))
    elif isinstance(value, str) and "\x00" in value:
        raise BadDocument(where, _("A text holds a character that cannot be printed."))


def canonical(
    *, number: str, kind: str, locale: str, issued_at: datetime, valid_until: datetime | None, data: dict[str, Any]
) -> bytes:
    """The bytes that are hashed: JSON in UTF-8, keys sorted, no blanks, moments in UTC to the microsecond."""
    content = {
        "number": number,
        "kind": kind,
        "locale": locale,
        "issued_at": _moment(issued_at),
        "valid_until": _moment(valid_until) if valid_until else None,
        "data": data,
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest_of(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")

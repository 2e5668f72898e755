"""Issuing documents, and saying what became of them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.licensing.documents.shape import BadDocument, Paper, canonical, check, digest_of
from newsroom.licensing.models.document import Document, DocumentStanding, Kind, Series

LETTERS = {
    Kind.QUOTE: "Q",
    Kind.CONTRACT: "C",
    Kind.CERTIFICATE: "L",
    Kind.EVIDENCE: "E",
    Kind.ATTESTATION: "A",
}
NEXT = f"""
INSERT INTO {Series._meta.db_table} (kind, year, last) VALUES (%s, %s, 1)
ON CONFLICT (kind, year) DO UPDATE SET last = {Series._meta.db_table}.last + 1 RETURNING last
"""  # noqa: S608  # the table's name is ours


@transaction.atomic
def issue(
    *,
    kind: Kind,
    subject: models.Model,
    data: Paper,
    locale: str,
    by: Actor,
    at: datetime,
    valid_until: datetime | None = None,
    replaces: Document | None = None,
) -> Document:
    """Give the document its number and its hash. Call it last in a transaction: it holds its kind's counter.

    `data`: `shape.Paper`. `replaces` is superseded by it. Raises `BadDocument`, whose `field` names what is wrong.
    """
    said: dict[str, Any] = {**data, "issuer": {"name": settings.SITE_NAME, "address": settings.BASE_URL}}
    check(said)
    _check_frame(kind, locale, valid_until, at)
    year = timezone.localtime(at).year
    serial = _next(kind, year)
    number = f"{LETTERS[Kind(kind)]}-{year}-{serial:05d}"
    content = canonical(number=number, kind=kind, locale=locale, issued_at=at, valid_until=valid_until, data=said)
    document = Document.objects.create(
        kind=kind,
        number=number,
        year=year,
        serial=serial,
        subject_kind=subject._meta.label_lower,
        subject_id=str(subject.pk),
        locale=locale,
        data=said,
        digest=digest_of(content),
        issued_at=at,
        issued_by=by.label,
        valid_until=valid_until,
    )
    audit.record("document.issued", by=by, of=document, at=at, facts={"number": number, "digest": document.digest})
    if replaces is not None:
        _stand(replaces, DocumentStanding.What.SUPERSEDED, successor=document, why="", by=by, at=at)
    return document


def _check_frame(kind: str, locale: str, valid_until: datetime | None, at: datetime) -> None:
    if kind not in LETTERS:
        raise BadDocument("kind", _("There is no such kind of document."))
    if locale not in dict(settings.LANGUAGES):
        raise BadDocument("locale", _("Documents are not written in this language."))
    if valid_until is not None and valid_until < at:
        raise BadDocument("valid_until", _("The end of validity lies before the document's date."))


def _next(kind: str, year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [str(kind), year])
        row = cursor.fetchone()
    return int(row[0])


@transaction.atomic
def supersede(*, document: Document, successor: Document, by: Actor, at: datetime) -> None:
    """Another document has taken this one's place."""
    _stand(document, DocumentStanding.What.SUPERSEDED, successor=successor, why="", by=by, at=at)


@transaction.atomic
def revoke(*, document: Document, why: str, by: Actor, at: datetime) -> None:
    """The document holds no longer: withdrawn, ended, issued by mistake."""
    _stand(document, DocumentStanding.What.REVOKED, successor=None, why=why, by=by, at=at)


def _stand(
    document: Document, what: DocumentStanding.What, *, successor: Document | None, why: str, by: Actor, at: datetime
) -> None:
    facts = {"successor": successor, "why": why, "at": at}
    _standing, made = DocumentStanding.objects.get_or_create(document=document, what=what, defaults=facts)
    if made:
        audit.record(f"document.{what}", by=by, of=document, at=at, why=why)

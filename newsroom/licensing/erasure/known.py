"""The copy of what is known of a person: every table that points to them, as JSON and CSV, without secrets."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from django.core import signing
from django.db import connection
from psycopg import sql

from newsroom.accounts.models import User
from newsroom.core import scrubbing, sheets
from newsroom.licensing.erasure import places
from newsroom.licensing.models import PersonRequest

SALT = "personal-data"
LINK_LIVES = 7 * 24 * 3600  # seconds
ALSO = {
    "core_message": ('"to" = %(address)s', ("created_at", "kind", "to", "subject", "text")),
    "core_auditentry": ("actor_id = %(user)s", ("at", "action", "subject_kind", "subject_id", "why")),
    "accounts_user": ("id = %(user)s", ("id", "email", "name", "locale", "date_joined", "last_login")),
}
"""Tables that name a person otherwise than by pointing to them, and what of them is theirs."""


def token_of(request: PersonRequest) -> str:
    """For the address of the download; good for seven days."""
    return signing.TimestampSigner(salt=SALT).sign(str(request.pk))


def request_of(token: str) -> PersonRequest | None:
    """The request of a token that is ours and not too old."""
    try:
        key = signing.TimestampSigner(salt=SALT).unsign(token, max_age=LINK_LIVES)
    except signing.BadSignature:
        return None
    export = PersonRequest.objects.filter(kind=PersonRequest.Kind.EXPORT).select_related("user")
    return export.filter(pk=int(key), user__is_active=True).first()


def tables(user: User) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each table with rows of theirs. Stories they wrote are the newsroom's, and not among them."""
    facts = {"user": user.pk, "address": user.email}
    for name, (condition, columns) in ALSO.items():
        chosen = sql.SQL(", ").join(map(sql.Identifier, columns))
        yield name, _rows(name, sql.SQL(condition), facts, chosen)
    for name, links in scrubbing.links().items():
        if name not in ALSO and not name.startswith(places.JOURNALISM):
            theirs = [sql.SQL("{} = %(user)s").format(sql.Identifier(each)) for each in links]
            yield name, _rows(name, sql.SQL(" OR ").join(theirs), facts, sql.SQL("*"))


def _rows(name: str, condition: sql.Composable, facts: dict[str, Any], columns: sql.Composable) -> list[dict[str, Any]]:
    statement = sql.SQL("SELECT to_jsonb(part) FROM (SELECT {} FROM {} WHERE {} ORDER BY 1) part")
    with connection.cursor() as cursor:
        cursor.execute(statement.format(columns, sql.Identifier(name), condition).as_string(None), facts)
        rows = [row if isinstance(row, dict) else json.loads(row) for (row,) in cursor.fetchall()]
    return [{key: value for key, value in row.items() if not _secret(name, key)} for row in rows]


def _secret(table: str, column: str) -> bool:
    return (table, column) in places.SECRET_COLUMNS or any(word in column for word in places.SECRET)


def archive(user: User) -> bytes:
    """A zip: `data.json` with everything, and a CSV for each table."""
    held = {name: rows for name, rows in tables(user) if rows}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("data.json", json.dumps(held, ensure_ascii=False, indent=1))
        for name, rows in held.items():
            file.writestr(f"{name}.csv", _csv(rows))
    return out.getvalue()


def _csv(rows: list[dict[str, Any]]) -> str:
    head = list(rows[0])
    written = ([_cell(row.get(name)) for name in head] for row in rows)
    return "".join(sheets.lines(head, written))


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value

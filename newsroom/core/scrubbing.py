"""Finding and replacing an address and a name in every table there is, whichever room it belongs to.

The address is replaced wherever it stands. The name, which others may bear too, only in rows that hold the address or
point to the person. Rows are found by the database's own catalogue, so that a new table needs no line anywhere.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

TEXTS = """
SELECT c.table_name, c.column_name, c.data_type, c.udt_name, c.character_maximum_length
FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
  AND (c.data_type IN ('character varying', 'text', 'jsonb') OR c.udt_name IN ('_varchar', '_text'))
ORDER BY c.table_name, c.ordinal_position
"""
LINKS = """
SELECT con.conrelid::regclass::text, att.attname, con.confrelid::regclass::text, key.attname FROM pg_constraint con
JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
JOIN pg_attribute key ON key.attrelid = con.confrelid AND key.attnum = con.confkey[1]
WHERE con.contype = 'f' AND con.connamespace = current_schema()::regnamespace
ORDER BY 1, 2
"""
PERSONS = "accounts_user"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: str  # "text", "json" or "list"
    longest: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table that holds texts. `whose`: in SQL, which of its rows are about the person `%(user)s`."""

    name: str
    columns: tuple[Column, ...]
    whose: tuple[sql.Composable, ...] = ()


@dataclass(frozen=True, slots=True)
class Swap:
    """What is looked for, and what stands there afterwards."""

    address: str
    name: str
    new_address: str
    new_name: str


def links() -> dict[str, list[str]]:
    """Each table that points to persons, and by which columns."""
    found: dict[str, list[str]] = {}
    for table, column, target, _key in _foreign_keys():
        if target == PERSONS:
            found.setdefault(table, []).append(column)
    return found


def _foreign_keys() -> list[tuple[str, str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(LINKS)
        return list(cursor.fetchall())


def _whose() -> dict[str, list[sql.Composable]]:
    """Rows that point to the person, and rows that point to such rows: the versions of their licence, say."""
    direct = {table: _any([_is(each) for each in columns]) for table, columns in links().items()}
    found: dict[str, list[sql.Composable]] = {table: [condition] for table, condition in direct.items()}
    for table, column, target, key in _foreign_keys():
        if target in direct and target != PERSONS and table != target:
            within = sql.SQL("{} IN (SELECT {} FROM {} WHERE {})")
            names = map(sql.Identifier, (column, key, target))
            found.setdefault(table, []).append(within.format(*names, direct[target]))
    return found


def _is(column: str) -> sql.Composable:
    return sql.SQL("{} = %(user)s").format(sql.Identifier(column))


def tables() -> list[Table]:
    """Every table with a text in it, and which of its rows are about a person."""
    whose = _whose()
    found: dict[str, list[Column]] = {}
    with connection.cursor() as cursor:
        cursor.execute(TEXTS)
        for table, column, kind, udt, longest in cursor.fetchall():
            shape = "json" if kind == "jsonb" else "list" if udt.startswith("_") else "text"
            found.setdefault(table, []).append(Column(column, shape, longest))
    return [Table(name, tuple(columns), tuple(whose.get(name, ()))) for name, columns in found.items()]


def address_pattern(address: str) -> str:
    """The address as a regular expression of PostgreSQL, and not as a part of a longer one."""
    return rf"(?<![[:alnum:]._%+-]){_escaped(address)}(?![[:alnum:]-]|\.[[:alnum:]])"


def name_pattern(name: str) -> str:
    """The name as whole words; what stands for a name that is none never matches."""
    return rf"(?<![[:alnum:]]){_escaped(name)}(?![[:alnum:]])" if name.strip() else "$^a"


def _escaped(words: str) -> str:
    return re.sub(r"([^\w\s])", r"\\\1", words)


def swap(table: Table, what: Swap, *, user_id: int, also: Iterable[sql.Composable] = ()) -> int:
    """Replace in one table; how many rows changed. `also`: further conditions under which a row is the person's."""
    sets = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(each.name), _replaced(each)) for each in table.columns
    )
    texts = [sql.SQL("{}::text").format(sql.Identifier(each.name)) for each in table.columns]
    held = _any(sql.SQL("{} ~* %(address)s").format(text) for text in texts)
    named = _any(sql.SQL("{} ~ ANY(%(names)s)").format(text) for text in texts)
    whose = _any([*table.whose, *also, sql.SQL("false")])
    statement = sql.SQL("UPDATE {} SET {} WHERE {} OR ({} AND {})").format(
        sql.Identifier(table.name), sets, held, whose, named
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(None), _values(what, user_id))
        return int(cursor.rowcount)


def _values(what: Swap, user_id: int) -> dict[str, Any]:
    inside = json.dumps(what.name, ensure_ascii=False)[1:-1]
    return {
        "user": user_id,
        "address": address_pattern(what.address),
        "new_address": what.new_address,
        "name": name_pattern(what.name),
        "name_in_json": name_pattern(inside),
        "names": [name_pattern(what.name), name_pattern(inside)],
        "new_name": what.new_name,
    }


def _any(parts: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL("({})").format(sql.SQL(" OR ").join(parts))


REPLACED = "regexp_replace(regexp_replace({}::text, %(address)s, %(new_address)s, 'gi'), %({})s, %(new_name)s, 'g')"


def _replaced(column: Column) -> sql.Composable:
    own = sql.Identifier(column.name)
    if column.kind == "json":
        return sql.SQL(REPLACED.format("{}", "name_in_json") + "::jsonb").format(own)
    if column.kind == "list":
        return _list(own)
    text = sql.SQL(REPLACED.format("{}", "name")).format(own)
    return sql.SQL("left({}, {})").format(text, sql.Literal(column.longest)) if column.longest else text


def _list(own: sql.Identifier) -> sql.Composable:
    """An array's elements one by one; an empty array stays one."""
    each = REPLACED.format("part", "name")
    parts = f"(SELECT array_agg({each} ORDER BY place) FROM unnest({{}}) WITH ORDINALITY AS parts(part, place))"  # noqa: S608  # no value is in it
    return sql.SQL("COALESCE(" + parts + ", {})").format(own, own)

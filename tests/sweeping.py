"""After a test that commits, every table is again as the migrations left it.

Django truncates all tables, which takes PostgreSQL seconds for two hundred, and makes none of the migrations' rows anew.
Nearly all of them are empty: here only those with rows are emptied, and what the migrations wrote is put back.
"""

from typing import Any

from django.db import connections
from django.test import TransactionTestCase

KEPT = "as_migrated"  # the schema with a copy of each table that has rows once the migrations are done
_flush = TransactionTestCase._fixture_teardown


def install() -> None:
    TransactionTestCase._fixture_teardown = _sweep


def remember(alias: str = "default") -> None:
    """Keep a copy of what the migrations wrote. Once for each test database."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1 FROM information_schema.schemata WHERE schema_name = %s", [KEPT])
        if cursor.fetchone():
            return
        cursor.execute(f"CREATE SCHEMA {KEPT}")
        for table in _filled(cursor, _tables(cursor, "public")):
            cursor.execute(f'CREATE TABLE {KEPT}."{table}" AS SELECT * FROM public."{table}"')


def _sweep(self: TransactionTestCase) -> None:
    for alias in self._databases_names(include_mirrors=False):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_setting('is_superuser') = 'on'")
            if cursor.fetchone() != (True,):
                _flush(self)
                return
            _empty(cursor)


def _empty(cursor: Any) -> None:
    kept = set(_tables(cursor, KEPT))
    cursor.execute("SET session_replication_role = replica")  # no foreign key and no guard against changes
    try:
        for table in sorted({*_filled(cursor, _tables(cursor, "public")), *kept} - {"django_migrations"}):
            cursor.execute(f'DELETE FROM public."{table}"')
            if table in kept:
                cursor.execute(f'INSERT INTO public."{table}" SELECT * FROM {KEPT}."{table}"')
    finally:
        cursor.execute("SET session_replication_role = origin")


def _tables(cursor: Any, schema: str) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
    return [name for (name,) in cursor.fetchall()]


def _filled(cursor: Any, tables: list[str]) -> list[str]:
    cursor.execute(
        " UNION ALL ".join(f"SELECT '{each}' WHERE EXISTS (SELECT 1 FROM public.\"{each}\")" for each in tables)
    )
    return [name for (name,) in cursor.fetchall()]

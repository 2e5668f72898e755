"""Every text column of every table and every file, for words that must be nowhere any more."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection

COLUMNS = """
SELECT c.table_name, c.column_name FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
  AND (c.data_type IN ('character varying', 'text', 'jsonb', 'tsvector', 'bytea', 'ARRAY', 'inet', 'cidr', 'character'))
"""


def tables_with(words: str) -> set[str]:
    """`table.column` of each that holds the words somewhere, whatever their case."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s)', [f"%{words}%"])
            if cursor.fetchone() == (True,):
                found.add(f"{table}.{column}")
    return found


def files_with(words: bytes) -> set[str]:
    """Names of the files of every storage that hold these bytes."""
    roots = {Path(storages[name].location) for name in settings.STORAGES if name != "staticfiles"}  # type: ignore[attr-defined]
    every = {path for root in roots if root.exists() for path in root.rglob("*") if path.is_file()}
    return {path.name for path in every if words.decode() in path.name or _holds(path, words)}


def _holds(path: Path, words: bytes) -> bool:
    """A file that went while we looked holds nothing."""
    try:
        return words in path.read_bytes()
    except FileNotFoundError:
        return False

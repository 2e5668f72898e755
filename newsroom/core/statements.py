"""SQL that PostgreSQL keeps prepared, asked with nothing between libpq and its rows.

A cursor of psycopg's under one of Django's calls some three hundred functions for a question that PostgreSQL answers
in a tenth of a millisecond. A `Statement` hands the values to libpq and takes the rows (psycopg.pq, psycopg.adapt).
psycopg must prepare nothing itself (`prepare_threshold`, which Django leaves off): it clears away everybody's
statements after a ROLLBACK.
"""

import re
from collections.abc import Sequence
from itertools import count
from typing import Any

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from psycopg import errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.types.numeric import Int8

MOST = 300  # statements that one connection keeps; those above are asked by a cursor
ANSWERED = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
_numbers = count(1)


class _Kept:
    """What one connection keeps: its statements by number and types of the values, and how it adapts values."""

    def __init__(self, line: Any) -> None:
        self.transformer = Transformer(line)
        self.names: dict[tuple[int, tuple[int, ...] | None], bytes] = {}


class Statement:
    """One text of SQL, written as for a cursor, with `%s` for each value."""

    def __init__(self, sql: str) -> None:
        places = count(1)
        self._number, self._sql = next(_numbers), sql
        self._text = re.sub("%[%s]", lambda found: f"${next(places)}" if found[0] == "%s" else "%", sql).encode()

    def rows(self, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """What a question answers. The first of a request is its health check: on a line that is dead it is asked anew."""
        connection: Any = connections[DEFAULT_DB_ALIAS]
        try:
            found = self._asked(connection, values)
        except OperationalError:
            if connection.in_atomic_block or connection.health_check_done or connection.is_usable():
                raise
            connection.close()
            found = self._asked(connection, values)
        connection.health_check_done = True
        return found

    def write(self, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """What a statement that changes something answers. It is sent once."""
        connection: Any = connections[DEFAULT_DB_ALIAS]
        connection.close_if_health_check_failed()
        return self._asked(connection, values)

    def _asked(self, connection: Any, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        connection.ensure_connection()
        line = connection.connection
        if connection.queries_logged or connection.needs_rollback or not _straight(line):
            return self._by_cursor(connection, values)
        connection.validate_thread_sharing()
        with connection.wrap_database_errors, line.lock:
            return self._by_libpq(line, values)

    def _by_cursor(self, connection: Any, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Counted, logged, and in a transaction that it begins: as everything else is asked."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, values)
            return list(cursor.fetchall()) if cursor.description else []

    def _by_libpq(self, line: Any, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        kept = _kept(line)
        adapt, pgconn = kept.transformer, line.pgconn
        sized = [Int8(each) if type(each) is int else each for each in values]  # else each size is another statement
        given = adapt.dump_sequence(sized, [PyFormat.AUTO] * len(sized))
        types = adapt.types or ()
        name = kept.names.get((self._number, types))
        if name is None:
            name = b"newsroom_%d" % len(kept.names)
            _answered(pgconn, pgconn.prepare(name, self._text, types))
            kept.names[self._number, types] = name
        found = _answered(pgconn, pgconn.exec_prepared(name, given, adapt.formats))
        adapt.set_pgresult(found)
        return adapt.load_rows(0, found.ntuples, tuple) if found.nfields else []


def _straight(line: Any) -> bool:
    """Whether this may be sent as it is: no transaction is to be begun before it, and there is room for its text."""
    status = line.pgconn.transaction_status
    begun = status == TransactionStatus.INTRANS or (line.autocommit and status == TransactionStatus.IDLE)
    return begun and len(_kept(line).names) < MOST


def _kept(line: Any) -> _Kept:
    found: _Kept | None = line.__dict__.get("newsroom")
    if found is None:
        found = line.__dict__["newsroom"] = _Kept(line)
    return found


def _answered(pgconn: Any, result: Any) -> Any:
    if result.status in ANSWERED:
        return result
    if pgconn.status == ConnStatus.BAD:
        raise errors.OperationalError(pgconn.get_error_message())
    raise errors.error_from_result(result)

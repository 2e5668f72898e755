"""A statement answers what a cursor answers, in and out of transactions, and survives what happens to its connection."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, DataError, IntegrityError, connection, connections, transaction
from django.db.utils import OperationalError
from django.test.utils import CaptureQueriesContext

from newsroom.core import statements
from newsroom.core.statements import Statement
from tests.factories import NOON

VALUES = [7, 2**40, "a % b", True, None, NOON, timedelta(hours=3), ["x", "y"]]
ASKED = "SELECT %s::int, %s::bigint, %s::text, %s::bool, %s::text, %s::timestamptz, %s::interval, %s::text[], '%%'"


@pytest.mark.django_db
def test_a_statement_answers_what_a_cursor_answers() -> None:
    statement = Statement(ASKED)
    with connection.cursor() as cursor:
        cursor.execute(ASKED, VALUES)
        expected = cursor.fetchall()

    assert [statement.rows(VALUES), statement.rows(VALUES)] == [expected, expected] == [[(*VALUES, "%")]] * 2


@pytest.mark.django_db
def test_numbers_of_every_size_are_one_statement() -> None:
    statement = Statement("SELECT %s + 1")
    before = len(statements._kept(connection.connection).names) if connection.connection else 0

    assert [statement.rows([number]) for number in (1, 10**6, 10**12)] == [[(2,)], [(10**6 + 1,)], [(10**12 + 1,)]]
    assert len(statements._kept(connection.connection).names) == before + 1


@pytest.mark.django_db
def test_above_the_most_it_is_asked_by_a_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "MOST", 0)

    assert Statement("SELECT %s::int").rows([3]) == [(3,)]


@pytest.mark.django_db
def test_a_counted_question_is_counted() -> None:
    with CaptureQueriesContext(connection) as made:
        assert Statement("SELECT %s::int").rows([3]) == [(3,)]

    assert [each["sql"] for each in made] == ["SELECT 3::int"]


@pytest.mark.django_db
def test_errors_are_those_of_django() -> None:
    with pytest.raises(DataError), transaction.atomic():
        Statement("SELECT 1 / %s").rows([0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement("INSERT INTO wire_desk (code) VALUES (%s)").write(["a"])


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_yet_to_begin_begins_with_it() -> None:
    rows = Statement("SELECT pg_current_xact_id_if_assigned(), now() = statement_timestamp()")
    with transaction.atomic():
        rows.rows([])
        assert connection.connection.info.transaction_status.name == "INTRANS"
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        assert rows.rows([])[0][1] is False  # the same transaction, later


@pytest.mark.django_db(transaction=True)
def test_statements_outlive_a_rollback() -> None:
    statement = Statement("SELECT %s::int")
    for number in range(3):
        with transaction.atomic():
            assert statement.rows([number]) == [(number,)]
            transaction.set_rollback(True)
        assert statement.rows([number]) == [(number,)]


def _kill(one: Any) -> None:
    """What a restart of the server does to a connection."""
    pid = one.connection.info.backend_pid
    other = connections.create_connection(DEFAULT_DB_ALIAS)
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()


@pytest.mark.django_db(transaction=True)
def test_the_first_question_of_a_request_finds_a_new_line_when_the_old_one_is_dead() -> None:
    statement = Statement("SELECT %s::int")
    assert statement.rows([1]) == [(1,)]
    _kill(connection)
    connection.health_check_done = False  # a new request

    assert statement.rows([2]) == [(2,)]
    assert connection.health_check_done


@pytest.mark.django_db(transaction=True)
def test_a_line_that_dies_within_a_request_is_an_outage() -> None:
    statement = Statement("SELECT %s::int")
    assert statement.rows([1]) == [(1,)]
    _kill(connection)

    with pytest.raises(OperationalError):
        statement.rows([2])
    connection.close()

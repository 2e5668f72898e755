"""After a commit that may change an answer, everybody's memory of it ends.

Triggers note what changed in the transaction that changes it (`access_change`); here the marks are taken away once it
is committed. What could not be told then, because Valkey was away or the process died, is told by the next who
publishes: the next change, or the sweep.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from newsroom.access.epochs import Away, epochs
from newsroom.access.models import Change

log = structlog.get_logger(__name__)
WATCHED = re.compile(
    r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?"
    r"(?:accounts_(?:apikey|membership|user)|licensing_(?:licence|licenceversion|seat)"
    r"|wire_(?:item|release|stamp|productversion))\b",
    re.IGNORECASE,
)
KEPT = timedelta(minutes=30)  # longer than any short token lives


def publish() -> int:
    """Tell every process of each change that nobody has told of. Answers of how many. Raises `Away`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, subject FROM access_take_changes()")
        taken = cursor.fetchall()
    if taken:
        epochs.drop({subject for _pk, subject in taken})
        Change.objects.filter(pk__in=[pk for pk, _subject in taken]).update(published=True)
    return len(taken)


def publish_soon() -> None:
    """After a commit: `publish`, or leave it to the sweep."""
    try:
        publish()
    except ProgrammingError:  # a migration writes before this table is there: nothing is remembered yet
        return
    except (Away, DatabaseError) as error:
        log.warning("changes_wait", error=type(error).__name__)


def prune(*, at: datetime) -> int:
    """Forget what was told so long ago that no token from before it lives."""
    return Change.objects.filter(published=True, at__lt=at - KEPT).delete()[0]


def watch(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Look at each statement of this connection (a receiver of Django's `connection_created`)."""
    if connection.alias == "default" and notice not in connection.execute_wrappers:
        connection.execute_wrappers.append(notice)


def notice(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Have a statement that writes to a watched table followed by `publish_soon`, once its transaction commits."""
    result = execute(sql, params, many, context)
    if isinstance(sql, str) and WATCHED.match(sql):
        waiting = context["connection"].run_on_commit
        if not any(deed is publish_soon for _ids, deed, _robust in waiting):
            transaction.on_commit(publish_soon, robust=True)
    return result

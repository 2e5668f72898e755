"""The ledger: who used which release, under which licence, for what, when. Rows are only ever added."""

from datetime import datetime

from django.db import connection

from newsroom.accounts.readers import Reader
from newsroom.licensing.models import Usage
from newsroom.licensing.rules import Use, usage_key

# One statement commits by itself. `bulk_create(ignore_conflicts=True)` would be three: BEGIN, INSERT, COMMIT.
INSERT = f"""
INSERT INTO {Usage._meta.db_table}
    (key, at, licence_id, user_id, organisation_id, item_id, release_id, use, channel, request_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (key) DO NOTHING
"""  # noqa: S608  # the table's name is ours


def record(
    *,
    reader: Reader,
    licence_id: int | None,
    item_id: int,
    release_id: int,
    use: Use,
    channel: str,
    request_id: str,
    at: datetime,
) -> None:
    """Write the use down. A reload within the day adds nothing. One statement, no transaction of its own."""
    key = usage_key(
        licence_id=licence_id, user_id=reader.user_id, release_id=release_id, use=use, channel=channel, at=at
    )
    values = (
        key,
        at,
        licence_id,
        reader.user_id,
        min(reader.organisation_ids, default=None),
        item_id,
        release_id,
        use.value,
        channel,
        request_id[:64],
    )
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values)

"""The ledger: who used which release, under which licence, for what, when. Rows are only ever added."""

from datetime import datetime

from newsroom.accounts.readers import Reader
from newsroom.licensing.models import Usage
from newsroom.licensing.rules import Use, usage_key


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
    row = Usage(
        key=key,
        at=at,
        licence_id=licence_id,
        user_id=reader.user_id,
        organisation_id=min(reader.organisation_ids, default=None),
        item_id=item_id,
        release_id=release_id,
        use=use,
        channel=channel,
        request_id=request_id[:64],
    )
    Usage.objects.bulk_create([row], ignore_conflicts=True)

"""The ledger: who used which release, under which licence, for what, when. Rows are only ever added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newsroom.accounts.readers import Reader
from newsroom.core.statements import Statement
from newsroom.licensing.counting import nameless
from newsroom.licensing.models import Usage
from newsroom.licensing.rules import Use, usage_key

COLUMNS = (
    "key",
    "at",
    "licence_id",
    "user_id",
    "organisation_id",
    "item_id",
    "release_id",
    "use",
    "channel",
    "request_id",
    "version",
    "format",
    "reader",
)
VALUES = ", ".join(f"%({each})s" for each in COLUMNS)
# One statement commits by itself. `bulk_create(ignore_conflicts=True)` would be three: BEGIN, INSERT, COMMIT.
INSERT = Statement(
    f"""
INSERT INTO {Usage._meta.db_table} ({", ".join(COLUMNS)})
VALUES ({", ".join("%s" for _ in COLUMNS)})
ON CONFLICT (key) DO NOTHING
"""  # noqa: S608  # the table's name and columns are ours
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One use, as it is written down."""

    reader: Reader
    licence_id: int | None
    item_id: int
    release_id: int
    use: Use
    channel: str
    request_id: str
    at: datetime
    version: int | None = None
    format: str = ""

    @property
    def key(self) -> str:
        """What makes this use one."""
        return usage_key(
            licence_id=self.licence_id,
            user_id=self.reader.user_id,
            release_id=self.release_id,
            use=self.use,
            channel=self.channel,
            at=self.at,
            reader=nameless(self.reader),
        )

    def values(self) -> dict[str, Any]:
        """By the names of `COLUMNS`."""
        return {
            "key": self.key,
            "at": self.at,
            "licence_id": self.licence_id,
            "user_id": self.reader.user_id,
            "organisation_id": min(self.reader.organisation_ids, default=None),
            "item_id": self.item_id,
            "release_id": self.release_id,
            "use": self.use.value,
            "channel": self.channel,
            "request_id": self.request_id[:64],
            "version": self.version,
            "format": self.format,
            "reader": nameless(self.reader),
        }


def write(entry: Entry) -> None:
    """Write the use down. A reload within the day adds nothing. One statement, no transaction of its own."""
    values = entry.values()
    INSERT.write([values[name] for name in COLUMNS])


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
    version: int | None = None,
    format: str = "",
) -> None:
    """Write a use down that counts against no quota. One that does is `spending.spend`."""
    write(
        Entry(
            reader=reader,
            licence_id=licence_id,
            item_id=item_id,
            release_id=release_id,
            use=use,
            channel=channel,
            request_id=request_id,
            at=at,
            version=version,
            format=format,
        )
    )

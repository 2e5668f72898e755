"""A place in a list of stories, as part of an address. Pure."""

import re
from datetime import UTC, datetime, timedelta

Place = tuple[datetime, int]
WRITTEN = re.compile(r"([0-9]{1,17})-([0-9]{1,18})", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def write(place: Place) -> str:
    """Microseconds since 1970 and the release's number, exactly."""
    moment, pk = place
    return f"{(moment - EPOCH) // MICROSECOND}-{pk}"


def read(text: str) -> Place | None:
    """The place, or None for text that is no place."""
    found = WRITTEN.fullmatch(text)
    if found is None:
        return None
    try:
        return EPOCH + int(found[1]) * MICROSECOND, int(found[2])
    except OverflowError:
        return None

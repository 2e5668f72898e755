"""Lines of the ledger for tests, written as the gate writes them."""

import itertools
from datetime import datetime
from typing import Any

from newsroom.licensing.models import Licence, Usage
from newsroom.licensing.rules import Use
from newsroom.wire.models import Release

_keys = itertools.count(1)


def a_use(licence: Licence | None, made: Release, at: datetime, **facts: Any) -> Usage:
    """One line. The version is the licence's present one, unless told."""
    values: dict[str, Any] = {
        "key": f"test-{next(_keys)}",
        "user": licence.user if licence else None,
        "organisation": licence.organisation if licence else None,
        "use": Use.READ,
        "channel": "page",
        "version": licence.versions.get(recorded_to=None).number if licence else None,
        "request_id": "request",
    }
    return Usage.objects.create(licence=licence, item_id=made.item_id, release=made, at=at, **values | facts)

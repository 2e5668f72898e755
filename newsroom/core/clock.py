"""The product's clock. Doors read it once and pass `at`; nothing below a door asks for the time.

`CLOCK_OFFSET` names a function that answers how far the clock stands ahead of the machine's. Only the billing
sandbox sets it, so that "advance time" moves the whole product and not only its invoices.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string


@lru_cache(maxsize=1)
def _offset() -> Callable[[], timedelta] | None:
    path: str = getattr(settings, "CLOCK_OFFSET", "")
    return import_string(path) if path else None


def now() -> datetime:
    """The present moment, aware, as this installation sees it."""
    offset = _offset()
    return timezone.now() + offset() if offset else timezone.now()

"""How often a key may ask: so many requests in each minute, counted in Valkey in the round trip that reads the epochs.

While Valkey is away the limit holds in each process by itself: too much is let through rather than a customer's site
stopped by our outage, but never without bound.
"""

from datetime import datetime
from threading import Lock

from newsroom.access.epochs import Counting
from newsroom.delivery.api.problems import refuse

WINDOW = 60  # seconds
_lock = Lock()
_own: dict[str, int] = {}


def counting(digest: str, at: datetime) -> Counting:
    """The counter of this key's present minute. Named by the secret's digest, so that nobody else can run it up."""
    return Counting(f"{digest[:32]}:{int(at.timestamp()) // WINDOW}", 2 * WINDOW)


def check(of: Counting, count: int | None, per_minute: int, at: datetime) -> None:
    """Raises a `Refusal` with Retry-After when this request is one too many. `count` None: Valkey was away."""
    if (_counted_here(of.name) if count is None else count) <= per_minute:
        return
    wait = WINDOW - int(at.timestamp()) % WINDOW
    raise refuse("rate", headers={"Retry-After": str(wait)}, limit=per_minute, retry_after=wait)


def _counted_here(name: str) -> int:
    with _lock:
        if name not in _own and len(_own) > 10_000:
            _own.clear()
        _own[name] = _own.get(name, 0) + 1
        return _own[name]

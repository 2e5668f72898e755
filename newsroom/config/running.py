"""The environment of the demo that runs from this checkout, so that `manage.py` beside it means that site.

Only secrets and addresses of this machine are in it: readable by its owner alone, and gone when the demo stops.
"""

import json
from collections.abc import Mapping, MutableMapping
from pathlib import Path

NAMES = (
    "NEWSROOM_MODE",
    "SECRET_KEY",
    "BASE_URL",
    "DATABASE_URL",
    "REDIS_URL",
    "DATA_ROOT",
    "BILLING_MODE",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRETS",
)


def note(environ: Mapping[str, str], data_root: Path) -> Path:
    """Write down what the processes of the demo read."""
    path = data_root / "running.json"
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps({name: environ[name] for name in NAMES if name in environ}))
    return fresh.replace(path)


def join(environ: MutableMapping[str, str], data_root: Path) -> bool:
    """Take the running demo's environment, unless this one names a database. Whether it was taken."""
    path = data_root / "running.json"
    if environ.get("DATABASE_URL") or not path.exists():
        return False
    environ.update(json.loads(path.read_text()))
    return True

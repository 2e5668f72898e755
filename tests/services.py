"""The environment of a test run, and its PostgreSQL and Valkey.

Importing this sets the environment, so it comes before anything that reads the settings. The first process starts
what is missing; the workers of pytest-xdist inherit the addresses.
"""

import atexit
import os
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import django

from newsroom.config import embedded, words

ROOT = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
APART = 8  # database numbers between two workers: two of them, the default, fit into the sixteen a Redis has
running = ExitStack()


def begin() -> None:
    """Set what every test takes for granted, and start what DATABASE_URL and REDIS_URL do not name."""
    words.compile_all()
    folder = running.enter_context(embedded.scratch(ROOT / ".newsroom" / "tests"))
    for name in ("SECRET_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRETS", "EMAIL_URL", "BASE_URL", "DEBUG"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "newsroom.config.settings",
        "NEWSROOM_MODE": "test",
        "BILLING_MODE": "sandbox",
        "STRIPE_WEBHOOK_SECRETS": "whsec_test",
        "DATA_ROOT": str(folder / "data"),
    }
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = running.enter_context(embedded.Postgres(folder, durable=False)).url
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = running.enter_context(embedded.Valkey(folder)).url


def redis_of(worker: int, url: str) -> str:
    """The same server, a database number of the worker's own."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        query = dict(parse_qsl(parts.query))
        return f"unix://{parts.path}?{urlencode(query | {'db': int(query.get('db', 0)) + APART * worker})}"
    number = int(parts.path.strip("/") or 0)
    return urlunsplit(parts._replace(path=f"/{number + APART * worker}"))


if not WORKER:
    atexit.register(running.close)
    begin()
django.setup()

"""Starts one process of newsroom: `python -m newsroom.config.serve web | worker | beat [options of its own]`.

What it needs is looked for first, so that a PostgreSQL or Valkey that is not there is one clear line and exit code 1.
"""

import os
import sys
from pathlib import Path

import django
import kombu.exceptions
import redis.exceptions
from celery import current_app
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from newsroom.config.env import env

PYTHON = [sys.executable, "-m"]
COMMANDS = {
    # One blocking thread a worker: Django under more of them is slower, and a connection is per thread.
    "web": [
        *PYTHON,
        "granian",
        "--interface",
        "wsgi",
        "--blocking-threads",
        "1",
        "--no-ws",
        "--respawn-failed-workers",
    ],
    "worker": [*PYTHON, "celery", "-A", "newsroom.config.celery", "worker", "--without-gossip", "--without-mingle"],
    "beat": [*PYTHON, "celery", "-A", "newsroom.config.celery", "beat"],
}
APPLICATION = {"web": ["newsroom.config.wsgi:application"]}


class NotThere(Exception):
    """Something newsroom needs is not there. The message is one line and names the variable to look at."""


def check() -> None:
    """PostgreSQL, the cache and the broker answer; else NotThere."""
    _check_database()
    _check_cache()
    _check_broker()


def _check_database() -> None:
    _named("DATABASE_URL", env.DATABASE_URL)
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise NotThere(f"PostgreSQL does not answer ({_line(error)}). Start it, or correct DATABASE_URL.") from None
    finally:
        connection.close()


def _check_cache() -> None:
    _named("REDIS_URL", env.REDIS_URL)
    try:
        cache.get("start")
    except (redis.exceptions.RedisError, ValueError) as error:
        raise NotThere(f"Valkey does not answer ({_line(error)}). Start it, or correct REDIS_URL.") from None


def _check_broker() -> None:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=3)
    except (kombu.exceptions.OperationalError, OSError) as error:
        raise NotThere(
            f"The broker does not answer ({_line(error)}). Start it, or correct CELERY_BROKER_URL."
        ) from None


def _named(name: str, value: str) -> None:
    if not value:
        raise NotThere(f"{name} is not set. `make demo` brings its own; a site of yours needs one.")


def _line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__


def main(words: list[str]) -> None:
    """Check, then become the process."""
    if not words or words[0] not in COMMANDS:
        sys.exit(f"usage: python -m newsroom.config.serve {' | '.join(COMMANDS)} [options]")
    name, *options = words
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.config.settings")
    try:
        django.setup()
        check()
    except (ImproperlyConfigured, NotThere) as error:
        sys.exit(f"newsroom: {error}")
    command = [*COMMANDS[name], *options, *APPLICATION.get(name, [])]
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 - no shell, our own words


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parent.parent.parent)
    main(sys.argv[1:])

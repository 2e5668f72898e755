"""`python -m benchmarks [--only NAME]`: the figures of the README, measured on this machine in one run.

PostgreSQL (durable: every commit reaches the disk) and Valkey are started for it, unless DATABASE_URL and REDIS_URL
name others: then a database `newsroom_bench` is made there, and dropped at the end.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from newsroom.config import embedded

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """A fresh database beside the one named, and no trace of it afterwards."""
    parts = urlsplit(url)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS newsroom_bench WITH (FORCE)")
        connection.execute("CREATE DATABASE newsroom_bench")
        yield urlunsplit(parts._replace(path="/newsroom_bench"))
        connection.execute("DROP DATABASE IF EXISTS newsroom_bench WITH (FORCE)")


def prepare(stack: ExitStack) -> None:
    """The environment of this run and of the processes it starts."""
    folder = stack.enter_context(embedded.scratch(ROOT / ".newsroom" / "bench"))
    database = os.environ.get("DATABASE_URL") or stack.enter_context(embedded.Postgres(folder, durable=True)).url
    broker = os.environ.get("REDIS_URL") or stack.enter_context(embedded.Valkey(folder)).url
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "NEWSROOM_MODE": "production",
        "SECRET_KEY": "a-key-for-measuring-only-" * 3,
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "BASE_URL": "http://127.0.0.1",
        "BILLING_MODE": "off",
        "LOG_LEVEL": "WARNING",
        "DATABASE_URL": stack.enter_context(own_database(database)),
        "REDIS_URL": broker,
        "DATA_ROOT": str(folder / "data"),
        "PYTHONPATH": str(ROOT),
    }
    for command in (["migrate"], ["collectstatic", "--noinput"]):
        subprocess.run([sys.executable, "manage.py", *command, "-v", "0"], cwd=ROOT, check=True)


def main() -> int:
    asked = argparse.ArgumentParser(prog="make bench")
    asked.add_argument("--only", default="", help="measure only what is named so: slice.story, slice.publish, …")
    only = asked.parse_args().only
    with ExitStack() as stack:
        prepare(stack)
        import django

        django.setup()
        from benchmarks import entitlements, figures, judging, money, products, slice

        rooms = (judging, entitlements, slice, products, money)
        found = [each for room in rooms for each in room.measure(only, stack)]
        if not found:
            sys.exit(f"nothing is named {only!r}; there is {', '.join(part for room in rooms for part in room.PARTS)}")
        figures.show(found)
        figures.keep(found, ROOT / ".newsroom" / "bench.json")
    return 0 if all(each.ok for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())

"""PostgreSQL and Valkey go away under a running site, and come back."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from newsroom.config import embedded
from tests.config.processes import ROOT, ended, environment, free_port, until

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("outage")]
TABLES = """
import django; django.setup()
from django.contrib.sessions.models import Session
from django.db import connection
with connection.schema_editor() as editor:
    editor.create_model(Session)
"""


class Site:
    """A web process with servers of its own."""

    def __init__(self, folder: Path) -> None:
        self.postgres = embedded.Postgres(folder, durable=False)
        self.valkey = embedded.Valkey(folder)
        self.address = f"http://127.0.0.1:{free_port()}"
        self.log = folder / "web.log"

    def get(self, path: str, **headers: str) -> tuple[int, Message, str]:
        """Status, headers and body."""
        request = urllib.request.Request(f"{self.address}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, response.headers, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()

    def status(self, path: str) -> int:
        return self.get(path)[0]

    def ready(self) -> tuple[int, object]:
        status, _, body = self.get("/readyz")
        return status, json.loads(body)

    def answers(self) -> bool:
        try:
            return self.status("/healthz") == 200
        except urllib.error.URLError:
            return False


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("outage")
    site = Site(folder)
    with site.postgres, site.valkey:
        facts = {"DATABASE_URL": site.postgres.url, "REDIS_URL": site.valkey.url, "DATA_ROOT": str(folder)}
        assert ended("-c", TABLES, DJANGO_SETTINGS_MODULE="newsroom.config.settings", **facts) == (0, "")
        port = site.address.rpartition(":")[2]
        words = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "1", "--port", port]
        with site.log.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "granian", *words, "tests.config.site:application"],
                cwd=ROOT,
                env=environment(**facts),
                stdout=log,
                stderr=log,
            )
        try:
            until(site.answers)
            yield site
        finally:
            process.terminate()
            process.wait(20)


def test_while_valkey_is_away_pages_that_need_it_are_503_and_recover(site):
    before = site.status("/session/"), site.status("/row/")
    site.valkey.stop()
    away = site.status("/session/"), site.status("/row/"), site.status("/healthz")
    site.valkey.start()
    after = site.status("/session/"), site.status("/row/")

    assert (before, away, after) == ((200, 200), (503, 200, 200), (200, 200))


def test_while_postgresql_is_away_pages_that_need_it_are_503_and_recover(site):
    before = site.status("/session/"), site.status("/row/")
    site.postgres.stop()
    away = site.status("/session/"), site.status("/row/"), site.status("/healthz")
    site.postgres.start()
    after = site.status("/session/"), site.status("/row/")

    assert (before, away, after) == ((200, 200), (503, 503, 200), (200, 200))


def test_the_page_of_an_outage_is_plain_and_in_the_readers_language(site):
    site.postgres.stop()
    try:
        status, headers, body = site.get("/row/", **{"Accept-Language": "ar", "Accept": "text/html"})
    finally:
        site.postgres.start()
    assert (status, headers["Retry-After"], headers["Content-Type"]) == (503, "10", "text/html; charset=utf-8")
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert '<html lang="ar" dir="rtl">' in body
    assert "OperationalError" not in body


@pytest.mark.parametrize(("path", "accept"), [("/api/row/", "*/*"), ("/row/", "application/json")])
def test_a_program_gets_a_problem_document(site, path, accept):
    site.postgres.stop()
    try:
        status, headers, body = site.get(path, Accept=accept)
    finally:
        site.postgres.start()
    assert (status, headers["Retry-After"], headers["Content-Type"]) == (503, "10", "application/problem+json")
    assert json.loads(body) == {
        "type": "about:blank",
        "title": "Service unavailable",
        "status": 503,
        "detail": "We cannot answer just now. Please try again in a moment.",
    }


def test_a_fault_of_ours_is_no_outage(site):
    assert site.status("/bug/") == 500


def test_readyz_names_what_is_missing(site):
    site.valkey.stop()
    without_valkey = site.ready()
    site.postgres.stop()
    without_both = site.ready()
    site.valkey.start()
    site.postgres.start()
    status, report = site.ready()

    assert without_valkey[0] == 503
    assert without_valkey[1]["missing"][-2:] == ["cache", "broker"]
    assert without_both == (503, {"ready": False, "missing": ["database", "cache", "broker"]})
    assert status == 503  # this site has the tables of the sessions only
    assert "migration core.0001_initial" in report["missing"]
    assert not {"database", "cache", "broker"} & set(report["missing"])


def test_what_was_logged_names_the_outage_and_keeps_the_request_together(site):
    site.postgres.stop()
    try:
        site.get("/row/", **{"X-Request-ID": "outage-in-the-log"})
    finally:
        site.postgres.start()
    lines = [line for line in site.log.read_text().splitlines() if "outage-in-the-log" in line]
    assert "Internal Server Error: /row/" in lines[0]
    assert [line.split("]")[0].split("[")[1].strip() for line in lines] == ["error", "info", "error"]
    assert "status=503" in lines[1]
    assert "Service Unavailable: /row/" in lines[2]

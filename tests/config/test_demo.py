"""The demo as a newcomer runs it: started, asked, broken, stopped."""

import json
import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from newsroom.config import embedded
from tests.config.processes import Demo, ended, free_port, until, words

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture
def demo(folder: Path) -> Iterator[Demo]:
    """Up, with the data of the one before."""
    demo = Demo(folder)
    try:
        until(demo.up, within=420)
        yield demo
    finally:
        demo.end()


def facts(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "demo.json").read_text())
    return found


def secrets(folder: Path) -> str:
    return (folder / "secrets.json").read_text()


def test_it_serves_says_where_and_stops_with_all_it_started(demo, folder):
    family = demo.family()
    ready, found, said = demo.ask("/readyz"), facts(folder), demo.said.read_text()
    demo.process.send_signal(signal.SIGINT)
    code = demo.process.wait(60)
    left = psutil.wait_procs(family, timeout=10)[1]

    assert ready == (200, {"ready": True, "missing": []})
    assert found["base_url"] == f"http://127.0.0.1:{demo.port}"
    assert {"role", "email", "password"} <= set(found["people"][0])
    assert all(f"{person['email']} " in said and person["password"] in said for person in found["people"])
    assert (code, left) == (0, [])
    assert demo.said.read_text().endswith("`make demo` goes on from here, `make reset` starts anew.\n")
    assert (folder / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_second_demo_beside_it_is_refused_and_a_child_that_dies_ends_it_with_a_line(demo, folder):
    before = secrets(folder)
    beside = ended("-m", "newsroom.config.demo", "--port", str(free_port()), DATA_ROOT=str(folder))
    reset = ended("-m", "newsroom.config.demo", "--reset", DATA_ROOT=str(folder))
    family = demo.family()
    next(process for process in family if {"celery", "worker"} <= set(words(process))).kill()
    code = demo.process.wait(60)
    left = psutil.wait_procs(family, timeout=10)[1]

    named = f"{folder} is in use by process {demo.process.pid}.\n"
    assert beside == (1, f"newsroom: a demo is already running from this checkout. {named}")
    assert reset == (1, f"newsroom: a demo is already running from this checkout. {named}")
    assert (code, left) == (1, [])
    assert "newsroom: worker has ended (exit code -9)." in demo.said.read_text()
    assert secrets(folder) == before


def test_when_it_is_killed_nothing_is_left_and_the_next_reset_forgets_it(demo, folder):
    family = demo.family()
    os.kill(demo.process.pid, signal.SIGKILL)
    demo.process.wait()
    left = psutil.wait_procs(family, timeout=30)[1]
    forgotten = ended("-m", "newsroom.config.demo", "--reset", DATA_ROOT=str(folder))

    assert left == []
    assert forgotten == (0, "The demo's data is gone.\n")
    assert [path.name for path in folder.iterdir()] == ["lock"]


def test_a_folder_no_demo_ran_in_is_left_alone(tmp_path):
    (tmp_path / "letters.txt").write_text("mine")
    said = ended("-m", "newsroom.config.demo", "--reset", DATA_ROOT=str(tmp_path))
    assert said == (1, f"newsroom: No demo has run in {tmp_path}; nothing was removed.\n")
    assert (tmp_path / "letters.txt").read_text() == "mine"


def test_a_port_that_is_taken_is_one_line_that_says_how_to_choose_another(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = ended("-m", "newsroom.config.demo", "--port", str(port), DATA_ROOT=str(tmp_path))
    assert said == (1, f"newsroom: Port {port} is taken. Choose another: make demo PORT={port + 1}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_step_that_fails_is_named_with_its_last_lines(tmp_path):
    port = free_port()
    with embedded.Valkey(tmp_path) as valkey:
        facts = {"DATABASE_URL": f"postgresql://u@127.0.0.1:{free_port()}/x", "REDIS_URL": valkey.url}
        code, said = ended("-m", "newsroom.config.demo", "--port", str(port), DATA_ROOT=str(tmp_path), **facts)
    assert code == 1
    assert re.search(r"newsroom: migrate failed \(exit code 1\)\.\n  newsroom: connection failed: ", said)
    assert "Traceback" not in said

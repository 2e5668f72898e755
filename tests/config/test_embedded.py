import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from newsroom.config import embedded

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.services
RUN = """
import sys, time
from pathlib import Path
from newsroom.config import embedded
with embedded.held(Path(sys.argv[1])), \
     embedded.Postgres(Path(sys.argv[1]), durable=True) as postgres, embedded.Valkey(Path(sys.argv[1])) as valkey:
    print(postgres.process.pid, valkey.process.pid, flush=True)
    time.sleep(600)
"""


def run(folder: Path, *before: str) -> tuple[subprocess.Popen[str], list[int]]:
    """Both servers in a process of their own; its pids."""
    process = subprocess.Popen(
        [*before, sys.executable, "-W", "ignore", "-c", RUN, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    with process.stdout as said:
        return process, [int(word) for word in said.readline().split()]


def wait_until_gone(pids: list[int]) -> list[int]:
    """The numbers of those still alive after ten seconds."""
    alive = psutil.wait_procs([psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], timeout=10)[1]
    return [process.pid for process in alive]


def write_a_row(postgres: embedded.Postgres) -> None:
    with psycopg.connect(postgres.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'İstanbul' AS word")


def rows(postgres: embedded.Postgres) -> list[tuple[object, ...]]:
    with psycopg.connect(postgres.url) as connection:
        return connection.execute("SELECT word, lower('ÇĞŞ') FROM kept").fetchall()


def test_two_at_once_do_not_meet(tmp_path):
    with (
        embedded.Postgres(tmp_path / "one", durable=False) as one,
        embedded.Postgres(tmp_path / "two", durable=False) as two,
        embedded.Valkey(tmp_path / "one") as here,
        embedded.Valkey(tmp_path / "two") as there,
    ):
        write_a_row(one)
        redis.Redis.from_url(here.url).set("word", "one")

        with psycopg.connect(two.url) as connection:
            found = connection.execute("SELECT to_regclass('kept')").fetchone()
        assert (rows(one), found) == ([("İstanbul", "çğş")], (None,))
        assert redis.Redis.from_url(there.url).get("word") is None


def test_it_speaks_utf8_and_english(tmp_path):
    with embedded.Postgres(tmp_path, durable=False) as postgres, psycopg.connect(postgres.url) as connection:
        settings = "server_encoding", "lc_messages", "listen_addresses", "TimeZone"
        found = [connection.execute(f"SHOW {name}").fetchone() for name in settings]
        of_the_database = "SELECT datctype, datcollate FROM pg_database WHERE datname = 'newsroom'"
        found.append(connection.execute(of_the_database).fetchone())
    assert found == [("UTF8",), ("C.UTF-8",), ("",), ("UTC",), ("C.UTF-8", "C.UTF-8")]


def test_a_folder_too_deep_for_a_socket_will_do(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    with embedded.Postgres(deep, durable=False) as postgres, embedded.Valkey(deep) as valkey:
        write_a_row(postgres)
        assert rows(postgres) == [("İstanbul", "çğş")]
        assert redis.Redis.from_url(valkey.url).ping()
        assert not postgres.sockets.is_relative_to(deep)
        assert postgres.sockets.stat().st_mode & 0o077 == 0
    shutil.rmtree(postgres.sockets)


def test_a_socket_folder_that_is_somebody_elses_is_refused(tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "theirs")
    with pytest.raises(embedded.CannotStart, match="belongs to somebody else"):
        embedded.Valkey(tmp_path).start()


def test_when_the_parent_is_killed_its_servers_end(tmp_path):
    process, pids = run(tmp_path)
    process.kill()
    process.wait()
    assert len(pids) == 2
    assert wait_until_gone(pids) == []


def test_after_a_kill_of_everything_the_next_start_has_the_data(tmp_path):
    with embedded.Postgres(tmp_path, durable=True) as postgres:
        write_a_row(postgres)
    process, pids = run(tmp_path)
    for pid in [*pids, process.pid]:
        os.kill(pid, signal.SIGKILL)
    process.wait()

    with embedded.held(tmp_path), embedded.Postgres(tmp_path, durable=True) as postgres, embedded.Valkey(tmp_path):
        assert rows(postgres) == [("İstanbul", "çğş")]


def test_a_server_that_outlived_its_parent_is_ended_first(tmp_path):
    orphan = embedded.Postgres(tmp_path, durable=True)
    orphan.start()
    write_a_row(orphan)
    with embedded.Postgres(tmp_path, durable=True) as postgres:
        assert rows(postgres) == [("İstanbul", "çğş")]
        assert orphan.process
        assert orphan.process.wait(10) == 0


def test_a_note_with_the_number_of_a_stranger_is_forgotten(tmp_path):
    with embedded.Postgres(tmp_path, durable=True) as postgres:
        write_a_row(postgres)
    note = postgres.data / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{postgres.data}\n1\n5432\n{postgres.sockets}\n\n0 0\nready\n")
    with postgres:
        assert rows(postgres) == [("İstanbul", "çğş")]


def test_a_cluster_left_half_made_is_made_anew(tmp_path):
    (tmp_path / "postgres.new").mkdir(parents=True)
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18\n")
    with embedded.Postgres(tmp_path, durable=False) as postgres:
        write_a_row(postgres)
        assert rows(postgres) == [("İstanbul", "çğş")]


def test_data_of_another_version_is_named(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(embedded.CannotStart, match=r"was made by PostgreSQL 9; this is 18. `make reset` starts anew."):
        embedded.Postgres(tmp_path, durable=False).start()


def test_a_folder_in_use_names_who_holds_it(tmp_path):
    with embedded.held(tmp_path), pytest.raises(embedded.InUse, match=f"in use by process {os.getpid()}"):
        embedded.held(tmp_path).__enter__()


def test_an_ordinary_user_needs_nothing_of_root(tmp_path):
    as_somebody: list[str] = []
    if os.geteuid() == 0:  # may pass folders, as the owner of a checkout may
        capable = ["--inh-caps", "-all,+dac_override", "--ambient-caps", "-all,+dac_override"]
        as_somebody = ["setpriv", "--reuid", "1", "--regid", "1", "--clear-groups", *capable, "--"]
        os.chown(tmp_path, 1, 1)
    process, pids = run(tmp_path, *as_somebody)
    owners = [psutil.Process(pid).uids().real for pid in pids]
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert owners == [os.geteuid() or 1] * 2
    assert wait_until_gone(pids) == []


def test_what_a_killed_run_left_is_cleared_away_and_what_a_live_one_holds_is_not(tmp_path):
    process, pids = run(tmp_path / "killed")
    process.kill()
    process.wait()
    with embedded.held(tmp_path / "alive"):
        with embedded.scratch(tmp_path) as folder:
            assert sorted(tmp_path.iterdir()) == sorted([tmp_path / "alive", folder])
        assert list(tmp_path.iterdir()) == [tmp_path / "alive"]
    assert wait_until_gone(pids) == []


def test_a_server_that_cannot_start_says_why_in_one_line(tmp_path):
    with embedded.Postgres(tmp_path, durable=False) as postgres:
        pass
    (postgres.data / "postgresql.conf").write_text("port = nonsense\n")
    began = time.monotonic()
    with pytest.raises(embedded.CannotStart) as caught:
        postgres.start()
    assert "The embedded postgres did not start: " in str(caught.value)
    assert str(caught.value).count("\n") == 0
    assert time.monotonic() - began < 30

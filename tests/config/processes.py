"""Processes of newsroom, for tests that need them whole."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent


def environment(**facts: str) -> dict[str, str]:
    """What a process of the tests reads; `facts` over it."""
    return {"PATH": os.environ["PATH"], "NEWSROOM_MODE": "test", "PYTHONWARNINGS": "ignore"} | facts


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ended(*words: str, **facts: str) -> tuple[int, str]:
    """The exit code and everything said by a command that is expected to end by itself."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment(**facts),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


def until(true: Callable[[], bool], *, within: float = 60) -> None:
    """Return when it is so; fail when it is not in time."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.1)


def words(process: psutil.Process) -> list[str]:
    try:
        return " ".join(process.cmdline()).split()  # some servers rewrite theirs into one word
    except psutil.NoSuchProcess:  # ended since it was listed
        return []


def roles(processes: list[psutil.Process]) -> set[str]:
    return {Path(word).name for process in processes for word in words(process)}


def _ending_with_us() -> list[str]:
    """Where the machine has it: a test run that is killed takes its demo along."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


class Demo:
    """`make demo` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.said = folder.with_name(f"said-on-{self.port}")
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [*_ending_with_us(), sys.executable, "-m", "newsroom.config.demo", "--port", str(self.port)],
                cwd=ROOT,
                env=environment(DATA_ROOT=str(folder), NEWSROOM_MODE="demo"),
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def up(self) -> bool:
        assert self.process.poll() is None, self.said.read_text()
        return "Ctrl-C stops everything" in self.said.read_text()

    def family(self) -> list[psutil.Process]:
        """All it started, once each is what it was started to be."""
        children = psutil.Process(self.process.pid).children
        until(
            lambda: (
                {"granian", "celery", "worker", "beat", "postgres", "valkey-server"} <= roles(children(recursive=True))
            )
        )
        return children(recursive=True)

    def ask(self, path: str) -> tuple[int, object]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as response:
            return response.status, json.loads(response.read())

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

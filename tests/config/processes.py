"""Processes of newsroom, for tests that need them whole."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

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

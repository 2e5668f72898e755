"""Something done by a child of this process, which holds all that was imported and nothing that was opened."""

import os
import pickle
import signal
from collections.abc import Callable
from typing import Any

from django.db import connections

SILENT = os.open(os.devnull, os.O_WRONLY)


class Died(Exception):
    """The child did not answer. `late`: it had no time left."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the child ended with {status}")
        self.late = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM


def forked(deed: Callable[[], Any], *, seconds: float) -> Any:
    """What `deed` answers in a child that has so many seconds. Raises `Died`. What the child changes is lost with it."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _live(deed, writing, seconds)
    os.close(writing)
    with os.fdopen(reading, "rb") as answers:
        answer = answers.read()
    status = os.waitpid(child, 0)[1]
    if status:
        raise Died(status)
    return pickle.loads(answer)


def _live(deed: Callable[[], Any], writing: int, seconds: float) -> None:
    """The child's whole life. It ends without what a process does at its end: the services are its parent's."""
    code = 1
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        os.dup2(SILENT, 1)
        os.dup2(SILENT, 2)
        answer = pickle.dumps(deed())
        with os.fdopen(writing, "wb") as answers:
            answers.write(answer)
        code = 0
    finally:
        os._exit(code)


def let_go() -> None:
    """Close what a child must not share."""
    for each in connections.all(initialized_only=True):
        each.close()
        each.connection = None

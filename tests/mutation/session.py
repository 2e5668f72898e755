"""A session of pytest that imports and collects once, and then runs its tests again and again in children.

A child begins as a session whose first test has not run: no connection is open and nothing is remembered.
"""

import gc
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import django.test.utils
import pytest
from coverage import Coverage
from django.conf import settings

from tests.mutation.forked import Died, forked, let_go

LONG = 600.0
FLAGS = ("-n", "0", "-q", "--create-db", "--capture=no", "--tb=no", "-p", "tests.mutation.quick")


@dataclass(frozen=True, slots=True)
class Ran:
    """How one test ran with nothing changed: how long, which lines of which of the files it met, what it imported."""

    seconds: float
    lines: dict[str, set[int]]
    imported: frozenset[str]


@dataclass
class Session:
    """The tests of these files, for `deed` to run. A plugin of pytest."""

    files: Sequence[str]
    watched: frozenset[str]
    deed: Callable[["Session"], Any]
    items: dict[str, pytest.Item] = field(default_factory=dict)
    ran: dict[str, Ran] = field(default_factory=dict)
    red: list[str] = field(default_factory=list)

    def run(self) -> int:
        return int(pytest.main([*FLAGS, *self.files], plugins=[self]))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {each.nodeid: each for each in session.items if not _commits(each)}
        _make_database(session.config)
        import_module(settings.ROOT_URLCONF)  # and with it every page, which the first request would import
        gc.collect()
        gc.freeze()
        for name, item in self.items.items():
            self._run_unchanged(name, item)
        self.deed(self)
        return True

    def _run_unchanged(self, name: str, item: pytest.Item) -> None:
        try:
            ran = forked(lambda: _watched(item, self.watched), seconds=LONG)
        except Died:
            ran = None
        if ran is None:
            self.red.append(name)
        else:
            self.ran[name] = ran
            for each in sorted(ran.imported - sys.modules.keys()):
                with suppress(ImportError):  # what is known by two names
                    import_module(each)

    def first_red(self, names: Sequence[str]) -> str | None:
        """Run these in this process, which is a child, until one fails. Which one, or None."""
        items = [self.items[each] for each in names]
        for item, after in zip(items, [*items[1:], None], strict=True):
            if not _passes(item, after):
                return item.nodeid
        return None


def _commits(item: pytest.Item) -> bool:
    """Whether what it writes stays in the database for the next."""
    mark = item.get_closest_marker("django_db")
    names = getattr(item, "fixturenames", ())
    return "transactional_db" in names or "live_server" in names or bool(mark and mark.kwargs.get("transaction"))


def _make_database(config: pytest.Config) -> None:
    """The test database, once for all children, each of which believes that it was made for it."""
    from pytest_django.plugin import blocking_manager_key  # pytest wants to be the first to import its plugins

    with config.stash[blocking_manager_key].unblock():
        django.test.utils.setup_databases(verbosity=0, interactive=False)
        let_go()
    django.test.utils.setup_databases = lambda **_: []


def _watched(item: pytest.Item, files: frozenset[str]) -> Ran | None:
    watch = Coverage(data_file=None, config_file=False, include=sorted(files))
    watch.set_option("run:disable_warnings", ["no-data-collected"])
    known = frozenset(sys.modules)
    watch.start()
    began = time.monotonic()
    passed = _passes(item, None)
    seconds = time.monotonic() - began
    watch.stop()
    met = watch.get_data()
    lines = {name: set(met.lines(name) or ()) for name in met.measured_files()}
    return Ran(seconds, lines, frozenset(sys.modules) - known) if passed else None


class _Reports:
    """Hears what pytest reports of a test."""

    def __init__(self) -> None:
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed


def _passes(item: pytest.Item, after: pytest.Item | None) -> bool:
    heard = _Reports()
    item.config.pluginmanager.register(heard)
    try:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
    finally:
        item.config.pluginmanager.unregister(heard)
    return not heard.failed


def ordered(names: Iterable[str], ran: dict[str, Ran], noticed: dict[str, int]) -> list[str]:
    """Those that noticed something here before first, then the quickest."""
    return sorted(names, key=lambda name: (-noticed.get(name, 0), ran[name].seconds))

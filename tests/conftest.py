"""What every test can ask for."""

import os
from collections.abc import Generator
from typing import Any, TypeVar

import pytest
from django.db import connections
from django.utils import translation

from tests import services, sweeping  # before anything that needs the settings

# isort: split

from newsroom.sandbox import clock
from tests import stripe_types
from tests.billing.proof.table import ProofTable
from tests.leaks.table import GuardTable

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


class WorkersApart:
    """Gives each worker of pytest-xdist a Redis database and a folder for files of its own, before it reads the settings."""

    @staticmethod
    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(node: Any) -> None:
        worker = int(node.gateway.id.removeprefix("gw"))
        url = services.redis_of(worker, os.environ["REDIS_URL"])
        folder = os.path.join(os.environ["DATA_ROOT"], node.gateway.id)
        own = {"REDIS_URL": url, "DATA_ROOT": folder}
        node.gateway.remote_exec(f"import os; os.environ.update({own!r})").waitclose()


def pytest_configure(config: pytest.Config) -> None:
    sweeping.install()
    config.pluginmanager.register(WorkersApart())
    config.pluginmanager.register(GuardTable())
    config.pluginmanager.register(ProofTable())
    stripe_types.watch()


def pytest_unconfigure() -> None:
    services.running.close()


def refuse_skips(report: Report) -> Report:
    """Where CI is set nothing may be skipped: what was not tried has not passed."""
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return refuse_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return refuse_skips((yield))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Generator[None, None, None]:
    """What the migrations wrote is remembered. The billing sandbox holds a connection of its own to the test database,
    which would keep it from being dropped."""
    with django_db_blocker.unblock():
        sweeping.remember()
    yield
    connections["sandbox"].close()


@pytest.fixture(scope="session", autouse=True)
def _clock_at_rest() -> None:
    """The cache knows that the sandbox's clock stands with the machine's, so that nobody asks the database for it."""
    clock.remember(0)


@pytest.fixture(autouse=True)
def _language_of_the_settings() -> None:
    """A page asked for in another language leaves it active in its thread: the next test begins without it."""
    translation.deactivate()

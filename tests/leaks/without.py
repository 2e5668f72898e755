"""A plugin of pytest: `-p tests.leaks.without --without-guard NAME` takes one guard out for every test."""

from collections.abc import Iterator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--without-guard", default="", help="the name of the guard that is taken out")


@pytest.fixture(autouse=True)
def _without_guard(request: pytest.FixtureRequest) -> Iterator[None]:
    from tests.leaks.guards import GUARDS  # pytest loads plugins before the settings may be read

    wanted = request.config.getoption("--without-guard")
    guard = next(each for each in GUARDS if each.name == wanted)
    with guard.removed():
        yield

"""The whole demo, and people who visit it in a real browser."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.config.processes import ROOT
from tests.journeys import site as sites
from tests.journeys.site import Site
from tests.journeys.visitor import Album, Visitor

HERE = Path(__file__).parent
ARTIFACTS = ROOT / "artifacts" / "journeys"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them want the one demo, so one worker takes them all; it is the worker of the demo's own tests."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group("demo"))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium. Of this package, because Django refuses the database in a thread where Playwright is at work."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("The journeys need a browser: install the Debian package chromium.")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=found, args=FLAGS) as chromium:
        yield chromium


@pytest.fixture(scope="package")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with sites.running(tmp_path_factory.mktemp("journeys") / "data") as found:
        yield found


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Album:
    """Where this journey keeps its pictures."""
    return Album(ARTIFACTS / request.node.originalname.removeprefix("test_"))


@pytest.fixture
def visit(browser: Browser, site: Site, album: Album) -> Iterator[Callable[..., Visitor]]:
    """A visitor with a browser of their own. At the end none of them may have met an error they did not expect."""
    visitors: list[Visitor] = []
    with ExitStack() as stack:

        def arrive(**facts: object) -> Visitor:
            context = stack.enter_context(browser.new_context(**sites.window(facts)))
            visitors.append(Visitor(context, site, album))
            return visitors[-1]

        yield arrive
        complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    assert complaints == []

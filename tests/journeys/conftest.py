"""The whole demo, and people who visit it in a real browser."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState

from tests.config.processes import ROOT
from tests.journeys import desk
from tests.journeys import site as sites
from tests.journeys.browsers import NoBrowser, started
from tests.journeys.reader import new_address, subscriber
from tests.journeys.site import Site
from tests.journeys.visitor import Album, Visitor

HERE = Path(__file__).parent
ARTIFACTS = ROOT / "artifacts" / "journeys"


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups in a hook of the same name
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them want the one demo, so one worker takes them all; it is the worker of the demo's own tests."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group("demo"))


@pytest.fixture(scope="package", autouse=True)
def emptied() -> None:
    """No picture of an earlier run."""
    shutil.rmtree(ARTIFACTS, ignore_errors=True)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium. Of this package, because Django refuses the database in a thread where Playwright is at work."""
    with ExitStack() as stack:
        try:
            chromium = stack.enter_context(started())
        except NoBrowser as error:
            pytest.skip(str(error))
        yield chromium


@pytest.fixture(scope="package")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with sites.running(tmp_path_factory.mktemp("journeys") / "data") as found:
        yield found


@pytest.fixture(scope="package")
def known(browser: Browser, site: Site) -> Callable[[str], StorageState | None]:
    """What a browser holds in which this person is signed in; nothing for nobody. Each signs in once."""

    @cache
    def state(who: str) -> StorageState | None:
        if not who:
            return None
        with browser.new_context(**sites.window({})) as context:
            visitor = Visitor(context, site, Album(ARTIFACTS / "known"))
            if who == "subscriber":
                subscriber(visitor, new_address("ada"))
            else:
                visitor.sign_in(who)
            return context.storage_state()

    return state


@pytest.fixture(scope="package")
def places(browser: Browser, site: Site, known: Callable[[str], StorageState | None]) -> dict[str, str]:
    """Addresses that are only known once the site stands."""
    with browser.new_context(**sites.window({"storage_state": known("former@example.com")})) as context:
        visitor = Visitor(context, site, Album(ARTIFACTS / "places"))
        story = desk.seeded_story(visitor)
        visitor.open("/pricing/")
        visitor.press("Subscribe to Reader by the month")
        visitor.page.wait_for_url("**/sandbox/checkout/**")
        checkout = visitor.path
    with browser.new_context(**sites.window({"storage_state": known(desk.EDITOR)})) as context:
        visitor = Visitor(context, site, Album(ARTIFACTS / "places"))
        visitor.open("/desk/")
        visitor.page.get_by_role("region", name="On the wire").locator("td a").last.click()
        visitor.page.wait_for_url("**/edit/**")
        return {"story": story, "checkout": checkout, "desk-story": visitor.path}


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

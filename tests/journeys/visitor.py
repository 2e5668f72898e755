"""Somebody with a browser."""

import re
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Response, expect

from tests.journeys.site import Site

PATIENCE = 15_000  # milliseconds; the machine that runs the journeys may be busy with other tests
VIOLATIONS = """addEventListener("securitypolicyviolation", event =>
    console.error(`${event.violatedDirective} forbids ${event.blockedURI || "inline"} on ${event.documentURI}`))"""


def shows(part: Locator, text: str) -> None:
    """The part of a page has this text, now or in a moment."""
    expect(part).to_contain_text(text, timeout=PATIENCE)


class Album:
    """Pictures of one journey, numbered in the order they were taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken = 0
        folder.mkdir(parents=True, exist_ok=True)

    def next(self, name: str) -> Path:
        self.taken += 1
        return self.folder / f"{self.taken:02}-{name}.png"


class Visitor:
    """A person at a browser, who notes what goes wrong in it: scripts that fail, addresses that are not there."""

    def __init__(self, context: BrowserContext, site: Site, album: Album) -> None:
        context.set_default_timeout(PATIENCE)
        context.add_init_script(VIOLATIONS)
        self.context, self.site, self.album = context, site, album
        self.complaints: list[str] = []
        self.page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        """Errors are kept; that a page itself answers 404 or 410 is asserted where it is visited."""
        of_the_page = message.location["url"] == self.page.url and "Failed to load resource" in message.text
        if message.type == "error" and not of_the_page:
            self.complaints.append(f"{self.page.url}: {message.text} ({message.location['url']})")

    def open(self, path: str, *, status: int = 200) -> Response:
        """Go to an address of the site, which answers with this status."""
        response = self.page.goto(self.site.url + path)
        assert response is not None
        assert (path, response.status) == (path, status)
        return response

    @property
    def path(self) -> str:
        """Where we are, without the host."""
        return self.page.url.removeprefix(self.site.url)

    def speak(self, language: str) -> None:
        """Read the site in this language."""
        self.context.add_cookies([{"name": "language", "value": language, "url": self.site.url}])

    def press(self, name: str) -> None:
        """Press the button or follow the link of this name, and wait for what comes."""
        found = self.page.get_by_role("button", name=name, exact=True)
        self.page.get_by_role("link", name=name, exact=True).or_(found).first.click()
        self.page.wait_for_load_state()

    def text(self, words: str) -> Locator:
        """The part of the main page that says this."""
        return self.page.locator("main").get_by_text(re.compile(words)).first

    def fill(self, **fields: str) -> None:
        """Fill in fields of the main form by their names."""
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").fill(value)

    def reads(self, text: str) -> None:
        """The text stands on the page."""
        shows(self.page.locator("main"), text)

    def search(self, words: str) -> None:
        """By the box at the top."""
        box = self.page.get_by_role("search").first
        box.get_by_role("searchbox").fill(words)
        box.get_by_role("button").click()
        self.page.wait_for_url("**/search/?**")

    def source(self, path: str = "") -> str:
        """What the server sends for an address, to this visitor; without one, for the page shown."""
        answer = self.context.request.get(self.site.url + (path or self.path))
        assert (path, answer.status) == (path, 200)
        return answer.text()

    def keep(self, name: str) -> None:
        """Take a picture of the whole page."""
        self.page.screenshot(path=self.album.next(name), full_page=True)

    def sign_in(self, email: str, password: str = "") -> None:
        """By the site's own form, wherever it appears."""
        if "/account/login/" not in self.path:
            self.open("/account/login/")
        self.fill(login=email, password=password or self.site.passwords[email])
        self.page.locator("main form button[type=submit]").click()
        self.page.wait_for_url(re.compile(r"^(?!.*/account/login/)"))

    def mail(self, to: str, subject: str) -> None:
        """Open the newest mail of this subject to this address, as soon as it has come."""
        found = self.page.get_by_role("link", name=re.compile(subject)).first
        self.comes(f"/demo/mailbox/?to={to}", found)
        found.click()
        self.page.wait_for_load_state()

    def comes(self, path: str, wanted: Locator) -> None:
        """Open the page, again and again, until this is on it: a worker elsewhere is at it."""
        deadline = time.monotonic() + PATIENCE / 1000
        self.open(path)
        while not wanted.is_visible():
            assert time.monotonic() < deadline, f"{path} does not show {wanted}"
            self.page.wait_for_timeout(300)
            self.open(path)

    def advance(self, days: int) -> None:
        """Move the clock of the demo on."""
        self.open("/sandbox/control/")
        self.fill(days=str(days), hours="0")
        self.press("Advance time")

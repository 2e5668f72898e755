"""The browser of this machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class NoBrowser(Exception):
    """There is none."""


@contextmanager
def started() -> Iterator[Browser]:
    """Chromium, running without a window. Raises `NoBrowser`."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise NoBrowser("The journeys need a browser: install the Debian package chromium.")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=found, args=FLAGS) as chromium:
        yield chromium

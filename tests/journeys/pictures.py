"""Takes the pictures of the README: `python -m tests.journeys.pictures`, which starts a demo, or takes a running one
(JOURNEYS_AT)."""

import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.config.processes import ROOT
from tests.journeys import desk
from tests.journeys import site as sites
from tests.journeys.browsers import started
from tests.journeys.site import Site
from tests.journeys.visitor import Album, Visitor

TARGET = ROOT / "docs" / "pictures"
LARGEST = 300_000  # bytes


def take(browser: Browser, site: Site, folder: Path) -> None:
    with browser.new_context(**sites.window({})) as context:
        visitor = Visitor(context, site, Album(folder))
        visitor.open("/")
        _save(visitor, "front")
        visitor.open("/section/world/")
        visitor.page.locator("main article:has(img) .card__title a").first.click()
        visitor.page.locator(".wall").scroll_into_view_if_needed()
        _save(visitor, "story")
        visitor.open("/desk/")
        visitor.sign_in(desk.CHIEF)
        visitor.open("/desk/")
        _save(visitor, "desk")


def _save(visitor: Visitor, name: str) -> None:
    """What the window shows, in as many colours as fit."""
    raw, target = visitor.album.next(name), TARGET / f"{name}.png"
    visitor.page.screenshot(path=raw)
    target.parent.mkdir(parents=True, exist_ok=True)
    for colours in (256, 128, 64):
        Image.open(raw).convert("RGB").quantize(colours).save(target, optimize=True)
        if target.stat().st_size <= LARGEST:
            return


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as scratch,
        sites.running(Path(scratch) / "data") as found,
        started() as chromium,
    ):
        take(chromium, found, Path(scratch) / "raw")

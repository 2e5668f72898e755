"""Every main page in each window: it fits, nothing in it fails, and everybody can use it."""

from dataclasses import dataclass

import pytest

from tests.journeys import axe
from tests.journeys.site import DESKTOP, PHONE

# Four of the eight combinations hold every pair of window, colours and language.
WINDOWS = {
    "desktop-light-en": (DESKTOP, "light", "en"),
    "phone-dark-en": (PHONE, "dark", "en"),
    "desktop-dark-ar": (DESKTOP, "dark", "ar"),
    "phone-light-ar": (PHONE, "light", "ar"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """An address, or the name of a place that is found at the time; who looks; and whether it is made by us."""

    path: str
    who: str = ""
    status: int = 200
    ours: bool = True


READER, EDITOR, SUBSCRIBER = "guest@example.com", "science@anka-wire.example", "subscriber"
PAGES = {
    "front": Page("/"),
    "section": Page("/section/science/"),
    "summary": Page("story"),
    "full": Page("story", READER),
    "search": Page("/search/?q=sea"),
    "pricing": Page("/pricing/"),
    "sign-in": Page("/account/login/"),
    "sign-up": Page("/account/signup/"),
    "account": Page("/account/", SUBSCRIBER),
    "subscription": Page("/account/subscription/", SUBSCRIBER),
    "invoices": Page("/account/invoices/", SUBSCRIBER),
    "nothing": Page("/no-such-page/", status=404),
    "checkout": Page("checkout"),
    "mailbox": Page("/demo/mailbox/"),
    "desk": Page("/desk/", EDITOR, ours=False),
    "desk-story": Page("desk-story", EDITOR, ours=False),
}


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("name", PAGES)
def test_it_looks_right(name, window, visit, known, places, album):
    page, (size, colours, language) = PAGES[name], WINDOWS[window]
    visitor = visit(viewport=size, color_scheme=colours, locale=language, storage_state=known(page.who))
    visitor.speak(language)

    visitor.open(places.get(page.path, page.path), status=page.status)
    visitor.page.screenshot(path=album.folder / f"{list(PAGES).index(name) + 1:02}-{name}-{window}.png", full_page=True)

    if page.ours:
        assert visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert axe.violations(visitor.page) == []

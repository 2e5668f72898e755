"""axe-core, asked about a page. It comes with axe-playwright-python."""

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page


@cache
def _script() -> str:
    return (Path(axe_playwright_python.__path__[0]) / "axe.min.js").read_text()


def violations(page: Page) -> list[str]:
    """What axe-core objects to: rule, element, and why. The page's own policy does not hold for what a debugger runs."""
    page.evaluate(_script())
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
    return [
        f"{each['id']}: {node['html'][:160]} ({node['failureSummary']})" for each in found for node in each["nodes"]
    ]

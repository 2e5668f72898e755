"""Pieces of a page that say the same for the same values, written once.

What is kept can be had only by whoever hands in those very values: the text of a story for that text, which the gate
has handed out on this request, and a wall for its words. After a minute a process has forgotten all of them.
"""

import time
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

LIVE = 60.0  # seconds
MOST = 300  # pieces of one template


class Rendered:
    """A template whose text depends on the language and on the values it is given, all of them hashable."""

    def __init__(self, template: str) -> None:
        self._template, self._since = template, 0.0
        self._kept: dict[tuple[Any, ...], str] = {}

    def __call__(self, **values: Any) -> str:
        at = time.monotonic()
        if at - self._since > LIVE or len(self._kept) >= MOST:
            self._kept, self._since = {}, at
        key = (get_language(), *values.items())
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = render_to_string(self._template, values)
        return found

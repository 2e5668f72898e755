"""The demo as the journeys find it: where it is, who may sign in, and its clock."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.config.processes import Demo, until

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass(frozen=True, slots=True)
class Site:
    """What `demo.json` says."""

    url: str
    passwords: Mapping[str, str]


def read(folder: Path) -> Site:
    facts = json.loads((folder / "demo.json").read_text())
    return Site(facts["base_url"], {each["email"]: each["password"] for each in facts["people"]})


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """A demo with its data in this folder. JOURNEYS_AT names the folder of one that runs already, to save its start."""
    if at := os.environ.get("JOURNEYS_AT"):
        yield read(Path(at))
        return
    demo = Demo(folder)
    try:
        until(demo.up, within=420)
        yield read(folder)
    finally:
        demo.end()


def window(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A browser's window: of a desk, in English, unless said otherwise."""
    return {"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "UTC", "reduced_motion": "reduce"} | dict(facts)

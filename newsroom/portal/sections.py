"""The sections of the site: the desks, kept in the process for a minute."""

import time
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from newsroom.wire.models import Desk

LIVE = 60.0  # seconds
_kept: list[tuple[float, list[Desk]]] = []


@dataclass(frozen=True, slots=True)
class Section:
    """A link of the navigation."""

    code: str
    url: str
    label: str


def desks() -> list[Desk]:
    """Every desk in its order; asked of the database once a minute and process."""
    if not _kept or time.monotonic() - _kept[0][0] > LIVE:
        _kept[:] = [(time.monotonic(), list(Desk.objects.all()))]
    return _kept[0][1]


def forget() -> None:
    """Ask the database again, after desks changed."""
    _kept.clear()


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`sections` for every template, worked out when a page shows them."""
    return {"sections": SimpleLazyObject(lambda: _links(get_language() or ""))}


def _links(locale: str) -> list[Section]:
    return [Section(desk.code, f"/section/{desk.code}/", desk.label(locale)) for desk in desks()]

"""The frame of a story page: everything but the wall or the text, kept by each process for signed-in readers too.

A frame holds what everybody may see, and a slot. What goes into the slot is made for one reader on one request and
is never kept. A frame stands on the same generations as the page of a stranger, asked of the cache on every request,
and lives as long. It stands on that of the networks too, a random word that every cache has: one that was emptied has
another, and so confirms nothing that was kept before.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from redis.exceptions import RedisError

from newsroom.accounts import networks
from newsroom.portal import pages
from newsroom.wire.views import Summary

SLOT = mark_safe("<!-- slot -->")  # a constant; text that is escaped can never look like it
MOST = 300  # frames that a process keeps
Make = Callable[[Summary, SafeString, bool], str]
Marks = dict[str, str]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before and behind the slot, made after these generations were read."""

    marks: Marks
    made: float
    before: str
    after: str

    def holds(self, marks: Marks) -> bool:
        return self.marks == marks and time.monotonic() - self.made < pages.LIVE


_kept: dict[tuple[str | None, str, bool, int], Frame] = {}


def marks_for(request: HttpRequest, slug: str) -> Marks | None:
    """The present generations that a frame of this story stands on, in one round trip; None where there is no cache.

    `accounts.origin` need not ask for that of the networks again.
    """
    try:
        found: Marks = cache.get_many([networks.GENERATION, *pages.generations_of(slug)])
    except RedisError:
        return None
    request.networks_generation = found.get(networks.GENERATION)  # type: ignore[attr-defined]  # ours
    return found if networks.GENERATION in found else None


def around(
    inside: str, *, request: HttpRequest, story: Summary, with_text: bool, make: Make, marks: Marks | None
) -> str:
    """The whole page: the kept frame, or a new one by `make(story, slot, with_text)`, with `inside` in its slot.

    `marks`: as they were before the story was read.
    """
    if marks is None or len(messages.get_messages(request)) or hasattr(request, "viewing"):
        frame = _made(story, with_text, make, {})
    else:
        frame = _frame(request, story, with_text, make, marks)
    return f"{frame.before}{inside}{frame.after}"


def _frame(request: HttpRequest, story: Summary, with_text: bool, make: Make, marks: Marks) -> Frame:
    key = (get_language(), _chrome(request), with_text, story.release_id)
    kept = _kept.get(key)
    if kept is not None and kept.holds(marks):
        return kept
    frame = _made(story, with_text, make, marks)
    _kept.pop(key, None)
    if len(_kept) >= MOST:
        _kept.pop(next(iter(_kept)), None)
    _kept[key] = frame
    return frame


def _made(story: Summary, with_text: bool, make: Make, marks: Marks) -> Frame:
    before, after = make(story, SLOT, with_text).split(SLOT)
    return Frame(marks, time.monotonic(), before, after)


def _chrome(request: HttpRequest) -> str:
    """What the header shows depends on this, and on nothing else of the reader."""
    if not request.user.is_authenticated:
        return "stranger"
    return "staff" if request.user.is_staff else "reader"

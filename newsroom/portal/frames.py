"""The frame of a story page: everything but the wall or the text, kept for signed-in readers too.

A frame holds what everybody may see, and a slot. What goes into the slot is made for one reader on one request and
is never kept. A frame stands on the same generations as the page of a stranger, and lives as long.
"""

from collections.abc import Callable
from contextlib import suppress

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from redis.exceptions import RedisError

from newsroom.portal import pages
from newsroom.wire.views import Summary

SLOT = mark_safe("<!-- slot -->")  # a constant; text that is escaped can never look like it
Make = Callable[[Summary, SafeString, bool], str]


def around(inside: str, *, request: HttpRequest, story: Summary, with_text: bool, make: Make) -> str:
    """The whole page: the kept frame, or a new one by `make(story, slot, with_text)`, with `inside` in its slot."""
    before, after = _frame(request, story, with_text, make).split(SLOT)
    return f"{before}{inside}{after}"


def _frame(request: HttpRequest, story: Summary, with_text: bool, make: Make) -> str:
    if len(messages.get_messages(request)) or hasattr(request, "viewing"):
        return make(story, SLOT, with_text)
    key = f"frame:{get_language()}:{_chrome(request)}:{with_text:d}:{story.release_id}"
    address = pages.Address(key, pages.generations_of(story.slug))
    try:
        kept, generations, _networks = pages.look_up(address)
    except RedisError:
        return make(story, SLOT, with_text)
    if kept is not None:
        return kept.body.decode()
    frame = make(story, SLOT, with_text)
    with suppress(RedisError):
        cache.set(key, pages.Kept(generations, frame.encode(), {}), pages.LIVE)
    return frame


def _chrome(request: HttpRequest) -> str:
    """What the header shows depends on this, and on nothing else of the reader."""
    if not request.user.is_authenticated:
        return "stranger"
    return "staff" if request.user.is_staff else "reader"

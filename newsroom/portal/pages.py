"""Pages that say the same to every anonymous reader, kept in the cache.

A page is kept with the *generations* of what it shows, read before it was made. A release gives them new values, so
a page made from older facts is never answered again, whichever came first. What the clock alone changes (an embargo
that lifts) shows after `LIVE` seconds at the latest.

Who asks from an organisation's network is no stranger: nothing kept is answered there, and nothing of it is kept.
"""

import hashlib
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from redis.exceptions import RedisError

from newsroom.accounts import networks, origin
from newsroom.accounts.visitors import GIFTS, VISITOR
from newsroom.core.clock import now

LIVE = 60  # seconds
GENERATIONS_LIVE = 3600  # seconds; longer than any page, so that none comes back to life
LONGEST_PATH = 300
STORY = re.compile(r"/story/([^/]+)/")
LIST_OF_PAGES = re.compile(r"/(?:section|topic)/[^/]+/")
LIST = re.compile(rf"/|{LIST_OF_PAGES.pattern}")
ADDRESSED = re.compile(rf"{LIST.pattern}|{STORY.pattern}")
WIRE = "generation:wire"
WITHDRAWN = "generation:withdrawn"
NOT_KEPT = frozenset({"Set-Cookie", "X-Request-ID", "Date"})


@dataclass(frozen=True, slots=True)
class Address:
    """Under which key a page is kept, and the generations it stands on."""

    key: str
    generations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was answered."""

    generations: dict[str, str]
    body: bytes
    headers: dict[str, str]


def address_of(request: HttpRequest) -> Address | None:
    """Where this request's page is kept; None when it is made anew each time.

    Only a request that carries no session and no message can be answered from here. Of its query only `language`
    counts; what a page does not know is not part of its key.
    """
    path = request.path_info
    if request.method not in {"GET", "HEAD"} or len(path) > LONGEST_PATH or not ADDRESSED.fullmatch(path):
        return None
    if settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES:
        return None
    found = STORY.fullmatch(path)
    if found and not {VISITOR, GIFTS}.isdisjoint(request.COOKIES):
        return None  # what this browser has left, or was given, is its own; lists say the same to it as to all
    chosen = ""
    if request.META.get("QUERY_STRING"):
        if "before" in request.GET and LIST_OF_PAGES.fullmatch(path):
            return None
        chosen = chosen_language(request)
    variant = origin.country_of(request) if found else chosen  # a story may not be for every country
    key = f"page:{translation.get_language_from_request(request)}:{variant}:{path}"
    return Address(key, generations_of(found[1]) if found else (WIRE,))


def generations_of(slug: str) -> tuple[str, ...]:
    """What a story's page stands on: its own item, and that nothing it may name beside it was withdrawn."""
    return (_of_item(slug), WITHDRAWN)


def chosen_language(request: HttpRequest) -> str:
    """The `language` of a list's address: one of ours, `all`, or nothing."""
    asked = request.GET.get("language", "")
    return asked if asked == "all" or asked in dict(settings.LANGUAGES) else ""


def look_up(address: Address) -> tuple[Kept | None, dict[str, str], str | None]:
    """The page if it still holds, its present generations, and that of the networks. One round trip."""
    found: dict[str, Any] = cache.get_many([address.key, networks.GENERATION, *address.generations])
    kept: Kept | None = found.pop(address.key, None)
    of_networks: str | None = found.pop(networks.GENERATION, None)
    return (kept if kept is not None and kept.generations == found else None), found, of_networks


def keep(address: Address, generations: dict[str, str], response: HttpResponse) -> Kept:
    """Keep what was answered, under the generations that were read before it was made."""
    by_place = [settings.COUNTRY_HEADER] if settings.COUNTRY_HEADER else []
    patch_vary_headers(response, ["Cookie", "Accept-Language", *by_place])
    response.headers["Cache-Control"] = "public, max-age=0, s-maxage=30, must-revalidate"
    response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["Content-Length"] = str(len(response.content))
    headers = {name: value for name, value in response.items() if name not in NOT_KEPT}
    kept = Kept(generations, response.content, headers)
    with suppress(RedisError):
        cache.set(address.key, kept, LIVE)
    return kept


def may_keep(response: HttpResponseBase) -> bool:
    """Whether the view said that this page is everybody's, and nothing in it is one reader's."""
    return (
        isinstance(response, HttpResponse)
        and response.status_code == 200
        and getattr(response, "for_everybody", False)
        and not response.cookies
    )


def forget(*, slug: str, withdrawn: bool) -> None:
    """Let no page be answered that was made before this: lists, the item's own, and at a withdrawal every story's."""
    mark = secrets.token_hex(8)
    changed = {WIRE: mark, _of_item(slug): mark}
    if withdrawn:
        changed[WITHDRAWN] = mark
    cache.set_many(changed, GENERATIONS_LIVE)


def forget_walls() -> None:
    """Let no story's page be answered that was made before this: what strangers are offered has changed."""
    cache.set(WITHDRAWN, secrets.token_hex(8), GENERATIONS_LIVE)


def _of_item(slug: str) -> str:
    return f"generation:item:{slug}"


class KeptPages:
    """Middleware above the session: answers anonymous readers from the cache, with no query and no session."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        address = address_of(request)
        if address is None:
            return self._made(request)
        try:
            kept, generations, of_networks = look_up(address)
        except RedisError:
            return self._made(request)
        if _at_home(request, of_networks):
            return self._made(request)
        if kept is None:
            response = self._made(request)
            if not may_keep(response):
                return response
            kept = keep(address, generations, response)  # type: ignore[arg-type]  # may_keep saw that it is one
        return _answer(request, kept)

    def _made(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = self.get_response(request)
        return response


def _at_home(request: HttpRequest, generation: str | None) -> bool:
    """Whether the request comes from an organisation's network, where another page may be due. No query, as a rule."""
    address = origin.address_of(request)
    return address is not None and bool(networks.holders(address, now(), generation))


def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """The kept page, or 304 for a browser that has it."""
    if request.META.get("HTTP_IF_NONE_MATCH") == kept.headers["ETag"]:
        headers = {name: kept.headers[name] for name in ("ETag", "Cache-Control", "Vary")}
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(kept.body, headers=kept.headers)

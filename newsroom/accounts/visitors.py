"""Whom nobody has signed in: a browser by the id we gave it, the tokens it shows, and where it asks from.

Two cookies of our own, signed, unreadable to scripts, and never made by looking at a page: one by the button that
spends the meter, one by following a gift link. Both carry the same id of the browser.
"""

import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import fields, replace
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from newsroom.accounts import origin
from newsroom.accounts.readers import Reader

VISITOR, GIFTS = "visitor", "gifts"
LIVES = timedelta(days=90)
MOST_GIFTS = 8  # tokens a browser shows at a time, the newest
ID = re.compile(r"[A-Za-z0-9_-]{22}")


def recognise(request: HttpRequest, reader: Reader) -> Reader:
    """The reader with what this browser shows. A cookie that is not ours, or that was changed, is none."""
    if VISITOR not in request.COOKIES and GIFTS not in request.COOKIES:
        return reader
    browser, tokens = shown_in(request)
    visitor = "" if reader.user_id is not None else visitor_of(request)
    if not (visitor or tokens):
        return reader
    bearers = frozenset(digest(token) for token in tokens)
    prefix = reader.prefix or prefix_of(request)
    return replace(reader, visitor=visitor, browser=browser, bearers=reader.bearers | bearers, prefix=prefix)


def known(request: HttpRequest, reader: Reader, visitor: str) -> Reader:
    """The reader, whose browser has this id from now on."""
    facts = {each.name: getattr(reader, each.name) for each in fields(Reader)}  # it may be a lazy one
    return Reader(**facts | {"visitor": visitor, "prefix": reader.prefix or prefix_of(request)})


def visitor_of(request: HttpRequest) -> str:
    """The id in the meter's cookie; empty when there is none of ours."""
    found = _kept(request, VISITOR)
    return found if ID.fullmatch(found) else ""


def shown_in(request: HttpRequest) -> tuple[str, tuple[str, ...]]:
    """The id and the tokens in the gifts' cookie."""
    browser, *tokens = _kept(request, GIFTS).split(".")
    return (browser, tuple(tokens)) if ID.fullmatch(browser) else ("", ())


def _kept(request: HttpRequest, name: str) -> str:
    found = request.get_signed_cookie(name, default="", salt=name, max_age=LIVES)
    return found or ""


def new_id() -> str:
    """128 random bits."""
    return secrets.token_urlsafe(16)


def digest(token: str) -> str:
    """What is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def remember(response: HttpResponse, visitor: str) -> None:
    """Let this browser be known by this id."""
    _keep(response, VISITOR, visitor)


def hand_over(response: HttpResponse, browser: str, tokens: Collection[str]) -> None:
    """Let this browser show these tokens, so that they need not stand in an address."""
    _keep(response, GIFTS, ".".join([browser, *list(tokens)[-MOST_GIFTS:]]))


def _keep(response: HttpResponse, name: str, value: str) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_signed_cookie(name, value, salt=name, max_age=LIVES, secure=secure, httponly=True, samesite="Lax")


def prefix_of(request: HttpRequest) -> str:
    """The /24 or /56 that the request comes from, behind our proxies. Empty when it has no address."""
    address = origin.address_of(request)
    return origin.prefix_of(address) if address is not None else ""

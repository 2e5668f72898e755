"""Who asks, on every request."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from newsroom.accounts.models import User
from newsroom.accounts.origin import origin_of
from newsroom.accounts.readers import ANONYMOUS, Reader, reader_from, reader_of
from newsroom.accounts.visitors import recognise
from newsroom.core.clock import now


class ReaderMiddleware:
    """Lets `asker` find out who asks, when somebody first wants to know; no session cookie, no query
    while the cache answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.find_reader = _find  # type: ignore[attr-defined]  # ours, on Django's request
        return self.get_response(request)


def _find(request: HttpRequest) -> Reader:
    return recognise(request, _reader(request))


def _reader(request: HttpRequest) -> Reader:
    at = now()
    viewing = getattr(request, "viewing", None)
    if viewing is not None:  # staff looks at what somebody else may see, from that one's place and not their own
        return reader_of(User.objects.get(pk=viewing.reader_id), at)
    origin = origin_of(request, at)
    return replace(
        _signed_in(request, at), network_ids=origin.network_ids, prefix=origin.prefix, country=origin.country
    )


def _signed_in(request: HttpRequest, at: datetime) -> Reader:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and not request.session.session_key:
        return ANONYMOUS
    user = request.user
    if isinstance(user, User) and hasattr(user, "organisation_ids"):  # read with the person of this very request
        return reader_from(user)
    return reader_of(user, at)


def asker(request: HttpRequest) -> Reader:
    """The reader who makes this request; found out once."""
    reader: Reader | None = request.__dict__.get("reader")
    if reader is None:
        reader = request.__dict__["reader"] = request.find_reader(request)  # type: ignore[attr-defined]  # set above
    return reader

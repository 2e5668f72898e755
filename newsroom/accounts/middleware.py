"""Who asks, on every request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from newsroom.accounts.readers import ANONYMOUS, Reader, reader_of
from newsroom.core.clock import now


class ReaderMiddleware:
    """Sets `request.reader`, worked out when first asked for; no session cookie, no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reader = SimpleLazyObject(lambda: self._reader(request))  # type: ignore[attr-defined]  # ours, on Django's request
        return self.get_response(request)

    @staticmethod
    def _reader(request: HttpRequest) -> Reader:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES and not request.session.session_key:
            return ANONYMOUS
        user = request.user
        organisations = getattr(user, "organisation_ids", None)  # read with the person of this very request
        if organisations is not None and user.is_authenticated:
            return Reader(user.pk, frozenset(organisations), user.email)
        return reader_of(user, now())


def asker(request: HttpRequest) -> Reader:
    """The reader who makes this request, typed."""
    reader: Reader = request.reader  # type: ignore[attr-defined]  # set above
    return reader

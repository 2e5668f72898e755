"""What every door of the site knows of its request."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from newsroom.access.decide import Asked
from newsroom.accounts.middleware import asker

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def locale() -> str:
    """The language the page is written in."""
    return get_language() or settings.LANGUAGE_CODE


def asked_by(request: HttpRequest) -> Asked:
    """How the gate is asked from the web.

    A HEAD or a prefetch reads nothing, and staff who look with a reader's eyes are not that reader: neither counts.
    """
    counts = request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", "")
    counts = counts and not hasattr(request, "viewing")
    return Asked("portal", getattr(request, "request_id", ""), locale(), counts)


def for_everybody(view: View[P]) -> View[P]:
    """Marks the page of an anonymous reader as one that all of them may be shown, which lets it be kept."""

    @wraps(view)
    def marked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.for_everybody = asker(request).anonymous  # type: ignore[attr-defined]  # read by pages.may_keep
        return response

    return marked

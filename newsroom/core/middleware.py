"""What happens around every request: it gets a number, its answer gets headers, an outage gets a plain page."""

import re
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import kombu.exceptions
import redis.exceptions
import structlog
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

GetResponse = Callable[[HttpRequest], HttpResponseBase]
OUTAGES = (
    OperationalError,
    InterfaceError,
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
    kombu.exceptions.OperationalError,
)
RETRY_AFTER = "10"  # seconds
SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
HEADERS = {
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "X-Permitted-Cross-Domain-Policies": "none",
}
log = structlog.get_logger("newsroom.request")


class RequestId:
    """Gives the request a number that its answer and each of its log lines carry; logs one line about it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        offered = request.headers.get("X-Request-ID", "")
        request_id = offered if SANE_ID.fullmatch(offered) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]  # Django's own way to hand things on
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            took = round((time.perf_counter() - began) * 1000, 1)
            log.info("request", method=request.method, route=route_of(request), status=response.status_code, ms=took)
        return response


def route_of(request: HttpRequest) -> str:
    """The pattern that matched, which unlike the path holds no token, name or search word."""
    return f"/{request.resolver_match.route}" if request.resolver_match else "unmatched"


class SecurityHeaders:
    """Sets what no answer may lack. One that says nothing about caching, or sets a cookie, is kept by nobody."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.cookies:
            response.headers["Cache-Control"] = HEADERS["Cache-Control"]
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class Unavailable:
    """Answers 503 when the database, cache or broker does not.

    Django turns an exception into a 500 inside each middleware, so this listens for the exception and replaces the
    answer: that covers the sessions and other middlewares below it as well as views.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        got_request_exception.connect(note_outage, dispatch_uid="newsroom.core.note_outage")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 500 and getattr(request, "outage", False):
            return unavailable(request)
        return response


def note_outage(*, request: HttpRequest | None = None, **_: Any) -> None:
    """Mark the request whose exception says that a service is away."""
    if request is not None and isinstance(sys.exception(), OUTAGES):
        request.outage = True  # type: ignore[attr-defined]  # read by Unavailable only


def unavailable(request: HttpRequest) -> HttpResponse:
    """The page, or for programs the problem document (RFC 9457), that needs no service to be made."""
    headers = {"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"}
    with translation.override(translation.get_language_from_request(request)):
        wanted = request.get_preferred_type(["text/html", "application/problem+json", "application/json"])
        if wanted in {None, "text/html"} and not request.path.startswith("/api/"):
            page = render_to_string("core/unavailable.html", {"language": translation.get_language()})
            return HttpResponse(page, status=503, headers=headers)
        problem = {
            "type": "about:blank",
            "title": _("Service unavailable"),
            "status": 503,
            "detail": _("We cannot answer just now. Please try again in a moment."),
        }
        return JsonResponse(problem, status=503, headers=headers, content_type="application/problem+json")

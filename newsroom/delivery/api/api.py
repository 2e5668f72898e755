"""The API itself: its operations, its errors, its documentation."""

from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from newsroom.core.middleware import OUTAGES, RETRY_AFTER
from newsroom.delivery.api import words
from newsroom.delivery.api.problems import Refusal, problem, refuse, render
from newsroom.delivery.api.routes import router

LARGEST = 256 * 1024  # bytes of a body
log = structlog.get_logger(__name__)


class Json(Parser):
    """JSON and nothing else, of a bounded size."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise refuse("request.media_type")
        if len(request.body) > LARGEST:
            raise refuse("request.too_large", largest=LARGEST)
        try:
            return super().parse_body(request)
        except (ValueError, RecursionError) as error:
            raise refuse("request.json") from error


class Api(NinjaAPI):
    """Its schema says of errors what they are: problem documents."""

    def get_openapi_schema(self, **facts: Any) -> Any:
        return words.as_problems(super().get_openapi_schema(**facts))

    def get_root_path(self, path_params: Any) -> str:
        return "/api/v1/"


api = Api(
    title="newsroom",
    version="1",
    description=words.ABOUT,
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="api",
    parser=Json(),
)
api.add_router("", router)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    return render(error.problem)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = [{"field": field_of(each["loc"]), "message": each["msg"]} for each in error.errors[:20]]
    return render(problem("request.fields", fields=fields))


def field_of(places: tuple[str | int, ...]) -> str:
    """`questions.3.use` of `("body", "asked", "questions", 3, "use")`."""
    named = [str(each) for each in places[1:]]
    if places[:1] == ("body",) or named[:1] == ["manner"]:
        named = named[1:]
    return ".".join(named) or str(places[0])


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Refusal):
        return render(error.__cause__.problem)
    if isinstance(error.__cause__, RequestDataTooBig):
        return render(problem("request.too_large", largest=LARGEST))
    return render(problem("request.bad"))


@api.exception_handler(SuspiciousOperation)
def suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    too_big = isinstance(error, RequestDataTooBig)
    return render(problem("request.too_large", largest=LARGEST) if too_big else problem("request.bad"))


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return render(problem("address.unknown"))


@api.exception_handler(Exception)
def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """A service that is away is 503; anything else is a bug: it is logged, and the caller is told nothing of it."""
    got_request_exception.send(sender=None, request=request)
    if isinstance(error, OUTAGES):
        log.warning("api_outage", error=type(error).__name__)
        return render(problem("service.unavailable", headers={"Retry-After": RETRY_AFTER}))
    log.error("api_failed", exc_info=error)
    return render(problem("error.internal"))

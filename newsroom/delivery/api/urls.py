"""The addresses of the API."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path

from newsroom.delivery.api.api import api
from newsroom.delivery.api.problems import problem, render


def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address under /api/."""
    return render(problem("address.unknown"))


unknown.csrf_exempt = True  # type: ignore[attr-defined]  # there is nothing to forge


def named(pattern: URLPattern) -> URLPattern:
    """An operation of django-ninja's, whose “method not allowed” is a problem document too."""
    view = pattern.callback

    def called(request: HttpRequest, *args: object, **facts: object) -> HttpResponseBase:
        response: HttpResponseBase = view(request, *args, **facts)
        if isinstance(response, HttpResponseNotAllowed):
            return render(problem("request.method", headers={"Allow": response["Allow"]}))
        return response

    called.csrf_exempt = True  # type: ignore[attr-defined]  # a key in a header, never a cookie
    return path(str(pattern.pattern), called, name=pattern.name)


operations, _app, _namespace = api.urls
urlpatterns = [
    *(named(each) for each in operations if isinstance(each, URLPattern) and each.name != "api-root"),
    re_path(r"^(?P<rest>.*)$", unknown, name="api_unknown"),
]

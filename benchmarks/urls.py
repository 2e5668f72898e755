"""The site, and beside it two pages that do nothing, behind the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from newsroom.config.urls import urlpatterns as site


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!DOCTYPE html><title>bare</title><p>Hello.</p>")


def bare_with_session(request: HttpRequest) -> HttpResponse:
    """The least a signed-in page does: it looks into its session. No SQL."""
    return HttpResponse(f"<!DOCTYPE html><title>bare</title><p>Hello {bool(request.session.get('_auth_user_id'))}.</p>")


urlpatterns = [path("bare/", bare), path("bare/session/", bare_with_session), *site]

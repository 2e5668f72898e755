"""A site of two pages behind the real middlewares, for the tests of outages."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.config.settings")
settings.ROOT_URLCONF = "tests.config.site"
application = get_wsgi_application()  # before the addresses, whose views need the models


def row(request: HttpRequest) -> HttpResponse:
    """Asks the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'a row'")
        return HttpResponse(cursor.fetchone()[0])


def session(request: HttpRequest) -> HttpResponse:
    """Leaves the asking to the session's middleware."""
    request.session["visited"] = True
    return HttpResponse("a session")


def bug(request: HttpRequest) -> HttpResponse:
    raise ValueError("a fault of ours, which is no outage")


urlpatterns = [
    path("", include("newsroom.core.urls")),
    path("row/", row),
    path("api/row/", row),
    path("session/", session),
    path("bug/", bug),
]

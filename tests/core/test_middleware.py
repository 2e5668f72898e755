import re

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from newsroom.core.middleware import RequestId, SecurityHeaders, route_of

PLAIN = {
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "X-Permitted-Cross-Domain-Policies": "none",
}


def test_an_answer_that_says_nothing_about_caching_is_kept_by_nobody():
    response = SecurityHeaders(lambda request: HttpResponse())(RequestFactory().get("/"))
    assert dict(response.headers) == {"Content-Type": "text/html; charset=utf-8"} | PLAIN


def test_what_an_answer_says_itself_stands():
    said = {"Cache-Control": "public, max-age=60", "Cross-Origin-Resource-Policy": "cross-origin"}
    response = SecurityHeaders(lambda request: HttpResponse(headers=said))(RequestFactory().get("/"))
    assert {name: response.headers[name] for name in said} == said


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/no/such/page/"])
def test_every_answer_of_the_site_has_its_headers(client, path):
    response = client.get(path)
    expected = PLAIN | {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
    }
    assert {name: response.headers.get(name) for name in expected} == expected
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_request_number_that_is_sane_is_kept(client):
    response = client.get("/healthz", headers={"X-Request-ID": "load-balancer.17_a"})
    assert response.headers["X-Request-ID"] == "load-balancer.17_a"


@pytest.mark.parametrize(
    "offered", ["", "short", "x" * 65, "two words here", "<script>alert</script>", "a\u00e9iouaeiou"]
)
def test_a_request_number_that_is_not_sane_is_replaced(client, offered):
    response = client.get("/healthz", headers={"X-Request-ID": offered})
    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["X-Request-ID"])


def test_two_requests_have_two_numbers(client):
    assert client.get("/healthz").headers["X-Request-ID"] != client.get("/healthz").headers["X-Request-ID"]


def test_the_view_knows_the_number_its_answer_carries():
    known = []
    request = RequestFactory().get("/", headers={"X-Request-ID": "known-to-all"})

    def view(request):
        known.append(request.request_id)
        return HttpResponse()

    RequestId(view)(request)
    assert known == ["known-to-all"]


@pytest.mark.django_db
def test_a_route_holds_nothing_of_the_path(client):
    assert route_of(client.get("/healthz").wsgi_request) == "/healthz"
    assert route_of(client.get("/gift/a-token-of-somebody/nowhere").wsgi_request) == "unmatched"

"""Pages without news, the language switch, and what every answer carries."""

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db
PAGES = ("/about/", "/contact/", "/terms/", "/feeds/", "/search/", "/account/login/")


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(("code", "direction"), [("en", "ltr"), ("tr", "ltr"), ("ar", "rtl"), ("fr", "ltr")])
def test_every_page_is_in_the_readers_language_and_direction(
    client: Client, address: str, code: str, direction: str
) -> None:
    html = client.get(address, headers={"Accept-Language": code}).content.decode()

    assert f'<html lang="{code}" dir="{direction}">' in html
    assert '<a class="skip" href="#main">' in html
    assert html.count("<h1") == 1
    assert html.count("<main") == 1


@pytest.mark.parametrize("address", ["/", *PAGES])
def test_a_policy_forbids_what_is_inline_and_nothing_is(client: Client, address: str) -> None:
    answer = client.get(address)

    policy, html = answer["Content-Security-Policy"], answer.content.decode()
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert " style=" not in html
    assert "<style" not in html
    assert "onclick=" not in html


@pytest.mark.parametrize("address", ["/", "/about/", "/search/", "/feeds/", "/nothing/"])
def test_a_stranger_who_reads_gets_no_cookie(client: Client, address: str) -> None:
    assert client.get(address).cookies == {}


def test_the_language_switch_keeps_the_language_and_goes_back(client: Client) -> None:
    answer = client.post("/language/", {"language": "tr", "next": "/section/world/"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/section/world/")
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "tr"
    assert '<html lang="tr"' in client.get("/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", ""])
def test_the_language_switch_leads_to_no_other_site(client: Client, target: str) -> None:
    assert client.post("/language/", {"language": "tr", "next": target}).headers["Location"] == "/"


@pytest.mark.parametrize("code", ["xx", "", "../../etc", "en-US"])
def test_a_language_we_do_not_have_sets_nothing(client: Client, code: str) -> None:
    assert client.post("/language/", {"language": code, "next": "/"}).cookies == {}


def test_the_language_is_not_switched_by_a_link(client: Client) -> None:
    assert client.get("/language/?language=tr").status_code == 405


def test_an_unknown_address_says_so_in_our_own_page(client: Client) -> None:
    answer = client.get("/nothing/<script>/")

    html = answer.content.decode()
    assert answer.status_code == 404
    assert "We have no such page" in html
    assert "<script>/" not in html


def test_a_form_that_expired_says_so() -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post("/account/login/", {"login": "a@example.com", "password": "x"})

    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


def test_an_error_of_ours_shows_nothing_of_its_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("bodysecret")

    monkeypatch.setattr("newsroom.portal.views.lists.now", broken)
    answer = Client(raise_request_exception=False).get("/")

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()
    assert b"bodysecret" not in answer.content

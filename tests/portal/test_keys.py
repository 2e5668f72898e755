"""The page of an organisation's keys."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.accounts.models import ApiKey
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry
from tests.delivery.api.conftest import Machine, a_key
from tests.factories import a_member, a_user, an_organisation

pytestmark = pytest.mark.django_db
GOOD = {
    "name": "Our website",
    "scopes": ["check", "token"],
    "audiences": "https://www.daily.example/path",
    "days": "90",
}


@pytest.fixture
def daily():
    return an_organisation("Daily")


def page_of(organisation):
    return f"/organisation/{organisation.slug}/keys/"


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_who_runs_an_organisation_makes_a_key_and_sees_its_secret_once(daily, signed_in, role):
    person = a_member(daily, role=role)
    browser = signed_in(person)
    assert "No key yet" in browser.get(page_of(daily)).content.decode()

    answer = browser.post(page_of(daily), GOOD)

    (secret,) = re.findall(r"nk_[\w-]{43}", answer.content.decode())
    key = ApiKey.objects.get()
    assert (key.name, key.scopes, key.audiences) == ("Our website", ["check", "token"], ["https://www.daily.example"])
    assert (secret[:11], (key.expires_at - now()).days) == (key.prefix, 89)
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in browser.get(page_of(daily)).content.decode()
    assert AuditEntry.objects.get(action="api_key.created").actor_id == person.pk
    assert Machine(secret).get("/entitlements/urn:x").status_code == 200


def test_a_key_is_revoked_by_a_button(daily, signed_in):
    key, secret = a_key(daily)
    browser = signed_in(a_member(daily, role="owner"))

    answer = browser.post(f"{page_of(daily)}{key.pk}/revoke/", follow=True)

    assert "opens nothing any more" in answer.content.decode()
    assert Machine(secret).get("/entitlements/urn:x").json()["code"] == "auth.revoked"


@pytest.mark.parametrize("role", ["member", "billing"])
def test_for_others_there_is_no_such_page(daily, signed_in, role):
    key, _secret = a_key(daily)
    other = an_organisation()
    for person in (a_member(daily, role=role), a_member(other, role="owner"), a_user(), a_user(is_staff=True)):
        browser = signed_in(person)
        assert browser.get(page_of(daily)).status_code == 404
        assert browser.post(page_of(daily), GOOD).status_code == 404
        assert browser.post(f"{page_of(daily)}{key.pk}/revoke/").status_code == 404
    assert ApiKey.objects.get().revoked_at is None


def test_a_key_of_another_organisation_is_not_revoked_here(daily, signed_in):
    key, _secret = a_key(an_organisation())

    answer = signed_in(a_member(daily, role="owner")).post(f"{page_of(daily)}{key.pk}/revoke/")

    assert answer.status_code == 404
    assert ApiKey.objects.get().revoked_at is None


def test_staff_with_the_permission_may(daily, signed_in):
    person = a_user(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="change_apikey"))

    assert signed_in(person).get(page_of(daily)).status_code == 200


def test_who_is_not_signed_in_is_asked_to(daily, client):
    assert client.get(page_of(daily)).status_code == 302


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"scopes": []}, "This field is required."),
        ({"scopes": ["everything"]}, "Select a valid choice"),
        ({"audiences": "http://daily.example"}, "is not the https address of a site"),
        ({"audiences": "https://user@daily.example"}, "is not the https address of a site"),
        ({"audiences": "https://daily.example:99999"}, "is not the https address of a site"),
        ({"days": "7"}, "Select a valid choice"),
    ],
)
def test_a_fault_is_named_and_nothing_is_made(daily, signed_in, facts, words):
    answer = signed_in(a_member(daily, role="owner")).post(page_of(daily), GOOD | facts)

    assert (answer.status_code, words in answer.content.decode()) == (400, True)
    assert not ApiKey.objects.exists()


def test_the_page_asks_as_often_for_three_keys_as_for_one(daily, signed_in):
    browser, counts = signed_in(a_member(daily, role="owner")), []
    for many in (1, 2):
        for _ in range(many):
            a_key(daily)
        browser.get(page_of(daily))
        with CaptureQueriesContext(connection) as captured:
            browser.get(page_of(daily))
        counts.append(len(captured))
    assert counts[0] == counts[1]

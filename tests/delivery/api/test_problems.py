"""Every error is a problem document with a stable code."""

import json
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client

from newsroom.accounts import keys
from newsroom.accounts.models import ApiKey
from newsroom.core.audit import SYSTEM
from newsroom.delivery.api import rates, routes
from newsroom.delivery.api.problems import KINDS
from tests.delivery.api.conftest import Machine, a_key
from tests.factories import HOUR, NOON, a_licence, a_member, an_item
from tests.leaks.world import after_commit, at

pytestmark = pytest.mark.django_db
ONE = {"questions": [{"item": "urn:x"}]}


def problem(response):
    """What a problem says, checked for the form all of them have."""
    found = response.json()
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert found["type"] == f"urn:newsroom:problem:{found['code']}"
    assert found["status"] == response.status_code
    assert found["title"]
    assert found["detail"]
    return response.status_code, found["code"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (None, "auth.missing"),
        ("", "auth.missing"),
        ("Basic dXNlcjpwYXNz", "auth.missing"),
        ("Bearer", "auth.missing"),
        ("Bearer full", "auth.unknown"),
        (f"Bearer nk_{'x' * 43}", "auth.unknown"),
        (f"Bearer nk_{'x' * 42}é", "auth.unknown"),
    ],
)
def test_without_a_key_that_is_known_nobody_is_answered(sent, code):
    headers = {} if sent is None else {"authorization": sent}

    response = Client().get("/api/v1/entitlements/urn:x", headers=headers)

    assert problem(response) == (401, code)
    assert response.headers["WWW-Authenticate"].startswith('Bearer realm="newsroom"')


def test_a_key_that_was_revoked_or_expired_says_so(daily):
    revoked, first = a_key(daily)
    keys.revoke(key=revoked, by=SYSTEM, at=NOON - HOUR)
    _key, second = a_key(daily, expires_at=NOON)

    assert problem(Machine(first).get("/entitlements/urn:x")) == (401, "auth.revoked")
    assert problem(Machine(second).get("/entitlements/urn:x")) == (401, "auth.expired")


def test_a_key_of_somebody_who_has_left_is_worth_nothing(daily):
    person = a_member(daily)
    _key, token = a_key(daily, user=person)
    person.memberships.update(valid_to=NOON)

    assert problem(Machine(token).get("/entitlements/urn:x")) == (401, "auth.member")


def test_a_key_without_the_scope_is_told_which(daily):
    _key, token = a_key(daily, scopes=["use"])

    response = Machine(token).get("/entitlements/urn:x")

    assert (problem(response), response.json()["scope"]) == ((403, "auth.scope"), "check")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "request.json"),
        ("", 422, "request.fields"),
        (b"\xff\xfe", 400, "request.json"),
        ("[" * 100_000, 400, "request.json"),
        ('{"questions": NaN}', 422, "request.fields"),
        ("[]", 422, "request.fields"),
        ("null", 422, "request.fields"),
        (json.dumps(ONE | {"questions": [{"item": "urn:x" * 80_000}]}), 413, "request.too_large"),
    ],
)
def test_a_body_that_is_no_json_is_refused(machine, body, status, code):
    assert problem(machine.post("/entitlements/check", body)) == (status, code)


def test_only_json_is_read(machine):
    response = machine.post("/entitlements/check", "questions=1", content_type="application/x-www-form-urlencoded")

    assert problem(response) == (415, "request.media_type")


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({}, "questions.0.item"),
        ({"item": ""}, "questions.0.item"),
        ({"item": 5}, "questions.0.item"),
        ({"item": "urn:\x00"}, "questions.0.item"),
        ({"item": "x" * 501}, "questions.0.item"),
        ({"item": "urn:x", "use": "steal"}, "questions.0.use"),
        ({"item": "urn:x", "use": None}, "questions.0.use"),
        ({"item": "urn:x", "channel": "sky"}, "questions.0.channel"),
        ({"item": "urn:x", "territory": "XX"}, "questions.0.territory"),
        ({"item": "urn:x", "territory": "tr"}, "questions.0.territory"),
        ({"item": "urn:x", "rendition": "huge"}, "questions.0.rendition"),
        ({"item": "urn:x", "format": "A B"}, "questions.0.format"),
        ({"item": "urn:x", "usee": "read"}, "questions.0.usee"),
        ("urn:x", "questions.0"),
    ],
)
def test_a_wrong_field_is_named(machine, question, field):
    response = machine.post("/entitlements/check", {"questions": [question]})

    assert problem(response) == (422, "request.fields")
    assert [each["field"] for each in response.json()["fields"]] == [field]


def test_half_a_character_is_no_item(machine):
    response = machine.post("/entitlements/check", '{"questions": [{"item": "urn:\\ud800"}]}')

    assert problem(response) == (422, "request.fields")


@pytest.mark.parametrize(("many", "status"), [(0, 422), (1, 200), (100, 200), (101, 422)])
def test_a_batch_holds_one_to_a_hundred(machine, many, status):
    response = machine.post("/entitlements/check", {"questions": [{"item": "urn:x"}] * many})

    assert response.status_code == status
    if status == 422:
        assert problem(response) == (422, "request.fields")
        assert [each["field"] for each in response.json()["fields"]] == ["questions"]


@pytest.mark.parametrize("behalf", [{}, {"email": "a@b.example", "token": "x" * 20}, {"phone": "1"}, "a@b.example"])
def test_a_person_is_named_in_one_way(machine, behalf):
    assert problem(machine.post("/entitlements/check", ONE | {"on_behalf_of": behalf})) == (422, "request.fields")


def test_the_single_check_names_its_fields_too(machine):
    for query, field in (("use=steal", "use"), ("chanel=web", "chanel"), ("territory=XX", "territory")):
        response = machine.get(f"/entitlements/urn:x?{query}")
        assert problem(response) == (422, "request.fields")
        assert [each["field"] for each in response.json()["fields"]] == [field]


@pytest.mark.parametrize("path", ["", "unknown", "entitlements", "entitlements/", "tokens/", "../v2", "uses/1"])
def test_another_address_is_unknown(machine, path):
    assert problem(machine.get(f"/{path}")) == (404, "address.unknown")


def test_another_method_is_not_known_there(machine):
    response = machine.get("/entitlements/check")

    assert (problem(response), response.headers["Allow"]) == ((405, "request.method"), "POST")
    assert problem(machine.client.delete("/api/v1/uses")) == (405, "request.method")


def test_who_asks_too_often_is_told_when_to_come_back(daily):
    key, token = a_key(daily)
    ApiKey.objects.filter(pk=key.pk).update(per_minute=2)
    machine = Machine(token)

    assert [machine.get("/entitlements/urn:x").status_code for _ in range(3)] == [200, 200, 429]
    response = machine.get("/entitlements/urn:x")
    assert (problem(response), response.headers["Retry-After"]) == ((429, "rate"), "60")
    with at(NOON + HOUR):
        assert machine.get("/entitlements/urn:x").status_code == 200


def test_nobody_else_can_use_up_a_keys_requests(daily):
    """The counter is named by the whole secret, not by what people see of it."""
    key, token = a_key(daily)
    ApiKey.objects.filter(pk=key.pk).update(per_minute=1)
    for _ in range(3):
        Machine(f"{key.prefix}{'x' * (46 - len(key.prefix))}").get("/entitlements/urn:x")

    assert Machine(token).get("/entitlements/urn:x").status_code == 200


def test_without_valkey_each_process_counts_by_itself(daily):
    from tests.delivery.api.test_freshness import valkey_away

    key, token = a_key(daily)
    ApiKey.objects.filter(pk=key.pk).update(per_minute=2)
    rates._own.clear()
    with valkey_away():
        assert [Machine(token).get("/entitlements/urn:x").status_code for _ in range(3)] == [200, 200, 429]


def test_without_the_database_a_cold_request_is_asked_to_come_again(daily, machine):
    with mock.patch("newsroom.access.callers.keys.find", side_effect=OperationalError("gone")):
        response = machine.get("/entitlements/urn:x")

    assert (problem(response), response.headers["Retry-After"]) == ((503, "service.unavailable"), "10")


def test_without_the_database_a_warm_request_is_answered(daily, machine):
    a_licence(daily)
    item = an_item()
    after_commit()
    machine.may(item.uri)
    machine.may(item.uri)

    def away(*_):
        raise OperationalError("gone")

    from django.db import connection

    with connection.execute_wrapper(away):
        assert machine.may(item.uri) == "licensed"


def test_a_fault_of_ours_tells_nothing_of_itself(machine, caplog):
    with mock.patch.object(routes.entitlements, "answers", side_effect=RuntimeError("canary")):
        response = machine.get("/entitlements/urn:x")

    assert problem(response) == (500, "error.internal")
    assert b"canary" not in response.content


def test_the_codes_are_these(machine):
    """They are part of what customers build on: a change here is a change of the API."""
    assert {code: status for code, (status, _title) in KINDS.items()} == {
        "auth.missing": 401,
        "auth.unknown": 401,
        "auth.expired": 401,
        "auth.revoked": 401,
        "auth.member": 401,
        "auth.scope": 403,
        "request.json": 400,
        "request.fields": 422,
        "request.too_large": 413,
        "request.media_type": 415,
        "request.method": 405,
        "request.bad": 400,
        "request.reused": 409,
        "address.unknown": 404,
        "member.unknown": 422,
        "token.audience": 403,
        "token.invalid": 422,
        "token.expired": 422,
        "token.replayed": 409,
        "rate": 429,
        "service.unavailable": 503,
        "error.internal": 500,
    }

"""What the documentation says is what is answered."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import jsonschema
import jwt
import pytest
from django.test import Client
from jwt import api_jwt

from newsroom.access.codes import CASES
from newsroom.core.audit import SYSTEM
from newsroom.delivery.api.api import api
from newsroom.delivery.api.problems import KINDS
from newsroom.licensing import actions as licensing
from newsroom.licensing.rules import Use
from tests.factories import NOON, a_licence, an_item
from tests.leaks.world import after_commit

pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text()
CALL = re.compile(r"```sh\n(curl .*?)\n```", re.DOTALL)
EDGE = "https://edge.example"


def schema():
    return Client().get("/api/v1/openapi.json").json()


def answered_as(found, address, method, status):
    """Held against what the description says of this answer."""
    described = schema()
    answer = described["paths"][address][method]["responses"][str(status)]
    ((kind, facts),) = answer["content"].items()
    validator = jsonschema.Draft202012Validator(
        facts["schema"] | {"components": described["components"]}, format_checker=jsonschema.FormatChecker()
    )
    validator.validate(found)
    return kind


def test_the_description_is_openapi_3_1_and_names_every_operation():
    described = schema()

    assert described["openapi"].startswith("3.1")
    assert {(method, path) for path, methods in described["paths"].items() for method in methods} == {
        ("get", "/api/v1/entitlements/{item}"),
        ("post", "/api/v1/entitlements/check"),
        ("post", "/api/v1/uses"),
        ("post", "/api/v1/tokens"),
        ("get", "/api/v1/revocations"),
    }
    assert described["components"]["securitySchemes"] == {"Bearer": {"type": "http", "scheme": "bearer", "name": "key"}}
    for methods in described["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]
            assert operation["security"] == [{"Bearer": []}]
            assert "401" in operation["responses"]
    for name, each in described["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(each)
        assert name


def test_an_error_is_described_as_a_problem_document_with_its_codes():
    answers = schema()["paths"]["/api/v1/uses"]["post"]["responses"]

    assert answers["409"]["description"] == "`request.reused`, `token.replayed`"
    assert list(answers["409"]["content"]) == ["application/problem+json"]


def test_answers_are_as_described(daily, machine):
    a_licence(daily, uses=[Use.READ, Use.PUBLISH])
    item = an_item()
    body = {"questions": [{"item": item.uri}, {"item": "urn:nothing"}, {"item": item.uri, "use": "syndicate"}]}
    use = {"item": item.uri, "use": "publish", "request_id": "order-0001"}

    batch = machine.post("/entitlements/check", body).json()
    answered_as(batch, "/api/v1/entitlements/check", "post", 200)
    answered_as(machine.get(f"/entitlements/{item.uri}").json(), "/api/v1/entitlements/{item}", "get", 200)
    answered_as(machine.post("/uses", use).json(), "/api/v1/uses", "post", 201)
    answered_as(machine.post("/uses", use).json(), "/api/v1/uses", "post", 200)
    answered_as(machine.post("/tokens", {"audience": EDGE}).json(), "/api/v1/tokens", "post", 201)
    wrong = machine.post("/uses", {})
    assert answered_as(wrong.json(), "/api/v1/uses", "post", 422) == wrong.headers["Content-Type"]


def test_the_examples_are_good_questions():
    described = schema()
    for path, methods in described["paths"].items():
        for operation in methods.values():
            if "requestBody" not in operation:
                continue
            facts = operation["requestBody"]["content"]["application/json"]
            validator = jsonschema.Draft202012Validator(facts["schema"] | {"components": described["components"]})
            validator.validate(facts["example"])
            assert facts["example"], path


@pytest.mark.parametrize("call", CALL.findall(PAGE), ids=lambda call: call.rsplit("/api/v1", 1)[-1][:30])
def test_each_call_of_the_page_is_answered(daily, machine, call):
    a_licence(daily, uses=[Use.READ, Use.PUBLISH])
    (address,) = re.findall(r'"\$BASE(/api/v1[^"]+)"', call)
    body = re.search(r"-d '(.*?)'", call, re.DOTALL)
    path = address.removeprefix("/api/v1")

    response = machine.post(path, body[1]) if body else machine.get(path)

    assert response.status_code in {200, 201}, response.content
    if "check" in path:
        jsonschema.validate(json.loads(body[1]), {"type": "object", "required": ["questions"]})


def test_the_page_lists_every_code_with_its_status():
    listed = {}
    for line in re.findall(r"^\| (\d{3}) \| (.*) \|$", PAGE, re.MULTILINE):
        listed |= dict.fromkeys(re.findall(r"`([a-z_.]+\.?[a-z_]*)`", line[1]), int(line[0]))
    listed.pop("fields", None)
    assert listed == {code: status for code, (status, _title) in KINDS.items()}


def clock_at(moment):
    """The clock of the library that the page's edge uses."""

    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment

    return Stopped


@pytest.fixture
def edge(machine, monkeypatch):
    """The page's own class, over keys that are published now, at noon."""
    monkeypatch.setattr(api_jwt, "datetime", clock_at(NOON))
    machine.post("/tokens", {"audience": EDGE})
    written = re.search(r"```python\n(.*?)\n```", PAGE, re.DOTALL)
    room = {}
    exec(written[1], room)
    return room["Edge"]("http://127.0.0.1:8000", EDGE, Client().get("/.well-known/jwks.json").json())


def test_the_pages_edge_believes_a_token_until_it_is_revoked(daily, machine, edge):
    licence = a_licence(daily)
    after_commit()
    token = machine.post("/tokens", {"audience": EDGE}).json()["token"]
    edge.learn(machine.get("/revocations").content.decode(), daily.pk)
    assert edge.claims(token)["sub"] == f"org:{daily.pk}"

    licensing.end(licence=licence, by=SYSTEM, at=NOON, why="terminated")
    after_commit()
    edge.learn(machine.get("/revocations").content.decode(), daily.pk)

    with pytest.raises(jwt.InvalidTokenError):
        edge.claims(token)


def test_the_pages_edge_refuses_what_it_must(daily, machine, edge, monkeypatch):
    token = machine.post("/tokens", {"audience": EDGE}).json()["token"]
    ours = machine.post("/tokens", {"audience": "http://127.0.0.1:8000"}).json()["token"]
    head, body, _mark = token.split(".")
    for wrong in (ours, f"{head}.{body}.", machine.get("/revocations").content.decode(), "x"):
        with pytest.raises(jwt.InvalidTokenError):
            edge.claims(wrong)
    monkeypatch.setattr(api_jwt, "datetime", clock_at(NOON + timedelta(seconds=331)))
    with pytest.raises(jwt.ExpiredSignatureError):
        edge.claims(token)


def test_the_page_of_the_api_needs_nothing_from_elsewhere(client):
    answer = client.get("/api/docs")
    html = answer.content.decode()

    assert answer.status_code == 200
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html.replace("http://127.0.0.1:8000", ""))
    for code in {*KINDS, *(each.code for each in CASES.values())}:
        assert code in html
    for address in schema()["paths"]:
        assert address in html


def test_no_schema_has_a_place_for_a_text():
    named = {name for each in api.get_openapi_schema()["components"]["schemas"].values() for name in each["properties"]}
    assert named & {"body", "body_html", "text", "headline", "summary", "html", "caption", "alt"} == set()

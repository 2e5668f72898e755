import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from newsroom.core import logs
from newsroom.core.errors import Refused

CANARY = "canary-3141"


def refuse(request, token):
    raise ValueError(f"could not convert {request.POST['password']} from {request.COOKIES}")


def greet(request, token):
    logging.getLogger("newsroom.test").warning("greeted")
    return HttpResponse("hello")


urlpatterns = [path("refuse/<str:token>/", refuse), path("greet/<str:token>/", greet)]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What production would log."""
    written = io.StringIO()
    logs.configure({"level": "INFO", "lines": "json"})
    root = logging.getLogger()
    ours = next(handler for handler in root.handlers if handler.get_name() == "stderr")
    assert isinstance(ours, logging.StreamHandler)
    ours.setStream(written)
    yield written
    logs.configure(settings.LOGGING)


def read(lines: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_a_line_is_json_with_the_request_it_belongs_to(lines):
    with override_settings(ROOT_URLCONF="tests.core.test_logs"):
        Client().get(f"/greet/{CANARY}/?q={CANARY}", headers={"X-Request-ID": "the-request"})
    greeted, request = read(lines)
    assert {name: greeted[name] for name in ("event", "level", "logger", "request_id")} == {
        "event": "greeted",
        "level": "warning",
        "logger": "newsroom.test",
        "request_id": "the-request",
    }
    assert {name: request[name] for name in ("event", "method", "route", "status", "request_id")} == {
        "event": "request",
        "method": "GET",
        "route": "/greet/<str:token>/",
        "status": 200,
        "request_id": "the-request",
    }
    assert CANARY not in lines.getvalue()


def test_after_a_request_its_number_is_forgotten(lines):
    Client().get("/healthz", headers={"X-Request-ID": "the-request"})
    logging.getLogger("newsroom.test").warning("later")
    assert "request_id" not in read(lines)[-1]


@pytest.mark.django_db
def test_a_fault_is_logged_with_its_place_and_nothing_of_what_was_sent(lines):
    client = Client(raise_request_exception=False)
    client.cookies["seen"] = CANARY
    headers = {"Authorization": f"Bearer {CANARY}", "X-Request-ID": "the-request"}
    with override_settings(ROOT_URLCONF="tests.core.test_logs"):
        response = client.post(f"/refuse/{CANARY}/", {"password": CANARY}, headers=headers)
    fault = read(lines)[0]
    assert response.status_code == 500
    assert fault["event"] == "Internal Server Error: /refuse/<str:token>/"
    assert fault["request_id"] == "the-request"
    assert str(fault["exception"]).endswith("\nbuiltins.ValueError")
    assert "test_logs.py:" in str(fault["exception"])
    assert "in refuse" in str(fault["exception"])
    assert CANARY not in lines.getvalue()


@pytest.mark.django_db
def test_a_page_that_is_not_found_leaves_nothing_of_its_address(lines):
    Client().get(f"/{CANARY}/", headers={"X-Request-ID": "the-request"})
    assert [line["event"] for line in read(lines)] == ["request", "Not Found: unmatched"]
    assert [line["request_id"] for line in read(lines)] == ["the-request"] * 2
    assert CANARY not in lines.getvalue()


def test_the_row_that_broke_a_constraint_is_not_logged(lines):
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise IntegrityError(f"Key (email)=({CANARY}) already exists.") from error
    except IntegrityError:
        logging.getLogger("newsroom.test").exception("not saved")
    exception = str(read(lines)[0]["exception"]).splitlines()
    assert [line for line in exception if not line.startswith("  ")] == [
        "builtins.KeyError",
        "which led to",
        "django.db.utils.IntegrityError",
    ]
    assert CANARY not in lines.getvalue()


def test_what_we_refuse_is_told_because_its_words_are_safe_to_show(lines):
    try:
        raise Refused("This quota is used up.")
    except Refused:
        structlog.get_logger("newsroom.test").exception("refused")
    assert str(read(lines)[0]["exception"]).endswith("newsroom.core.errors.Refused: This quota is used up.")


@pytest.mark.parametrize(
    ("facts", "written"),
    [
        ({"password": CANARY}, {"password": "[hidden]"}),
        ({"api_key": CANARY, "Set-Cookie": CANARY}, {"api_key": "[hidden]", "Set-Cookie": "[hidden]"}),
        (
            {"headers": {"Authorization": CANARY, "Accept": "*/*"}},
            {"headers": {"Authorization": "[hidden]", "Accept": "*/*"}},
        ),
        ({"found": [{"body_html": CANARY}]}, {"found": [{"body_html": "[hidden]"}]}),
        ({"url": f"postgresql://me:{CANARY}@host/name"}, {"url": "postgresql://[hidden]@host/name"}),
        ({"why": f"no such key: sk_test_{CANARY}"}, {"why": "no such key: [hidden]"}),
        ({"sent": f"Bearer {CANARY}"}, {"sent": "Bearer [hidden]"}),
        ({"postgres": "away", "formats": 3, "status": 200}, {"postgres": "away", "formats": 3, "status": 200}),
    ],
)
def test_what_is_named_like_a_secret_or_looks_like_one_is_hidden(lines, facts, written):
    structlog.get_logger("newsroom.test").info("told", **facts)
    assert {name: read(lines)[0][name] for name in written} == written
    assert CANARY not in lines.getvalue()


def test_celery_tells_which_task_and_not_what_it_was_given(lines):
    facts = {
        "id": "1",
        "name": "core.send_mail",
        "exc": CANARY,
        "args": CANARY,
        "kwargs": CANARY,
        "return_value": CANARY,
    }
    logger = logging.getLogger("celery.app.trace")
    logger.info("Task %(name)s[%(id)s] succeeded: %(return_value)s", facts)
    logger.error("Task %(name)s[%(id)s] raised: %(exc)s", facts, extra={"data": facts})
    assert [line["event"] for line in read(lines)] == [
        "Task core.send_mail[1] succeeded: [hidden]",
        "Task core.send_mail[1] raised: [hidden]",
    ]
    assert CANARY not in lines.getvalue()


def test_queries_with_their_values_are_not_logged_even_at_debug():
    logs.configure({"level": "DEBUG", "lines": "json"})
    try:
        assert not logging.getLogger("django.db.backends").isEnabledFor(logging.DEBUG)
        assert not logging.getLogger("stripe").isEnabledFor(logging.INFO)
    finally:
        logs.configure(settings.LOGGING)


def test_a_readable_line_says_the_same():
    written = io.StringIO()
    logs.configure({"level": "INFO", "lines": "readable"})
    try:
        handler = logging.getLogger().handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
        structlog.get_logger("newsroom.test").info("told", password=CANARY, item=7)
    finally:
        logs.configure(settings.LOGGING)
    assert "told" in written.getvalue()
    assert "item=7" in written.getvalue()
    assert CANARY not in written.getvalue()

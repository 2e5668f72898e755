"""What the tests of the API share: a clock at noon, an organisation with a key, and a client that sends it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from newsroom.access import changes
from newsroom.access.epochs import epochs
from newsroom.accounts import keys
from newsroom.accounts.keys import Scope, Wanted
from newsroom.accounts.models import ApiKey, Organisation
from newsroom.core.audit import SYSTEM
from newsroom.delivery.api import doors
from newsroom.sandbox import clock
from tests.factories import DAY, NOON, an_organisation
from tests.leaks.world import at


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    cache.clear()
    clock.remember(0)
    epochs.forget()
    doors._noted.clear()
    with at(NOON):
        yield
    cache.clear()
    clock.remember(0)
    epochs.forget()


@pytest.fixture
def daily(db: None) -> Organisation:
    return an_organisation("Daily")


def a_key(organisation: Organisation, **facts: Any) -> tuple[ApiKey, str]:
    values: dict[str, Any] = {"name": "website", "scopes": list(Scope.values), "audiences": ["https://edge.example"]}
    return keys.create(organisation=organisation, wanted=Wanted(**values | facts), by=SYSTEM, at=NOON - DAY)


class Machine:
    """A customer's machine."""

    def __init__(self, token: str) -> None:
        self.token, self.client = token, Client(raise_request_exception=False)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers={"authorization": f"Bearer {self.token}"} | headers)

    def post(self, path: str, found: Any, **facts: Any) -> Any:
        body = found if isinstance(found, str | bytes) else json.dumps(found)
        values: dict[str, Any] = {"content_type": "application/json"} | facts
        headers = {"authorization": f"Bearer {self.token}"}
        return self.client.post(f"/api/v1{path}", data=body, headers=headers, **values)

    def check(self, *questions: dict[str, Any], **facts: Any) -> list[dict[str, Any]]:
        response = self.post("/entitlements/check", {"questions": list(questions)} | facts)
        assert response.status_code == 200, response.content
        answers: list[dict[str, Any]] = response.json()["answers"]
        return answers

    def may(self, uri: str, use: str = "read", **facts: Any) -> str:
        """The code of the answer about this one."""
        code: str = self.check({"item": uri, "use": use}, **facts)[0]["code"]
        return code


@pytest.fixture
def machine(daily: Organisation) -> Machine:
    return Machine(a_key(daily)[1])


@pytest.fixture
def told() -> Callable[[], int]:
    """What a commit does in the product, for tests whose transaction never commits."""
    return changes.publish

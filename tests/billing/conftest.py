"""The product's own deeds on one side, the stand-in for Stripe behind the real SDK on the other."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from newsroom.billing.gateway import gateway
from newsroom.sandbox import clock
from newsroom.sandbox.transport import SandboxClient
from tests.billing.shop import Shop


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    """No test finds the clock ahead, or leaves it so; none keeps another's gateway."""
    clock.remember(0)
    gateway.cache_clear()
    yield
    clock.remember(0)
    gateway.cache_clear()


@pytest.fixture
def shop(db_of_both: None) -> Shop:
    """Stripe with our catalogue in it."""
    return Shop(Client())


@pytest.fixture
def db_of_both(request: pytest.FixtureRequest) -> None:
    """Our database and the stand-in's, rolled back together."""
    request.applymarker(pytest.mark.django_db(databases=["default", "sandbox"]))
    request.getfixturevalue("db")


@pytest.fixture
def line(settings: Any) -> Callable[[type[SandboxClient]], None]:
    """Puts another line to Stripe in place."""

    def put(kind: type[SandboxClient]) -> None:
        settings.BILLING_HTTP_CLIENT = f"{kind.__module__}.{kind.__name__}"
        gateway.cache_clear()

    return put

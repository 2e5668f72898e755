"""The journeys of money, on the stand-in in every run and on Stripe itself by `make stripe-live`.

Without STRIPE_TEST_KEY those on Stripe are deselected, not skipped. A key that is not for tests is refused at once.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from newsroom.billing.gateway import API_VERSION, gateway
from newsroom.sandbox import clock
from newsroom.sandbox.transport import SandboxClient
from tests.stripe_live.shop import ApiShop

HERE = Path(__file__).parent
KEY = os.environ.get("STRIPE_TEST_KEY", "")


def refuse_live(key: str) -> None:
    """Raises `UsageError` for a key with which money would move."""
    if key and not key.startswith(("sk_test_", "rk_test_")):
        raise pytest.UsageError("STRIPE_TEST_KEY is no test key. These tests make and cancel subscriptions: refused.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    refuse_live(KEY)
    on_stripe = [each for each in items if "at_stripe" in each.nodeid and each.path.is_relative_to(HERE)]
    if on_stripe and not KEY:
        config.hook.pytest_deselected(items=on_stripe)
        items[:] = [each for each in items if each not in on_stripe]


@pytest.fixture(params=["at_the_stand_in", "at_stripe"])
def shop(request: pytest.FixtureRequest, settings: Any, db: None) -> Iterator[ApiShop]:
    """One test clock at Stripe, or at the stand-in, and the product's gateway on the same line."""
    gateway.cache_clear()
    clock.remember(0)
    made = None if request.param == "at_stripe" else SandboxClient()
    if made is None:
        settings.STRIPE_SECRET_KEY, settings.BILLING_HTTP_CLIENT, settings.BILLING_MODE = KEY, "", "stripe"
    client = stripe.StripeClient(
        KEY or "sk_test_sandbox", stripe_version=API_VERSION, max_network_retries=2, http_client=made
    )
    found = ApiShop(client)
    yield found
    found.close()
    gateway.cache_clear()

"""Stripe's own SDK, talking to the stand-in."""

from collections.abc import Iterator

import pytest
import stripe

from newsroom.sandbox import clock
from newsroom.sandbox.transport import SandboxClient


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    """No test finds the clock ahead, or leaves it so."""
    clock.remember(0)
    yield
    clock.remember(0)


@pytest.fixture
def sdk() -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_sandbox", http_client=SandboxClient())

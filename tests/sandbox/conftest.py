"""A shop on the engine alone, and Stripe's own SDK on the engine in the database."""

from collections.abc import Iterator

import pytest
import stripe

from newsroom.sandbox import clock
from newsroom.sandbox.transport import SandboxClient
from tests.sandbox.shop import Shop


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def sdk() -> Iterator[stripe.StripeClient]:
    """On the database; the clock stands with the machine's before and after."""
    clock.remember(0)
    yield stripe.StripeClient("sk_test_sandbox", http_client=SandboxClient())
    clock.remember(0)

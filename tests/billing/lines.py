"""Bad lines to Stripe, by dotted path in BILLING_HTTP_CLIENT."""

import json
from collections.abc import Mapping
from typing import Any

import stripe

from newsroom.sandbox.transport import SandboxClient


class Cut(SandboxClient):
    """No line at all: whoever asks Stripe fails the test."""

    def request(self, *args: Any, **kwargs: Any) -> tuple[str, int, Mapping[str, str]]:
        raise AssertionError(f"Stripe was asked: {args[:2]}")


class Deaf(SandboxClient):
    """Stripe does the work, and its answer to the first POST for each path in `LOST` is lost on the way."""

    LOST: set[str] = set()

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> tuple[str, int, Mapping[str, str]]:
        answer = super().request(method, url, *args, **kwargs)
        path = next((each for each in self.LOST if method == "post" and url.endswith(each)), None)
        if path is not None:
            self.LOST.discard(path)
            raise stripe.APIConnectionError("the line broke", should_retry=False)
        return answer


class Failing(SandboxClient):
    """Stripe answers with the status in `STATUS` to everything."""

    STATUS = 500
    CODE = "api_error"

    def request(self, *args: Any, **kwargs: Any) -> tuple[str, int, Mapping[str, str]]:
        body = json.dumps({"error": {"type": self.CODE, "message": "Something is wrong."}})
        return body, self.STATUS, {"stripe-should-retry": "false", "Request-Id": "req_1"}

"""The way from Stripe's own SDK to the stand-in, within the process: `StripeClient(key, http_client=SandboxClient())`."""

import io
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import stripe

from newsroom.sandbox import actions
from newsroom.sandbox.engine.engine import Answer, Request

Ask = Callable[[Request], Answer]


class SandboxClient(stripe.HTTPClient):
    """An HTTP client of the SDK that asks the stand-in."""

    name = "sandbox"

    def __init__(self, ask: Ask = actions.call) -> None:
        super().__init__()
        self._ask = ask

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        try:
            answer = asked(method, url, headers or {}, post_data, self._ask)
        except actions.NoAnswer:
            raise stripe.APIConnectionError("Nobody answers.", should_retry=True) from None  # type: ignore[no-untyped-call]  # of the SDK
        return json.dumps(answer.body), answer.status, answer.headers

    def request_stream(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[Any, int, Mapping[str, str]]:
        text, status, answered = self.request(method, url, headers, post_data)
        return io.BytesIO(text.encode()), status, answered

    def close(self) -> None:
        """There is no connection to close."""


def asked(method: str, url: str, headers: Mapping[str, str], body: Any, ask: Ask = actions.call) -> Answer:
    """The answer to a request as it stands on the wire."""
    found = {name.lower(): value for name, value in headers.items()}
    parts = urlsplit(url)
    if refusal := _unauthorized(found.get("authorization", "")):
        return refusal
    text = body.decode(errors="replace") if isinstance(body, bytes) else body or ""
    request = Request(
        method.upper(), parts.path, text if method.upper() == "POST" else parts.query, found.get("idempotency-key", "")
    )
    return ask(request)


def _unauthorized(header: str) -> Answer | None:
    """Any test key will do; a live one, or none, will not."""
    key = header.removeprefix("Bearer ").strip()
    if key.startswith(("sk_test_", "rk_test_")):
        return None
    message = "Invalid API Key provided." if key else "You did not provide an API key."
    if "_live_" in key:
        message = "The sandbox refuses live keys."
    return Answer(401, {"error": {"type": "invalid_request_error", "message": message}})

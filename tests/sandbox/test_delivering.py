"""Webhooks: signed as Stripe signs them, tried again, and lost, doubled or delayed when the control page says so."""

import json
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import stripe

from newsroom.sandbox import actions, clock, tasks
from newsroom.sandbox.delivering import BACKOFF, LEASE, deliver_due, post, sign
from newsroom.sandbox.models import SandboxControls, SandboxDelivery

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
SECRET = "whsec_test"
State = SandboxDelivery.State


class Endpoint:
    """The product's webhook address. It answers what it is told to."""

    def __init__(self, *answers: int | OSError) -> None:
        self.answers = list(answers)
        self.heard: list[stripe.Event] = []
        self.addresses: set[str] = set()

    def __call__(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.addresses.add(address)
        self.heard.append(stripe.Webhook.construct_event(body, headers["Stripe-Signature"], SECRET))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, OSError):
            raise answer
        return answer


def customers(sdk: stripe.StripeClient, number: int = 1) -> None:
    for each in range(number):
        sdk.v1.customers.create({"email": f"reader{each}@example.org"})


def states() -> list[tuple[str, int, str]]:
    return list(SandboxDelivery.objects.order_by("pk").values_list("state", "attempts", "answer"))


def test_every_event_reaches_the_endpoint_once_in_order_and_signed(sdk: stripe.StripeClient) -> None:
    customers(sdk, 3)
    endpoint = Endpoint()

    assert deliver_due(clock.now(), endpoint) == 3
    assert deliver_due(clock.now(), endpoint) == 0

    assert [event.data.object["email"] for event in endpoint.heard] == [
        f"reader{each}@example.org" for each in range(3)
    ]
    assert endpoint.addresses == {"http://127.0.0.1:8000/stripe/webhook/"}
    assert states() == [(State.DELIVERED, 1, "200")] * 3
    assert [event.pending_webhooks for event in sdk.v1.events.list().data] == [0, 0, 0]


@pytest.mark.parametrize("answer", [500, 400, 302, ConnectionRefusedError("nobody there")])
def test_what_is_not_taken_is_tried_again_later_and_later(sdk: stripe.StripeClient, answer: int | OSError) -> None:
    customers(sdk)
    endpoint, now = Endpoint(answer, answer, 200), clock.now()

    deliver_due(now, endpoint)
    deliver_due(now + BACKOFF[0] - timedelta(seconds=1), endpoint)
    too_soon = len(endpoint.heard)
    deliver_due(now + BACKOFF[0], endpoint)
    deliver_due(now + BACKOFF[0] + BACKOFF[1], endpoint)

    assert (too_soon, len(endpoint.heard)) == (1, 3)
    assert states() == [(State.DELIVERED, 3, "200")]
    assert len({event.id for event in endpoint.heard}) == 1


def test_it_is_given_up_after_the_last_try(sdk: stripe.StripeClient) -> None:
    customers(sdk)
    endpoint, now = Endpoint(*[500] * 20), clock.now()

    for _try in range(20):
        now += BACKOFF[-1]
        deliver_due(now, endpoint)

    assert states() == [(State.DEAD, len(BACKOFF) + 1, "500")]


def test_a_delivery_whose_worker_died_is_tried_again_after_its_lease(sdk: stripe.StripeClient) -> None:
    customers(sdk)
    now = clock.now()

    def dies(address: str, body: bytes, headers: Mapping[str, str]) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_due(now, dies)
    endpoint = Endpoint()

    assert deliver_due(now, endpoint) == 0
    assert deliver_due(now + LEASE, endpoint) == 1


@pytest.mark.parametrize(
    ("fate", "first", "later"),
    [("deliver", 2, 2), ("lose", 1, 1), ("duplicate", 3, 3), ("delay", 1, 2)],
)
def test_the_next_webhook_meets_its_fate_and_only_that_one(
    sdk: stripe.StripeClient, fate: str, first: int, later: int
) -> None:
    SandboxControls.objects.update_or_create(pk=1, defaults={"next_webhook": fate})
    customers(sdk, 2)
    endpoint, now = Endpoint(), clock.now()

    deliver_due(now, endpoint)
    at_once = len(endpoint.heard)
    deliver_due(now + timedelta(minutes=11), endpoint)

    assert (at_once, len(endpoint.heard)) == (first, later)
    assert SandboxControls.objects.get().next_webhook == "deliver"


def test_what_was_lost_can_be_delivered_after_all(sdk: stripe.StripeClient) -> None:
    SandboxControls.objects.update_or_create(pk=1, defaults={"next_webhook": "lose"})
    customers(sdk)
    endpoint = Endpoint()

    actions.deliver_now()
    deliver_due(clock.now(), endpoint)

    assert len(endpoint.heard) == 1


def test_a_lost_webhook_is_still_in_the_list_of_events(sdk: stripe.StripeClient) -> None:
    SandboxControls.objects.update_or_create(pk=1, defaults={"next_webhook": "lose"})
    customers(sdk)

    assert [event.type for event in sdk.v1.events.list().data] == ["customer.created"]


def test_a_signature_is_of_the_time_and_the_body() -> None:
    at = datetime.fromisoformat("2026-01-01T00:00:00+00:00")

    assert sign(b"{}", SECRET, at) == "t=1767225600,v1=4a942ef9477fb7b15b98664cf7ff2c2543984c1fa6bdf3520b48dcb25bcd1fe4"


@pytest.mark.parametrize("spoil", ["body", "secret"])
def test_a_changed_body_or_another_secret_does_not_verify(spoil: str) -> None:
    header = sign(b'{"id": 1}', SECRET, clock.now())

    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(
            b'{"id": 2}' if spoil == "body" else b'{"id": 1}', header, "whsec_other" if spoil == "secret" else SECRET
        )


def test_the_task_delivers_and_the_sweep_lets_time_pass_first(sdk: stripe.StripeClient, settings: Any) -> None:
    customers(sdk)
    with Listener() as listener:
        settings.BASE_URL = listener.address
        tasks.deliver()
        customers(sdk)
        tasks.sweep()

    assert [each["type"] for each in listener.heard] == ["customer.created"] * 2
    assert listener.paths == ["/stripe/webhook/"] * 2
    assert [state for state, _attempts, _answer in states()] == [State.DELIVERED] * 2


def test_nobody_at_the_address_is_an_oserror() -> None:
    with pytest.raises(OSError, match="refused"):
        post("http://127.0.0.1:9/stripe/webhook/", b"{}", {})


class Listener:
    """A real server on a port of its own."""

    def __enter__(self) -> "Listener":
        self.heard: list[dict[str, Any]] = []
        self.paths: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.paths.append(self.path)
                outer.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Not in the tests' output."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

"""Stripe's door: what is signed is stored once and answered 200; nothing else is stored, and nothing is a 500."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import stripe
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from newsroom.billing import inbox
from newsroom.billing.models import StripeEvent
from newsroom.core.clock import now

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
SECRET = settings.STRIPE_WEBHOOK_SECRETS[0]


def event(name: str = "evt_1", kind: str = "customer.updated", **facts) -> bytes:
    about = {"object": {"object": "customer", "id": "cus_unknown"}}
    return json.dumps({"id": name, "object": "event", "type": kind, "data": about} | facts).encode()


def header(body: bytes, secret: str = SECRET, late: timedelta = timedelta(0)) -> str:
    moment = int((now() - late).timestamp())
    return stripe.WebhookSignature.generate_signature_header(body.decode("latin-1"), secret, moment)


def sign_raw(body: bytes, secret: str = SECRET) -> str:
    """Signs bytes that are no text."""
    import hashlib
    import hmac

    moment = str(int(now().timestamp()))
    return f"t={moment},v1=" + hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def post(body: bytes, signature: str | None) -> int:
    headers = {} if signature is None else {"Stripe-Signature": signature}
    return (
        Client(raise_request_exception=False)
        .post("/stripe/webhook/", data=body, content_type="application/json", headers=headers)
        .status_code
    )


def kept() -> list[tuple[str, str, str]]:
    return list(StripeEvent.objects.order_by("event_id").values_list("event_id", "kind", "via"))


def test_a_signed_event_is_stored_as_it_came():
    body = event(data={"object": {"object": "subscription", "id": "sub_1", "customer": "cus_7"}}, odd="\u0000 ok")

    assert post(body, sign_raw(body)) == 200

    row = StripeEvent.objects.get()
    assert (row.event_id, row.kind, row.customer, row.via, row.state, row.attempts) == (
        "evt_1",
        "customer.updated",
        "cus_7",
        "webhook",
        "received",
        0,
    )
    assert row.payload.encode() == body


def test_the_same_event_again_is_one_row_and_still_200():
    assert [post(event(), sign_raw(event())) for _ in range(3)] == [200, 200, 200]
    assert kept() == [("evt_1", "customer.updated", "webhook")]


def test_a_kind_nobody_knows_is_kept():
    assert post(event(kind="moon.landed"), sign_raw(event(kind="moon.landed"))) == 200
    assert kept() == [("evt_1", "moon.landed", "webhook")]


BAD_BODIES = {
    "not UTF-8": b'{"id": "evt_1", "type": "x", "name": "\xff\xfe"}',
    "not JSON": b"id=evt_1",
    "empty": b"",
    "cut off": event()[:-4],
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "too deep": b"[" * 100_000,
    "no id": b'{"type": "x"}',
    "no type": b'{"id": "evt_1"}',
    "an id that is a number": b'{"id": 7, "type": "x"}',
    "an id with a NUL": b'{"id": "evt\\u0000", "type": "x"}',
    "an id with half a character": b'{"id": "evt\\ud800", "type": "x"}',
    "an id that is too long": json.dumps({"id": "e" * 256, "type": "x"}).encode(),
    "a type that is too long": json.dumps({"id": "evt_1", "type": "x" * 121}).encode(),
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_what_is_no_event_is_400_even_when_signed(body: bytes):
    assert post(body, sign_raw(body)) == 400
    assert kept() == []


BAD_SIGNATURES = {
    "none": lambda: None,
    "empty": lambda: "",
    "nonsense": lambda: "¯\\_(ツ)_/¯".encode().decode("latin-1"),
    "another secret": lambda: header(event(), "whsec_other"),
    "too old": lambda: header(event(), late=timedelta(minutes=6)),
    "in the future": lambda: header(event(), late=-timedelta(minutes=6)),
    "of another body": lambda: header(event("evt_2")),
    "no time": lambda: "v1=" + header(event()).partition("v1=")[2],
    "two times": lambda: header(event()) + ",t=1",
}


@pytest.mark.parametrize("offered", BAD_SIGNATURES.values(), ids=BAD_SIGNATURES)
def test_what_is_not_signed_is_400_and_not_stored(offered: Callable[[], str | None]):
    assert post(event(), offered()) == 400
    assert kept() == []


def test_both_secrets_work_during_a_rotation(settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_old"]
    new, old, older = event("evt_new"), event("evt_old"), event("evt_older")

    answers = [
        post(new, sign_raw(new, "whsec_new")),
        post(old, sign_raw(old, "whsec_old")),
        post(older, sign_raw(older, "whsec_older")),
    ]

    assert answers == [200, 200, 400]
    assert [name for name, _, _ in kept()] == ["evt_new", "evt_old"]


@pytest.mark.parametrize("size", [inbox.LARGEST + 1, 10 * 1024 * 1024])
def test_a_body_that_is_too_large_is_413(size: int):
    body = b"x" * size

    assert post(body, sign_raw(body)) == 413
    assert kept() == []


def test_the_largest_body_is_taken():
    body = event(note="")
    body = event(note="n" * (inbox.LARGEST - len(body)))

    assert len(body) == inbox.LARGEST
    assert post(body, sign_raw(body)) == 200


def test_only_post_is_answered():
    assert Client().get("/stripe/webhook/").status_code == 405


def test_no_csrf_token_is_asked_for():
    response = Client(enforce_csrf_checks=True).post(
        "/stripe/webhook/",
        data=event(),
        content_type="application/json",
        headers={"Stripe-Signature": sign_raw(event())},
    )

    assert response.json() == {"received": True}


def test_only_a_failure_to_store_is_5xx(monkeypatch: pytest.MonkeyPatch):
    def away(*args, **kwargs):
        raise OperationalError("the database is away")

    monkeypatch.setattr(StripeEvent.objects, "get_or_create", away)

    assert post(event(), sign_raw(event())) == 503


def test_a_dead_broker_changes_nothing_for_stripe(monkeypatch, django_capture_on_commit_callbacks):
    from celery import current_app
    from kombu.exceptions import OperationalError as BrokerAway

    def away(*args, **kwargs):
        raise BrokerAway("the broker is away")

    monkeypatch.setattr(current_app.tasks["billing.process_event"], "apply_async", away)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        assert post(event(), sign_raw(event())) == 200

    assert len(callbacks) == 1
    assert StripeEvent.objects.get().state == "received"

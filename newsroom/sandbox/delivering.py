"""Webhooks on their way out, signed as Stripe signs them: https://docs.stripe.com/webhooks#verify-manually."""

import hashlib
import hmac
import http.client
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from newsroom.sandbox.engine.world import public
from newsroom.sandbox.models import SandboxDelivery, SandboxObject
from newsroom.sandbox.router import ALIAS

Post = Callable[[str, bytes, Mapping[str, str]], int]  # address, body, headers; the status answered. Raises OSError
PATH = "/stripe/webhook/"
LEASE = timedelta(seconds=60)
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 300, 1800, 7200, 18000, 36000, 43200, 43200))
_TIMEOUT = 20


def sign(body: bytes, secret: str, at: datetime) -> str:
    """The value of `Stripe-Signature`."""
    moment = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def post(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """POST and the status answered. Raises OSError when nobody answers."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT)
    try:
        line.request("POST", parts.path, body, dict(headers))
        return line.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
    finally:
        line.close()


def deliver_due(now: datetime, post: Post = post, limit: int = 500) -> int:
    """Deliver what is due, oldest first, each at most once in this run. The number of deliveries tried is handed back."""
    tried: list[int] = []
    while len(tried) < limit and (delivery := _claimed(now, tried)):
        tried.append(delivery.pk)
        deliver(delivery, now, post)
    return len(tried)


def _claimed(now: datetime, tried: list[int]) -> SandboxDelivery | None:
    """The next one, leased: whoever dies with it leaves it to be tried again."""
    with transaction.atomic(using=ALIAS):
        waiting = SandboxDelivery.objects.filter(state=SandboxDelivery.State.PENDING, due_at__lte=now).exclude(
            pk__in=tried
        )
        delivery = waiting.order_by("pk").select_for_update(skip_locked=True).first()
        if delivery:
            delivery.due_at = now + LEASE
            delivery.save(update_fields=["due_at"])
    return delivery


def deliver(delivery: SandboxDelivery, now: datetime, post: Post = post) -> None:
    """One try, and what came of it."""
    body = json.dumps(public(SandboxObject.objects.get(name=delivery.event).body), indent=2).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": sign(body, settings.STRIPE_WEBHOOK_SECRETS[0], now),
    }
    try:
        status = post(settings.BASE_URL + PATH, body, headers)
        answer, ok = str(status), 200 <= status < 300
    except OSError as error:
        answer, ok = str(error) or type(error).__name__, False
    _record(delivery, now, answer[:200], ok=ok)


def _record(delivery: SandboxDelivery, now: datetime, answer: str, *, ok: bool) -> None:
    delivery.attempts += 1
    delivery.answer = answer
    if ok:
        delivery.state = SandboxDelivery.State.DELIVERED
        event = SandboxObject.objects.filter(name=delivery.event)
        for body in event.values_list("body", flat=True):
            event.update(body=body | {"pending_webhooks": 0})
    elif delivery.attempts > len(BACKOFF):
        delivery.state = SandboxDelivery.State.DEAD
    else:
        delivery.due_at = now + BACKOFF[delivery.attempts - 1]
    delivery.save(update_fields=["attempts", "answer", "state", "due_at"])

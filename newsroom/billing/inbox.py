"""What Stripe tells us: checked, stored once, answered, and only then looked at.

An event says whose matters to look at; what is true now, Stripe says. So events may come twice, late, in any order.
"""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F

from newsroom.billing.gateway import gateway
from newsroom.billing.models import Account, Payment, StripeEvent
from newsroom.billing.signature import signed
from newsroom.billing.sync import sync
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused, TryAgain
from newsroom.core.jobs import enqueue

log = structlog.get_logger(__name__)
LARGEST = 1024 * 1024  # bytes; Stripe's events are a few kilobytes
LEASE = timedelta(minutes=5)  # a worker that takes longer is taken for dead
MOST_ATTEMPTS = 10
NAME = re.compile(r"[A-Za-z0-9_.\-]{1,255}")
KIND = re.compile(r"[A-Za-z0-9_.\-\[\]]{1,120}")


class BadEvent(Refused):
    """Not signed by Stripe, or not an event. Nothing is stored."""

    status = 400


class TooLarge(BadEvent):
    status = 413


def receive(*, body: bytes, signature: str, at: datetime) -> StripeEvent:
    """Store an event that Stripe signed; once stored, it will be looked at. Raises `BadEvent`."""
    if len(body) > LARGEST:
        raise TooLarge(f"An event is at most {LARGEST} bytes.")
    if not signed(body, signature, settings.STRIPE_WEBHOOK_SECRETS, at):
        raise BadEvent("This is not signed by Stripe, or not just now.")
    return store(_event(body), body.decode(), via="webhook", at=at)


def _event(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadEvent("The body is not JSON.") from None
    if not isinstance(event, dict) or not _named(NAME, event.get("id")) or not _named(KIND, event.get("type")):
        raise BadEvent("The body is not an event.")
    return event


def _named(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


@transaction.atomic
def store(event: dict[str, Any], payload: str, *, via: str, at: datetime) -> StripeEvent:
    """Keep it under its id; the same id again is the first row."""
    row, made = StripeEvent.objects.get_or_create(
        event_id=event["id"],
        defaults={
            "kind": event["type"],
            "customer": customer_of(event) or _who_paid(charge_of(event)),
            "payload": payload,
            "via": via,
            "received_at": at,
            "next_attempt_at": at,
        },
    )
    if made:
        enqueue("billing.process_event", event_id=row.pk)
    return row


def customer_of(event: dict[str, Any]) -> str:
    """Whose matters it is about: a customer's id, or nothing. Snapshot and thin events alike."""
    data = event.get("data")
    about = (data.get("object") if isinstance(data, dict) else None) or event.get("related_object")
    if not isinstance(about, dict):
        return ""
    is_customer = about.get("object", about.get("type")) == "customer"
    named = about.get("id") if is_customer else about.get("customer")
    if isinstance(named, dict):
        named = named.get("id")
    return named if isinstance(named, str) and _named(NAME, named) else ""


def charge_of(event: dict[str, Any]) -> str:
    """The charge it is about, or nothing. A dispute names its charge, and no customer."""
    data = event.get("data")
    about = data.get("object") if isinstance(data, dict) else None
    named = about.get("charge") if isinstance(about, dict) else None
    if isinstance(named, dict):
        named = named.get("id")
    return named if isinstance(named, str) and _named(NAME, named) else ""


def _who_paid(charge: str) -> str:
    """The customer whose charge our copy knows, or nothing."""
    found = Payment.objects.filter(stripe_id=charge).select_related("account").first() if charge else None
    return (found.account.stripe_customer_id or "") if found else ""


def _account_of(event: StripeEvent) -> Account | None:
    """Whose matters to look at. A charge that our copy does not know yet, Stripe does. Raises `Unanswered`."""
    customer = event.customer
    if not customer and (charge := charge_of(json.loads(event.payload))):
        customer = _who_paid(charge) or gateway().customer_of_charge(charge)
    return Account.objects.filter(stripe_customer_id=customer).first() if customer else None


def process(*, event_id: int, at: datetime) -> None:
    """Look at the matters that one event is about. Two workers do not do it at once; one that dies is followed."""
    taken = (
        StripeEvent.objects.due(at)
        .filter(pk=event_id)
        .update(state=StripeEvent.State.PROCESSING, attempts=F("attempts") + 1, next_attempt_at=at + LEASE)
    )
    if not taken:
        return
    event = StripeEvent.objects.get(pk=event_id)
    if event.attempts > MOST_ATTEMPTS:  # each time it ended in an error nobody foresaw
        _fail(event, event.error or "each attempt broke off", at)
        return
    try:
        account = _account_of(event)
        if account is None:
            _note(event, StripeEvent.State.IGNORED, "no account of ours")
            return
        sync(account_id=account.pk, at=at)
    except (TryAgain, Refused) as error:
        _fail(event, str(error), at)
    else:
        _note(event, StripeEvent.State.DONE)


def _note(event: StripeEvent, state: str, error: str = "") -> None:
    StripeEvent.objects.filter(pk=event.pk).update(state=state, error=error[:300])


def _fail(event: StripeEvent, error: str, at: datetime) -> None:
    """Tried again with growing pauses; after the last one it waits for staff."""
    if event.attempts >= MOST_ATTEMPTS:
        _note(event, StripeEvent.State.DEAD, error)
        log.error("stripe_event_dead", stripe_event=event.event_id, kind=event.kind, error=error)
        return
    wait = timedelta(minutes=2 ** min(event.attempts, 8))
    StripeEvent.objects.filter(pk=event.pk).update(
        state=StripeEvent.State.FAILED, error=error[:300], next_attempt_at=at + wait
    )


@transaction.atomic
def replay(*, event: StripeEvent, by: Actor, at: datetime, why: str) -> None:
    """Look again, by staff's wish."""
    audit.record("billing.event_replayed", by=by, of=event, at=at, why=why)
    StripeEvent.objects.filter(pk=event.pk).update(state=StripeEvent.State.RECEIVED, attempts=0, next_attempt_at=at)
    enqueue("billing.process_event", event_id=event.pk)


@transaction.atomic
def set_aside(*, event: StripeEvent, by: Actor, at: datetime, why: str) -> None:
    """Staff has looked: it is not tried again, and no longer waits for anybody."""
    audit.record("billing.event_set_aside", by=by, of=event, at=at, why=why)
    _note(event, StripeEvent.State.IGNORED, "set aside by hand")


def store_missed(event: dict[str, Any], *, at: datetime) -> StripeEvent:
    """Keep an event that the list has and no webhook brought."""
    return store(event, json.dumps(event), via="reconcile", at=at)

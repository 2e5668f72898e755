"""Money: events accepted while 100,000 wait, the drain of sync, and the comparison of 10,000 subscriptions.

Stripe is a generator of objects here, so that what is measured is ours: a call to Stripe costs what the line costs.
"""

import hashlib
import hmac
import json
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.conf import settings

from benchmarks.figures import Figure, figure
from newsroom.accounts.models import User
from newsroom.billing import comparing, inbox, mirror, reconcile, sync
from newsroom.billing.gateway import PAGE, Body, Present
from newsroom.billing.models import Account, Invoice, Payment, StripeEvent, Subscription
from newsroom.core.clock import now

PARTS = ("money",)
WAITING, ACCEPTED, DRAINED, SUBSCRIPTIONS, ODD = 100_000, 2_000, 300, 10_000, 50
SECRET = "whsec_for_measuring"  # of nothing
DAY = 86_400


class Generated:
    """A Stripe in which each of so many customers has one subscription, and an invoice and a charge for it."""

    def __init__(self, count: int, at: datetime) -> None:
        self.count, self.at, self.calls = count, int(at.timestamp()), 0

    def present(self, customer: str) -> Present:
        self.calls += 6
        number = int(customer.removeprefix("cus_"))
        return Present(
            customer={"id": customer, "currency": "eur", "address": None, "balance": 0},
            subscriptions=[self.subscription(number)],
            invoices=[self.invoice(number)],
            charges=[self.charge(number)],
        )

    def subscriptions(self) -> Iterator[Body]:
        return self._listed(self.subscription)

    def invoices(self, since: int) -> Iterator[Body]:
        return self._listed(self.invoice)

    def charges(self, since: int) -> Iterator[Body]:
        return self._listed(self.charge)

    def open_invoices(self) -> Iterator[Body]:
        return self._none()

    def refunds(self, since: int) -> Iterator[Body]:
        return self._none()

    disputes = credit_notes = purchases = refunds

    def _none(self) -> Iterator[Body]:
        self.calls += 1
        return iter(())

    def _listed(self, make: Callable[[int], Body]) -> Iterator[Body]:
        for number in range(self.count):
            self.calls += number % PAGE == 0
            yield make(number)

    def subscription(self, number: int) -> Body:
        price = {
            "id": "price_1",
            "metadata": {"plan": "reader"},
            "lookup_key": "reader_month_eur",
            "unit_amount": 990,
            "currency": "eur",
            "recurring": {"interval": "month"},
        }
        item = {
            "id": f"si_{number}",
            "price": price,
            "quantity": 1,
            "current_period_start": self.at - 5 * DAY,
            "current_period_end": self.at + 25 * DAY,
        }
        nothing = ("cancel_at", "canceled_at", "ended_at", "trial_start", "trial_end", "schedule", "pause_collection")
        return dict.fromkeys(nothing) | {
            "id": f"sub_{number}",
            "object": "subscription",
            "customer": f"cus_{number}",
            "status": "active",
            "created": self.at - 5 * DAY,
            "start_date": self.at - 5 * DAY,
            "cancel_at_period_end": False,
            "items": {"data": [item]},
            "discounts": [],
            "metadata": {"plan": "reader"},
        }

    def invoice(self, number: int) -> Body:
        line = {
            "id": f"il_{number}",
            "description": "Reader",
            "amount": 990,
            "currency": "eur",
            "quantity": 1,
            "period": {"start": self.at - 5 * DAY, "end": self.at + 25 * DAY},
            "pricing": {"price_details": {"price": "price_1", "product": "prod_1"}},
            "parent": None,
            "discount_amounts": [],
            "taxes": [],
            "metadata": {},
        }
        turns = {"finalized_at": self.at - 5 * DAY, "paid_at": self.at - 5 * DAY}
        zero = ("amount_remaining", "pre_payment_credit_notes_amount", "post_payment_credit_notes_amount")
        return dict.fromkeys(zero, 0) | {
            "id": f"in_{number}",
            "object": "invoice",
            "customer": f"cus_{number}",
            "parent": {"subscription_details": {"subscription": f"sub_{number}"}},
            "number": f"A-{number}",
            "status": "paid",
            "billing_reason": "subscription_cycle",
            "collection_method": "charge_automatically",
            "currency": "eur",
            "created": self.at - 5 * DAY,
            "period_start": self.at - 5 * DAY,
            "period_end": self.at - 5 * DAY,
            "due_date": None,
            "attempted": True,
            "status_transitions": turns | {"voided_at": None, "marked_uncollectible_at": None},
            "hosted_invoice_url": "",
            "invoice_pdf": "",
            "customer_address": None,
            "metadata": {},
            "lines": {"data": [line], "has_more": False},
            "total": 990,
            "subtotal": 990,
            "total_discount_amounts": [],
            "total_taxes": [],
            "amount_due": 990,
            "amount_paid": 990,
            "payments": {"data": [{"payment": {"payment_intent": f"pi_{number}"}}]},
        }

    def charge(self, number: int) -> Body:
        return {
            "id": f"ch_{number}",
            "object": "charge",
            "customer": f"cus_{number}",
            "status": "succeeded",
            "amount": 990,
            "currency": "eur",
            "created": self.at - 5 * DAY,
            "payment_intent": f"pi_{number}",
            "payment_method_details": {"type": "card", "card": {"brand": "visa", "last4": "4242", "fingerprint": "f"}},
            "failure_code": None,
            "amount_refunded": 0,
            "disputed": False,
        }


def measure(only: str, stack: ExitStack) -> list[Figure]:
    """Inbox, drain, comparison; in this order, in a database of their own."""
    if only and not (PARTS[0].startswith(only) or only.startswith(PARTS[0])):
        return []
    at = now()
    stripe = Generated(SUBSCRIPTIONS, at)
    for module in (sync, reconcile, comparing):
        stack.enter_context(patch.object(module, "gateway", lambda: stripe))
    stack.enter_context(patch.object(settings, "STRIPE_WEBHOOK_SECRETS", [SECRET]))
    _people(stripe, at)
    return [*_inbox(at), *_drain(stripe, at), *_compare(stripe, at)]


def _people(stripe: Generated, at: datetime) -> None:
    """Everybody who pays."""
    names = [f"payer-{number}@example.com" for number in range(stripe.count)]
    users = User.objects.bulk_create([User(email=name, password="!") for name in names], 1000)
    Account.objects.bulk_create(
        [Account(user=user, stripe_customer_id=f"cus_{number}", created_at=at) for number, user in enumerate(users)],
        1000,
    )


def _event(number: int, customer: int) -> bytes:
    about = {"object": {"object": "invoice", "id": f"in_{number}", "customer": f"cus_{customer}", "note": "n" * 2000}}
    return json.dumps({"id": f"evt_{number}", "object": "event", "type": "invoice.paid", "data": about}).encode()


def _inbox(at: datetime) -> list[Figure]:
    """Signed events through the door's own deed, one after another, while so many wait."""
    facts: dict[str, Any] = {"kind": "invoice.paid", "via": "webhook", "received_at": at, "payload": "{}"}
    waiting = (
        StripeEvent(event_id=f"old_{number}", next_attempt_at=at + timedelta(days=1), **facts)
        for number in range(WAITING)
    )
    StripeEvent.objects.bulk_create(waiting, 2000)
    times = []
    for number in range(ACCEPTED):
        body = _event(number, number % SUBSCRIPTIONS)
        header = _signed(body, at)
        began = time.perf_counter()
        inbox.receive(body=body, signature=header, at=at)
        times.append(time.perf_counter() - began)
    times.sort()
    return [
        figure("money.inbox_accepted", ACCEPTED / sum(times), "/s", ">= 50"),
        figure("money.inbox_p99", times[int(ACCEPTED * 0.99)] * 1000, "ms"),
    ]


def _signed(body: bytes, at: datetime) -> str:
    moment = str(int(at.timestamp()))
    digest = hmac.new(SECRET.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _drain(stripe: Generated, at: datetime) -> list[Figure]:
    """Events of as many customers, each seen for the first time: mirror, licence and mail are written for each."""
    rows = list(StripeEvent.objects.filter(event_id__startswith="evt_").order_by("pk").values_list("pk", flat=True))
    began = time.perf_counter()
    for pk in rows[:DRAINED]:
        inbox.process(event_id=pk, at=at)
    first = time.perf_counter() - began
    StripeEvent.objects.filter(pk__in=rows[:DRAINED]).update(state="received", attempts=0, next_attempt_at=at)
    began = time.perf_counter()
    for pk in rows[:DRAINED]:
        inbox.process(event_id=pk, at=at)
    again = time.perf_counter() - began
    return [
        figure("money.drain_new", DRAINED / first, "/s", ">= 5"),
        figure("money.drain_nothing_new", DRAINED / again, "/s", ">= 10"),
    ]


def _compare(stripe: Generated, at: datetime) -> list[Figure]:
    """Every subscription, invoice and charge compared; a few of them differ."""
    _mirror(stripe)
    Subscription.objects.filter(stripe_id__in=[f"sub_{number}" for number in range(ODD)]).update(status="past_due")
    stripe.calls = 0
    tracemalloc.start()
    began = time.perf_counter()
    row = reconcile.objects(at=at)
    took = time.perf_counter() - began
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return [
        figure("money.compare_examined", row.examined, "objects"),
        figure("money.compare_repaired", row.repaired, "objects", f">= {ODD}"),
        figure("money.compare_time", took, "s"),
        figure("money.compare_calls", stripe.calls - 6 * ODD, "calls", f"<= {3 * SUBSCRIPTIONS // PAGE + 10}"),
        figure("money.compare_memory", peak / 1024 / 1024, "MB", "<= 64"),
    ]


def _mirror(stripe: Generated) -> None:
    """Our copy of what sync has not written yet."""
    accounts = list(Account.objects.order_by("pk"))
    known = set(Subscription.objects.values_list("stripe_id", flat=True))
    new = [(number, each) for number, each in enumerate(accounts) if f"sub_{number}" not in known]
    Subscription.objects.bulk_create(
        (Subscription(account=each, **mirror.subscription_facts(stripe.subscription(n), [])) for n, each in new), 500
    )
    Invoice.objects.bulk_create(
        (Invoice(account=each, **mirror.invoice_facts(stripe.invoice(n))) for n, each in new), 500
    )
    Payment.objects.bulk_create(
        (Payment(account=each, **mirror.payment_facts(stripe.charge(n), [])) for n, each in new), 500
    )

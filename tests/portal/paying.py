"""Readers who pay, and what their pages say."""

import re

from django.test import Client

from newsroom.accounts.models import User
from newsroom.billing.gateway import gateway
from newsroom.billing.models import Account, Invoice, Subscription
from newsroom.core.clock import now
from tests.billing.lines import Cut
from tests.factories import DAY, NOON


def cut_now(settings) -> None:
    settings.BILLING_HTTP_CLIENT = f"{Cut.__module__}.{Cut.__name__}"
    gateway.cache_clear()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def a_subscription(user: User, status: str = "active", **facts) -> Subscription:
    """A row as sync would have written it, without asking Stripe."""
    account = Account.objects.get_or_create(user=user, defaults={"created_at": NOON, "currency": "eur"})[0]
    Account.objects.filter(pk=account.pk, stripe_customer_id=None).update(stripe_customer_id=f"cus_{account.pk}")
    at = now()
    values = {
        "stripe_id": f"sub_{account.pk}_{status}",
        "status": status,
        "plan": "reader",
        "lookup_key": "reader_month_eur",
        "amount": 990,
        "currency": "eur",
        "interval": "month",
        "started_at": at - 40 * DAY,
        "current_period_start": at - 10 * DAY,
        "current_period_end": at + 20 * DAY,
        "raw": {},
    }
    return Subscription.objects.create(account=account, **values | facts)


def an_invoice(user: User, number: str = "A-1", status: str = "paid") -> Invoice:
    account = Account.objects.get_or_create(user=user, defaults={"created_at": NOON})[0]
    return Invoice.objects.create(
        account=account,
        stripe_id=f"in_{number}",
        number=number,
        status=status,
        total_minor=990,
        currency="eur",
        period_start=NOON,
        period_end=NOON,
        created_at=NOON,
        hosted_url="https://invoice.example/1",
        pdf_url="https://invoice.example/1.pdf",
        raw={},
    )


def text(response) -> str:
    """What the page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())

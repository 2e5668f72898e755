"""Compare us with Stripe and put right what differs. Each run is a row; the figure to watch is 0."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog

from newsroom.billing import inbox, mirror
from newsroom.billing.gateway import Body, gateway
from newsroom.billing.models import Account, Invoice, Reconcile, StripeEvent, Subscription
from newsroom.billing.sync import sync

log = structlog.get_logger(__name__)
OVERLAP = timedelta(minutes=30)  # events may appear in the list later than their time says
YOUNGEST = timedelta(minutes=2)  # younger ones are still on their way as webhooks, and not missed
FIRST_LOOK = timedelta(days=25)  # Stripe keeps events for 30 days
INVOICES_BACK = timedelta(days=45)


def events(*, at: datetime) -> Reconcile:
    """Fetch every event since the last look, store what never reached us, and have it looked at."""
    last = Reconcile.objects.filter(kind=Reconcile.Kind.EVENTS).order_by("-at", "-pk").first()
    since = last.seen_until - OVERLAP if last else at - FIRST_LOOK
    until = at - YOUNGEST
    listed = [each for each in gateway().events(int(since.timestamp())) if each["created"] <= until.timestamp()]
    known = set(
        StripeEvent.objects.filter(event_id__in=[each["id"] for each in listed]).values_list("event_id", flat=True)
    )
    missed = [each for each in reversed(listed) if each["id"] not in known]
    for each in missed:
        inbox.store_missed(each, at=at)
    return _note(Reconcile.Kind.EVENTS, at, until, len(listed), [each["id"] for each in missed])


def objects(*, at: datetime) -> Reconcile:
    """Compare every subscription and each recent invoice with our copy; sync the accounts where one differs."""
    accounts = {each.stripe_customer_id: each for each in Account.objects.exclude(stripe_customer_id=None)}
    examined = 0
    odd: dict[int, str] = {}
    for raw, same in _compared(at):
        examined += 1
        account = accounts.get(_customer(raw))
        if account is not None and not same:
            odd.setdefault(account.pk, raw["id"])
    repaired = [name for account_id, name in sorted(odd.items()) if sync(account_id=account_id, at=at)]
    return _note(Reconcile.Kind.OBJECTS, at, at, examined, repaired)


def _compared(at: datetime) -> Iterator[tuple[Body, bool]]:
    """Each object of Stripe's, and whether our copy says the same."""
    subscriptions = dict(Subscription.objects.values_list("stripe_id", "raw"))
    for raw in gateway().subscriptions():
        yield raw, subscriptions.get(raw["id"]) == raw
    since = at - INVOICES_BACK
    invoices = {each.stripe_id: each for each in Invoice.objects.filter(created_at__gte=since)}
    for raw in gateway().invoices(int(since.timestamp())):
        ours = invoices.get(raw["id"])
        yield raw, ours is not None and not mirror.differs(ours, mirror.invoice_facts(raw))


def _customer(raw: Body) -> str:
    found = raw["customer"]
    return str(found["id"] if isinstance(found, dict) else found)


def _note(kind: str, at: datetime, until: datetime, examined: int, repaired: list[str]) -> Reconcile:
    if repaired:
        log.warning("reconcile_repaired", kind=kind, repaired=len(repaired), which=repaired[:20])
    return Reconcile.objects.create(
        kind=kind, at=at, seen_until=until, examined=examined, repaired=len(repaired), facts=repaired[:200]
    )

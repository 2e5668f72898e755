"""Compare us with Stripe and put right what differs. Each run is a row; the figure to watch is 0."""

from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import structlog

from newsroom.billing import inbox
from newsroom.billing.comparing import Difference, compared
from newsroom.billing.gateway import PAGE, Body, gateway
from newsroom.billing.models import Reconcile, StripeEvent
from newsroom.billing.sync import sync
from newsroom.core.errors import Refused, TryAgain

log = structlog.get_logger(__name__)
OVERLAP = timedelta(minutes=30)  # events may appear in the list later than their time says
YOUNGEST = timedelta(minutes=2)  # younger ones are still on their way as webhooks, and not missed
FIRST_LOOK = timedelta(days=25)  # Stripe keeps events for 30 days
MOST_FACTS = 200


def events(*, at: datetime) -> Reconcile:
    """Fetch every event since the last look, store what never reached us, and have it looked at."""
    last = Reconcile.objects.filter(kind=Reconcile.Kind.EVENTS).order_by("-at", "-pk").first()
    since = last.seen_until - OVERLAP if last else at - FIRST_LOOK
    until = at - YOUNGEST
    examined, missed = 0, []
    listed = (each for each in gateway().events(int(since.timestamp())) if each["created"] <= until.timestamp())
    while slice_of := list(islice(listed, PAGE)):
        examined += len(slice_of)
        missed += [_stored(each, at) for each in _unknown(slice_of)]
    return _note(Reconcile.Kind.EVENTS, at, until, examined, missed)


def _unknown(listed: list[Body]) -> list[Body]:
    """Those that no webhook brought, the oldest first."""
    found = StripeEvent.objects.filter(event_id__in=[each["id"] for each in listed])
    known = set(found.values_list("event_id", flat=True))
    return [each for each in reversed(listed) if each["id"] not in known]


def _stored(event: Body, at: datetime) -> dict[str, Any]:
    row = inbox.store_missed(event, at=at)
    return {"id": row.event_id, "kind": row.kind, "customer": row.customer}


def objects(*, at: datetime) -> Reconcile:
    """Compare every subscription, each open or recent invoice, and all recent money with our copy; sync the accounts
    where something differs."""
    examined = 0
    odd: dict[int, Difference] = {}
    for number, differences in compared(at):
        examined += number
        for each in differences:
            odd.setdefault(each.account, each)
    repaired = [each.facts | error for _, each in sorted(odd.items()) for error in _repaired(each, at)]
    return _note(Reconcile.Kind.OBJECTS, at, at, examined, repaired)


def _repaired(difference: Difference, at: datetime) -> list[dict[str, str]]:
    """One element when it differed, nothing when somebody was faster. What could not be put right says why."""
    try:
        return [{}] if sync(account_id=difference.account, at=at) else []
    except (TryAgain, Refused) as error:
        return [{"error": str(error)[:300]}]


def _note(kind: str, at: datetime, until: datetime, examined: int, repaired: list[dict[str, Any]]) -> Reconcile:
    if repaired:
        log.warning(
            "reconcile_repaired", kind=kind, repaired=len(repaired), which=[each["id"] for each in repaired[:20]]
        )
    return Reconcile.objects.create(
        kind=kind, at=at, seen_until=until, examined=examined, repaired=len(repaired), facts=repaired[:MOST_FACTS]
    )

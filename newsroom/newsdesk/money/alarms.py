"""What about money must not wait, for the first page of those who may see it."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import ngettext

from newsroom.accounts.models import User
from newsroom.billing.models import OutboxCall, Reconcile, StripeEvent
from newsroom.core.clock import now

RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Alarm:
    words: str
    url: str


def alarms(user: User) -> list[Alarm]:
    """Nothing when all is well. Two queries, both on what is dead only."""
    if not user.has_perm("billing.view_stripeevent"):
        return []
    events, calls = StripeEvent.objects.dead().count(), OutboxCall.objects.dead().count()
    found = []
    if events:
        words = ngettext("%(n)s event from Stripe was given up.", "%(n)s events from Stripe were given up.", events)
        found.append(Alarm(words % {"n": events}, reverse("newsdesk:stripe_events") + "?state=dead"))
    if calls:
        words = ngettext(
            "%(n)s call to Stripe was never answered.", "%(n)s calls to Stripe were never answered.", calls
        )
        found.append(Alarm(words % {"n": calls}, reverse("newsdesk:stripe_calls") + "?state=dead"))
    return found


def drift() -> int:
    """How much was put right within a day: the figure to watch is 0."""
    rows = Reconcile.objects.filter(at__gt=now() - RECENT)
    return sum(rows.values_list("repaired", flat=True))

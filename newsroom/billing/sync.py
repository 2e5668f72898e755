"""The one way our copy of a customer's money comes to be what Stripe says. Events, pages and the reconcile all end here."""

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F

from newsroom.billing import effects, mirror
from newsroom.billing.gateway import Present, gateway
from newsroom.billing.models import Account
from newsroom.core.errors import TryAgain

log = structlog.get_logger(__name__)
MOST_LOOKS = 8


class Overtaken(TryAgain):
    """Others were faster each time we looked."""


def sync(*, account_id: int, at: datetime) -> bool:
    """Bring our copy up to what Stripe says now; True when something differed. Raises `Overtaken`, `Unanswered`."""
    for _ in range(MOST_LOOKS):
        seen = Account.objects.select_related("user", "organisation").get(pk=account_id)
        if seen.stripe_customer_id is None:
            return False
        present = gateway().present(seen.stripe_customer_id)  # the network, outside any transaction
        written = _write(seen, present, at)
        if written is not None:
            return written
    raise Overtaken(f"account {account_id} changed {MOST_LOOKS} times while we looked")


@transaction.atomic
def _write(seen: Account, present: Present, at: datetime) -> bool | None:
    """Write it under the account's lock; None when somebody wrote since we looked, so that what we saw may be old."""
    account = Account.objects.select_for_update(of=("self",)).select_related("user", "organisation").get(pk=seen.pk)
    if account.version != seen.version:
        return None
    changes = mirror.write(account, present, at)
    facts = mirror.account_facts(account, present)
    Account.objects.filter(pk=account.pk).update(version=F("version") + 1, synced_at=at, **facts)
    effects.follow(account, changes, at)
    if changes:
        log.info("billing_synced", account=account.pk, changes=len(changes))
    return bool(changes)

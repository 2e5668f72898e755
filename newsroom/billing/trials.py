"""One trial for each reader and for each card, whoever pays with it.

Stripe's Checkout cannot refuse a card by what it was used for elsewhere. So the card is looked at once Checkout is done:
a second trial with it is ended at once, before anything is charged, and the reader may subscribe without one.
"""

from django.db.models import Q

from newsroom.billing.catalogue import catalogue
from newsroom.billing.models import Account, Subscription, Trial


def days_for(account: Account | None, plan: str) -> int:
    """How many days this reader may try the plan; none for who subscribed or tried before."""
    sold = catalogue().plan(plan)
    return sold.trial_days if sold and sold.sold and fresh(account) else 0


def fresh(account: Account | None) -> bool:
    """Whether this reader never subscribed and never had a trial."""
    if account is None:
        return True
    had_one = Trial.objects.filter(account=account).exists()
    return not had_one and not account.subscriptions.exclude(status__in=_NEVER).exists()


_NEVER = ("incomplete", "incomplete_expired")  # nothing was had


def refused(account: Account, subscription: Subscription) -> bool:
    """Whether this is a trial that reader or card may not have. The first one to be seen is noted as theirs."""
    if subscription.trial_start is None or subscription.trial_end is None or subscription.duplicate:
        return False
    ended_in_it = subscription.ended_at is not None and subscription.ended_at <= subscription.trial_end
    if not _claimed(account, subscription):
        return subscription.status == "trialing" or ended_in_it
    return False


def _claimed(account: Account, subscription: Subscription) -> bool:
    """The trial is this subscription's. The database lets one have it, however many ask at once."""
    assert subscription.trial_start is not None  # the caller's own check
    row = Trial(
        account=account,
        card=subscription.card or None,
        subscription_ref=subscription.stripe_id,
        began_at=subscription.trial_start,
    )
    if not had(account, subscription.card):
        Trial.objects.bulk_create([row], ignore_conflicts=True)
    return Trial.objects.filter(subscription_ref=subscription.stripe_id).exists()


def had(account: Account, card: str) -> bool:
    """Whether this reader, or this card, had a trial."""
    return Trial.objects.filter(Q(account=account) | Q(card=card or None, card__isnull=False)).exists()

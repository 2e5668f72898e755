"""The subscription that is to be changed, and what stands in the way."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.billing import outbox
from newsroom.billing.actions import NoSubscription
from newsroom.billing.gateway import Body
from newsroom.billing.models import Account, Subscription
from newsroom.billing.states import ending
from newsroom.billing.sync import sync
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused


class CannotChange(Refused):
    """The subscription stands in a way that does not allow this."""


class PaymentDeclined(Refused):
    """The bank said no: nothing has changed, and nothing was charged."""

    status = 402


def held(user: User) -> Subscription:
    """The person's running subscription. Raises `NoSubscription`."""
    account = Account.objects.of_user(user.pk).first()
    found = account.subscriptions.live().select_related("account").first() if account else None
    if found is None:
        raise NoSubscription(_("You have no subscription that could be changed."))
    return found


def check_steady(subscription: Subscription) -> None:
    """Raises `CannotChange` while it owes, ends, rests, or another change waits for its payment."""
    if subscription.status not in {"active", "trialing"}:
        raise CannotChange(_("A payment is open. Please pay it first."))
    if ending(subscription.facts) is not None:
        raise CannotChange(_("Your subscription is cancelled. Please take the cancellation back first."))
    if subscription.paused_since is not None:
        raise CannotChange(_("Your subscription is paused. Please resume it first."))
    if subscription.pending:
        raise CannotChange(_("Another change still waits for your bank. Please confirm it or give it up first."))


def ask(subscription: Subscription, operation: str, params: Body, *, action: str, by: Actor, at: datetime) -> Body:
    """Have Stripe do it, and look at what came of it. Raises `Declined`, `Unanswered`."""
    with transaction.atomic():
        account = Account.objects.select_for_update(of=("self",)).get(pk=subscription.account_id)
        call = outbox.ask(operation=operation, params=params, account=account, at=at)
        audit.record(action, by=by, of=subscription, at=at, facts={"operation": operation})
    try:
        return outbox.send(call=call, at=at)
    finally:
        sync(account_id=subscription.account_id, at=at)


def release(subscription: Subscription, *, by: Actor, at: datetime) -> None:
    """What was to change at the period's end does not."""
    if subscription.schedule:
        params = {"subject": subscription.schedule}
        ask(subscription, "schedule.release", params, action="billing.change_undone", by=by, at=at)


def update(subscription: Subscription, params: Body, *, action: str, by: Actor, at: datetime) -> Body:
    """Change the subscription at Stripe."""
    whole = {"subject": subscription.stripe_id} | params
    return ask(subscription, "subscription.update", whole, action=action, by=by, at=at)

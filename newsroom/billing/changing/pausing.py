"""A pause: one to three payments are left out, and reading rests from the end of what is paid for.

Only by whole months, so only where a month is paid at a time: who pays a year has it paid, and can cancel.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.billing.changing.held import CannotChange, check_steady, held, release, update
from newsroom.billing.gateway import Body
from newsroom.billing.models import Subscription
from newsroom.core.audit import Actor

MOST_MONTHS = 3
BEFORE = timedelta(hours=1)  # collection goes on before the period whose invoice is to be paid begins


def choices(subscription: Subscription) -> list[datetime]:
    """The days on which it may go on: the next payments but the first."""
    if subscription.interval != "month" or subscription.status != "active":
        return []
    return [_months_after(subscription.current_period_end, number) for number in range(1, MOST_MONTHS + 1)]


def _months_after(moment: datetime, number: int) -> datetime:
    """The same day so many months on; the last one where a month is too short."""
    months = moment.month - 1 + number
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=moment.year + months // 12, month=months % 12 + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=moment.year + months // 12, month=months % 12 + 1)


def pause(*, user: User, until: datetime, by: Actor, at: datetime) -> None:
    """Nothing is charged until then. Raises `CannotChange`, `NoSubscription`."""
    subscription = held(user)
    check_steady(subscription)
    if until not in choices(subscription):
        raise CannotChange(_("Please choose one of the days shown."))
    release(subscription, by=by, at=at)
    rest = {"behavior": "void", "resumes_at": int((until - BEFORE).timestamp())}
    update(subscription, {"pause_collection": rest}, action="billing.subscription_paused", by=by, at=at)


def resume_now(*, user: User, by: Actor, at: datetime) -> None:
    """It goes on. Where the paid time is over, a new period begins now and is charged; declined, the pause stays.

    Raises `CannotChange`, `NoSubscription`, `Declined`.
    """
    subscription = held(user)
    if subscription.paused_since is None:
        raise CannotChange(_("Your subscription is not paused."))
    params: Body = {"pause_collection": ""}
    if subscription.paid_until is None or subscription.paid_until <= at:
        params |= {
            "billing_cycle_anchor": {"type": "now"},
            "proration_behavior": "none",
            "payment_behavior": "error_if_incomplete",
        }
    update(subscription, params, action="billing.pause_ended", by=by, at=at)

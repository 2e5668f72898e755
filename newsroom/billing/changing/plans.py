"""Another plan, interval or quantity: more at once, less once what is paid for is over.

More is charged at once (`always_invoice`) as `pending_if_incomplete`: until the bank agrees nothing changes. Refused,
the invoice is void and the old plan stays; with 3-D Secure the reader confirms on the invoice's page, within 23 hours.
https://docs.stripe.com/billing/subscriptions/pending-updates
"""

from datetime import datetime

from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.billing.changing.held import CannotChange, PaymentDeclined, ask, held, release, update
from newsroom.billing.changing.previews import Confirmed, confirmed, items
from newsroom.billing.models import Invoice, Payment, Subscription
from newsroom.core.audit import Actor

ACTION = "billing.plan_changed"


def change(*, user: User, token: str, by: Actor, at: datetime) -> str:
    """The change that was previewed is made, or noted for the period's end. Answers the page where the bank is to be
    asked, or nothing when it is done.

    Raises `PreviewExpired`, `CannotChange`, `PaymentDeclined`, `Declined`, `Unanswered`.
    """
    wanted = confirmed(user=user, token=token, at=at)
    release(wanted.subscription, by=by, at=at)
    if wanted.target.now:
        return _now(wanted, by, at)
    _later(wanted, by, at)
    return ""


def _now(wanted: Confirmed, by: Actor, at: datetime) -> str:
    params = {
        "items": items(wanted.subscription, wanted.price, wanted.quantity),
        "proration_behavior": "always_invoice",
        "proration_date": int(wanted.at.timestamp()),
        "payment_behavior": "pending_if_incomplete",
    }
    update(wanted.subscription, params, action=ACTION, by=by, at=at)
    subscription = Subscription.objects.get(pk=wanted.subscription.pk)
    if not subscription.pending:
        return ""
    invoice = subscription.pending["invoice"]
    if Payment.objects.filter(invoice_ref=invoice, status="failed").exists():
        _void(subscription, by, at)
        raise PaymentDeclined(_("Your card was declined. Your plan has not changed, and nothing was charged."))
    return Invoice.objects.values_list("hosted_url", flat=True).get(stripe_id=invoice)


def _later(wanted: Confirmed, by: Actor, at: datetime) -> None:
    """A schedule: as it is to the end of the period, then the other price."""
    held_ = wanted.subscription
    params = {"from_subscription": held_.stripe_id}
    schedule = ask(held_, "schedule.create", params, action=ACTION, by=by, at=at)["id"]
    first = {
        "start_date": int(held_.current_period_start.timestamp()),
        "end_date": int(held_.current_period_end.timestamp()),
        "items": [{"price": each["price"], "quantity": each["quantity"]} for each in held_.items],
        "proration_behavior": "none",
    }
    then = {
        "items": [{"price": wanted.price, "quantity": wanted.quantity}],
        "duration": {"interval": wanted.target.price.interval, "interval_count": 1},
        "proration_behavior": "none",
    }
    phases = {"subject": schedule, "end_behavior": "release", "phases": [first, then]}
    ask(held_, "schedule.update", phases, action=ACTION, by=by, at=at)


def undo(*, user: User, by: Actor, at: datetime) -> None:
    """What was to change at the period's end does not. Raises `CannotChange`."""
    subscription = held(user)
    if not subscription.schedule:
        raise CannotChange(_("No change is planned."))
    release(subscription, by=by, at=at)


def drop_pending(*, user: User, by: Actor, at: datetime) -> None:
    """The change that waits for the bank is given up: its invoice is void. Raises `CannotChange`."""
    subscription = held(user)
    if not subscription.pending:
        raise CannotChange(_("No change waits for your bank."))
    _void(subscription, by, at)


def _void(subscription: Subscription, by: Actor, at: datetime) -> None:
    params = {"subject": subscription.pending["invoice"]}
    ask(subscription, "invoice.void", params, action="billing.change_given_up", by=by, at=at)

"""What the pages of money share: a subscription in words, an error in words."""

from typing import Any

from django.utils.translation import gettext as _

from newsroom.billing.catalogue import catalogue
from newsroom.billing.mirror.reading import moment
from newsroom.billing.models import Subscription
from newsroom.billing.states import ending, standing
from newsroom.core.clock import now
from newsroom.core.errors import Refused, TryAgain
from newsroom.core.money import Money
from newsroom.portal.views.asking import locale


def plainly(error: Refused | TryAgain) -> str:
    if isinstance(error, TryAgain):
        return _("The payment service did not answer. Nothing was charged; please try again in a moment.")
    return str(error)


def described(held: Subscription) -> dict[str, Any]:
    """A subscription in the words its page needs."""
    return {
        "plan": _plan(held.plan),
        "code": held.plan,
        "price": held.price,
        "quantity": held.quantity,
        "interval": held.interval,
        "standing": str(standing(held.facts, now())),
        "renews_at": held.current_period_end,
        "ends_at": held.ended_at or ending(held.facts),
        "grace_until": held.grace_until,
        "started_at": held.started_at,
        "paused": held.paused_since is not None,
        "paid_until": held.paid_until,
        "resumes_at": held.resumes_at,
        "discount": _discount(held),
        "upcoming": _upcoming(held),
        "pending": _pending(held),
    }


def _plan(code: str) -> str:
    plan = catalogue().plan(code)
    return plan.name(locale()) if plan else code


def _discount(held: Subscription) -> dict[str, Any] | None:
    if not held.discount:
        return None
    off = held.discount["amount_off"]
    percent = held.discount["percent_off"].removesuffix(".0")
    ends = moment(held.discount["ends"])
    return {"percent": percent, "money": Money(off, held.currency) if off else None, "ends": ends}


def _upcoming(held: Subscription) -> dict[str, Any] | None:
    """What it becomes at the end of the period."""
    if not held.upcoming:
        return None
    price = catalogue().price(held.upcoming["lookup_key"])
    return {"plan": _plan(held.upcoming["plan"]), "at": moment(held.upcoming["at"]), "price": price}


def _pending(held: Subscription) -> dict[str, Any] | None:
    """What waits for the bank."""
    if not held.pending:
        return None
    invoice = held.account.invoices.filter(stripe_id=held.pending["invoice"]).first()
    return {"plan": _plan(held.pending["plan"]), "until": moment(held.pending["expires"]), "invoice": invoice}

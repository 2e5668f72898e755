"""What a subscription's state at Stripe means for the right to read. Pure.

Stripe's states: https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from newsroom.core.errors import Refused

GRACE = timedelta(days=7)  # after the first declined renewal, full access goes on this long
SLACK = timedelta(days=3)  # a webhook may be this late (https://docs.stripe.com/webhooks#retries) and locks nobody out


class Standing(StrEnum):
    """How a subscription stands, in our words."""

    PENDING = "pending"
    TRIAL = "trial"
    ACTIVE = "active"
    GRACE = "grace"
    SUSPENDED = "suspended"
    PAUSED = "paused"
    ENDED = "ended"

    @property
    def gives_access(self) -> bool:
        return self in {Standing.TRIAL, Standing.ACTIVE, Standing.GRACE}


# The one table. Whatever Stripe may add later is not in it, and so gives nothing until somebody decides.
STANDING_OF = {
    "incomplete": Standing.PENDING,
    "incomplete_expired": Standing.ENDED,
    "trialing": Standing.TRIAL,
    "active": Standing.ACTIVE,
    "past_due": Standing.GRACE,
    "unpaid": Standing.SUSPENDED,
    "paused": Standing.SUSPENDED,
    "canceled": Standing.ENDED,
}
# One self-serve subscription per account may be in one of these. Not `incomplete`: nothing was paid, and Stripe drops it.
LIVE = frozenset({"trialing", "active", "past_due", "unpaid", "paused"})
OWING = frozenset({"past_due", "unpaid"})  # paying the open invoice brings it back
UNPAID = frozenset({"past_due", "unpaid", "canceled"})  # where an unpaid invoice says since when


class UnknownState(Refused):
    """Stripe has a state that the table does not know."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the judgement must know of a subscription. All moments are aware.

    `paid_until` is the end of the last period that was paid for, `unpaid_since` when the oldest invoice that a card
    was declined for became final.
    """

    status: str
    started_at: datetime
    period_start: datetime
    period_end: datetime
    cancel_at: datetime | None = None
    cancel_at_period_end: bool = False
    ended_at: datetime | None = None
    unpaid_since: datetime | None = None
    paid_until: datetime | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    """What the licence is to say."""

    starts_at: datetime
    ends_at: datetime
    suspended: bool


def base_standing(status: str) -> Standing:
    """The standing that a state means before the clock is asked. Raises `UnknownState`."""
    try:
        return STANDING_OF[status]
    except KeyError:
        raise UnknownState(f"Stripe says {status!r}, which our table does not know.") from None


def standing(facts: Facts, at: datetime) -> Standing:
    """How it stands at this moment: grace that has run out is a suspension, with no job to flip it."""
    found = base_standing(facts.status)
    if found is Standing.GRACE and at >= _grace_end(facts):
        return Standing.SUSPENDED
    return Standing.PAUSED if found.gives_access and facts.paused and at >= _rests_from(facts) else found


def _rests_from(facts: Facts) -> datetime:
    """While nothing is collected, what was paid for is read to its end, and no further."""
    return facts.paid_until or facts.period_start


def grace_until(facts: Facts) -> datetime | None:
    """When full access ends unless somebody pays; None where nothing is owed."""
    return _grace_end(facts) if base_standing(facts.status) is Standing.GRACE else None


def _grace_end(facts: Facts) -> datetime:
    """Counted from the first decline, so retries do not move it; never before the end of what is paid."""
    first = facts.unpaid_since or facts.period_start
    return _not_after(max(first + GRACE, facts.paid_until or first), facts.cancel_at)


def ending(facts: Facts) -> datetime | None:
    """The moment a cancellation takes effect, or None while it renews."""
    if facts.cancel_at is not None:
        return facts.cancel_at
    return facts.period_end if facts.cancel_at_period_end else None


def right(facts: Facts) -> Right | None:
    """What the licence says: None for nothing ever paid."""
    found = base_standing(facts.status)
    if found is Standing.PENDING or facts.status == "incomplete_expired":
        return None
    ends = max(_end(facts, found), facts.started_at)
    return Right(facts.started_at, ends, suspended=found is Standing.SUSPENDED)


class After(StrEnum):
    """What becomes of the right when the money for it went back. By plan, in the catalogue."""

    NOW = "now"
    PERIOD_END = "period_end"
    KEEP = "keep"


class Claim(StrEnum):
    """What a dispute means for the right, in our words."""

    NONE = "none"
    HELD = "held"
    LOST = "lost"


# Statuses: https://docs.stripe.com/api/disputes/object#dispute_object-status. An inquiry takes no money yet.
CLAIM_OF = {
    "warning_needs_response": Claim.NONE,
    "warning_under_review": Claim.NONE,
    "warning_closed": Claim.NONE,
    "needs_response": Claim.HELD,
    "under_review": Claim.HELD,
    "appeal_needs_response": Claim.HELD,
    "appeal_under_review": Claim.HELD,
    "prevented": Claim.NONE,
    "won": Claim.NONE,
    "lost": Claim.LOST,
}
OVER = frozenset({"won", "lost", "warning_closed", "prevented"})
TO_ANSWER = frozenset({"warning_needs_response", "needs_response", "appeal_needs_response"})


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken back of the money for a right: a dispute is open; one was lost, opened at that moment; all that
    was paid for the running period went back at that moment."""

    held: bool = False
    lost_at: datetime | None = None
    refunded_at: datetime | None = None


def claim(status: str) -> Claim:
    """What a dispute in this state means. Raises `UnknownState`."""
    try:
        return CLAIM_OF[status]
    except KeyError:
        raise UnknownState(f"Stripe says a dispute is {status!r}, which our table does not know.") from None


def ends_by(taken: Taken, *, refunded: After, lost: After) -> After:
    """What the policies make of it: the harder one counts."""
    asked = {refunded if taken.refunded_at else After.KEEP, lost if taken.lost_at else After.KEEP}
    return next(each for each in (After.NOW, After.PERIOD_END, After.KEEP) if each in asked)


def after_taking(found: Right, taken: Taken, *, period_end: datetime, refunded: After, lost: After) -> Right:
    """The right that is left: at rest while a dispute is open, ended when the policy says so."""
    ends = found.ends_at
    for policy, moment in ((refunded, taken.refunded_at), (lost, taken.lost_at)):
        if moment is not None and policy is not After.KEEP:
            ends = min(ends, moment if policy is After.NOW else period_end)
    return Right(found.starts_at, max(ends, found.starts_at), suspended=found.suspended or taken.held)


def _end(facts: Facts, found: Standing) -> datetime:
    if facts.paused and found.gives_access:
        return _not_after(_rests_from(facts), ending(facts))
    if found is Standing.GRACE:
        return _grace_end(facts)
    if found is Standing.ENDED:
        return _ended(facts)
    return ending(facts) or facts.period_end + SLACK


def _ended(facts: Facts) -> datetime:
    """When Stripe gave up after declines, access had ended with the grace."""
    ended = facts.ended_at or facts.period_end
    return ended if facts.unpaid_since is None else min(ended, _grace_end(facts))


def _not_after(moment: datetime, bound: datetime | None) -> datetime:
    return moment if bound is None else min(moment, bound)


# What is paid once: a Checkout's state and its payment's, and whether that gives the right. What is not here gives none.
PAID_ONCE = {
    ("open", "unpaid"): Standing.PENDING,
    ("expired", "unpaid"): Standing.PENDING,
    ("complete", "unpaid"): Standing.PENDING,  # a method that takes days
    ("complete", "paid"): Standing.ACTIVE,
    ("complete", "no_payment_required"): Standing.ACTIVE,
}


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """What the judgement must know of what is paid once. `lasts` None: for good.

    `paid_at` None: the money has not come. `taken_back_at`: when all of it had gone back, refunded or by the bank.
    `held`: the bank is asked for it.
    """

    status: str
    payment_status: str
    paid_at: datetime | None
    lasts: timedelta | None
    taken_back_at: datetime | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class PurchaseRight:
    """What the licence of a purchase is to say. `ends_at` None: without end."""

    starts_at: datetime
    ends_at: datetime | None
    suspended: bool = False


def purchase_right(facts: PurchaseFacts) -> PurchaseRight | None:
    """What the licence says: None for what was never paid. All of the money back ends it."""
    found = PAID_ONCE.get((facts.status, facts.payment_status), Standing.PENDING)
    if found is Standing.PENDING or facts.paid_at is None:
        return None
    end = None if facts.lasts is None else facts.paid_at + facts.lasts
    if facts.taken_back_at is not None:
        back = max(facts.taken_back_at, facts.paid_at)
        end = back if end is None else min(end, back)
    return PurchaseRight(facts.paid_at, end, suspended=facts.held)

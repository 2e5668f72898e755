"""Leaving, with a reason for whoever wants to give one; and an offer to come back, once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.accounts.models import User
from newsroom.billing import actions, outbox
from newsroom.billing.catalogue import catalogue
from newsroom.billing.changing.held import CannotChange, held, release
from newsroom.billing.gateway import Body
from newsroom.billing.models import Account, WinBack
from newsroom.billing.promotions import Coupon
from newsroom.core import audit
from newsroom.core.audit import Actor

REASONS = {  # as Stripe keeps them: https://docs.stripe.com/api/subscriptions/object#subscription_object-cancellation_details
    "too_expensive": gettext_lazy("It costs too much"),
    "unused": gettext_lazy("I do not read it enough"),
    "low_quality": gettext_lazy("The stories are not what I expected"),
    "missing_features": gettext_lazy("Something is missing"),
    "switched_service": gettext_lazy("I read something else now"),
    "customer_service": gettext_lazy("I was not served well"),
    "too_complex": gettext_lazy("It is too complicated"),
    "other": gettext_lazy("Another reason"),
}
LONGEST_COMMENT = 500
OFFER_HOLDS = timedelta(days=60)


def cancel(*, user: User, reason: str = "", comment: str = "", by: Actor, at: datetime) -> None:
    """No further payment; what is paid for is kept. Planned changes fall away, and a pause ends with it.

    Raises `NoSubscription`, `CannotChange` for a reason that is none.
    """
    if reason and reason not in REASONS:
        raise CannotChange(_("Please choose one of the reasons shown, or none."))
    subscription = held(user)
    release(subscription, by=by, at=at)
    details: Body = {"feedback": reason} if reason else {}
    details |= {"comment": comment.strip()[:LONGEST_COMMENT]} if comment.strip() else {}
    actions.cancel_at_period_end(user=user, by=by, at=at, details=details or None)


def offer_for(account: Account | None, at: datetime) -> Coupon | None:
    """What a reader who left may have, once; None for who has a subscription, never had one, or had the offer."""
    coupon = catalogue().win_back
    if account is None or coupon is None or account.subscriptions.live().exists():
        return None
    left = account.subscriptions.filter(status="canceled", duplicate=False, paid_until__isnull=False)
    made = WinBack.objects.filter(account=account).first()
    if not left.exists() or (made and at - made.offered_at > OFFER_HOLDS):
        return None
    used = made and account.subscriptions.filter(started_at__gt=made.offered_at).exists()
    return None if used else coupon


def win_back(*, user: User, lookup_key: str, by: Actor, at: datetime) -> str:
    """The address of a Checkout with the reader's own offer. Raises `CannotChange`, `NotForSale`, `Declined`."""
    account = Account.objects.of_user(user.pk).first()
    coupon = offer_for(account, at)
    if account is None or coupon is None:
        raise CannotChange(_("This offer is no longer there for you."))
    made = WinBack.objects.filter(account=account).first() or _made(account, coupon, by, at)
    return actions.open_checkout(
        user=user, lookup_key=lookup_key, next_path="", by=by, at=at, promotion=made.promotion_ref
    )


def _made(account: Account, coupon: Coupon, by: Actor, at: datetime) -> WinBack:
    """A promotion code for this customer alone, to be used once."""
    params = {
        "promotion": {"type": "coupon", "coupon": coupon.code},
        "customer": account.stripe_customer_id,
        "max_redemptions": 1,
        "expires_at": int((at + OFFER_HOLDS).timestamp()),
        "metadata": {"account": str(account.pk)},
    }
    with transaction.atomic():
        held_ = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
        call = outbox.ask(operation="promotion_code.create", params=params, account=held_, at=at)
        audit.record("billing.win_back_offered", by=by, of=account, at=at, facts={"coupon": coupon.code})
    answer = outbox.send(call=call, at=at)
    return WinBack.objects.get_or_create(account=account, defaults={"promotion_ref": answer["id"], "offered_at": at})[0]

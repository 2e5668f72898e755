"""What is looked up before something is sold once."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.billing.models import Subscription
from newsroom.billing.purchases.errors import AlreadyYours, NotSold
from newsroom.billing.states import standing
from newsroom.licensing.models import LicenceVersion
from newsroom.licensing.querysets import LicenceVersionQuerySet
from newsroom.licensing.rules import Source, Use
from newsroom.wire.models import Item, Release
from newsroom.wire.rules import Signal, Tier


def on_sale(item: Item, at: datetime) -> Release:
    """The release that is sold now. Raises `NotSold` for a story that is withdrawn, over, not out yet or not shown."""
    head = item.head
    gone = head is None or head.signal in {Signal.KILL, Signal.WITHHOLD} or head.public_tier == Tier.NOTHING
    if head is None or gone or (head.expires_at is not None and head.expires_at <= at):
        raise NotSold(_("This story is not sold."))
    if head.embargo_until is not None and head.embargo_until > at:
        raise NotSold(_("This story is not out yet."))
    return head


def may_buy_day_pass(*, user: User, at: datetime) -> None:
    """Raises `AlreadyYours` for who reads everything anyway."""
    held = Subscription.objects.of_user(user.pk).live().first()
    if held is not None and standing(held.facts, at).gives_access:
        raise AlreadyYours(_("Your subscription opens every story already."))
    if _running(user, at).filter(licence__source=Source.DAY_PASS).exists():
        raise AlreadyYours(_("Your day pass still runs."))


def may_buy_reading(*, user: User, item: Item, at: datetime) -> None:
    """Raises `AlreadyYours` for who has bought this story before."""
    if _running(user, at).filter(licence__source=Source.STORY, item_ids__contains=[item.pk]).exists():
        raise AlreadyYours(_("This story is yours already."))


def _running(user: User, at: datetime) -> LicenceVersionQuerySet:
    now = LicenceVersion.objects.recorded(at).filter(licence__user=user, uses__contains=[Use.READ], suspended=False)
    return now.filter(starts_at__lte=at).filter(Q(ends_at=None) | Q(ends_at__gt=at))

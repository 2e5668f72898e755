"""Gift links: a reader gives one story to so many others, for so long. Whether they may is asked by `access.giving`."""

import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.accounts.visitors import digest, new_id
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused
from newsroom.licensing import actions
from newsroom.licensing.models import Bearer, Counter, Gift
from newsroom.licensing.rules import Limits, Period, Quota, Source, Use
from newsroom.licensing.terms import BadTerms
from newsroom.wire.models import Item

DAYS, VIEWS = 7, 10
MOST_DAYS, MOST_VIEWS = 30, 100
CLAUSE = "A gift: this one story, for so many readers."


class GiftsSpent(Refused):
    """The person has given as many stories as they may this month."""

    status = 429


class State(StrEnum):
    """How a gift stands."""

    OPEN = "open"
    SPENT = "spent"
    REVOKED = "revoked"
    EXPIRED = "expired"


def left(*, giver: User, at: datetime, a_month: int) -> int:
    """How many links this person may still make this month (UTC)."""
    begins = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return max(0, a_month - Gift.objects.filter(giver=giver, made_at__gte=begins).count())


@transaction.atomic
def give(
    *,
    giver: User,
    item: Item,
    by: Actor,
    at: datetime,
    a_month: int | None,
    days: int = DAYS,
    views: int = VIEWS,
) -> tuple[Gift, str]:
    """Make a link; answers the token, which is kept nowhere and shown once. `a_month` None: as many as they like.

    Raises `GiftsSpent`, or `BadTerms` on `days` or `views`.
    """
    if not 1 <= days <= MOST_DAYS:
        raise BadTerms("days", _("Between 1 and %(most)s days.") % {"most": MOST_DAYS})
    if not 1 <= views <= MOST_VIEWS:
        raise BadTerms("views", _("Between 1 and %(most)s readers.") % {"most": MOST_VIEWS})
    User.objects.select_for_update(of=("self",)).get(pk=giver.pk)  # their links are counted one after the other
    if a_month is not None and not left(giver=giver, at=at, a_month=a_month):
        raise GiftsSpent(_("You have given as many stories as you can this month."))
    token, ends_at = new_id(), at + timedelta(days=days)
    quota = Quota(Use.READ, views, Period.TERM, counts_readers=True)
    licence = actions.start(
        source=Source.GIFT,
        source_ref=f"gift-{secrets.token_hex(8)}",
        holder=Bearer(digest(token)),
        uses=[Use.READ],
        products=(),
        items=[item],
        starts_at=at,
        ends_at=ends_at,
        clause=CLAUSE,
        limits=Limits(quotas=(quota,)),
        by=by,
        at=at,
    )
    gift = Gift.objects.create(licence=licence, giver=giver, item=item, views=views, made_at=at, expires_at=ends_at)
    return gift, token


@transaction.atomic
def revoke(*, gift: Gift, by: Actor, at: datetime) -> None:
    """The link opens nothing from now on, for nobody. One that is over already stays as it is."""
    gift = Gift.objects.select_for_update(of=("self",)).select_related("licence").get(pk=gift.pk)
    if gift.revoked_at is None and at < gift.expires_at:
        Gift.objects.filter(pk=gift.pk).update(revoked_at=at)
        actions.end(licence=gift.licence, by=by, at=at, why="revoked by its giver")


def with_views(gifts: QuerySet[Gift]) -> QuerySet[Gift]:
    """The gifts, each with how many readers it had as `used`."""
    used = Counter.objects.filter(licence=OuterRef("licence")).values("used")[:1]
    return gifts.annotate(used=Coalesce(Subquery(used), Value(0)))


def of_token(token: str) -> Gift | None:
    """The gift that this token opens or opened."""
    return Gift.objects.select_related("item").filter(licence__bearer=digest(token)).first()


def shown(*, bearers: Collection[str], item_id: int) -> Gift | None:
    """The newest gift of this story among those a reader shows, with `used`."""
    found = Gift.objects.filter(licence__bearer__in=bearers, item_id=item_id)
    return with_views(found).order_by("-made_at", "-pk").first()


def state_of(gift: Gift, at: datetime) -> State:
    """How this gift stands. Takes it `with_views`."""
    if gift.revoked_at is not None:
        return State.REVOKED
    if at >= gift.expires_at:
        return State.EXPIRED
    return State.SPENT if gift.used >= gift.views else State.OPEN  # type: ignore[attr-defined]  # of with_views

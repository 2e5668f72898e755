"""Reminders before a renewal and before a trial's end, as many days before as the country's row says. Each once."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from newsroom.accounts.readers import present
from newsroom.billing.catalogue import catalogue
from newsroom.billing.effects.people import payer
from newsroom.billing.law.countries import OTHERS, TABLE, row_of
from newsroom.billing.models import Subscription
from newsroom.billing.states import ending
from newsroom.core import mail


def horizon() -> timedelta:
    """The longest time before which anybody is reminded."""
    rows = (*TABLE.values(), OTHERS)
    days = [day for row in rows for each in (*row.renewal.values(), row.trial) for day in each]
    return timedelta(days=max(days))


def remind(*, at: datetime) -> int:
    """Everybody whose time has come is reminded. How many mails were due; one sent before is not sent again."""
    soon = Subscription.objects.live().filter(
        status__in=("active", "trialing"),
        account__user__isnull=False,
        current_period_end__gt=at,
        current_period_end__lte=at + horizon(),
    )
    return sum(_remind(each, at) for each in soon.select_related("account__user").order_by("pk"))


def _remind(held: Subscription, at: datetime) -> int:
    """The nearest of the days that have come; an earlier one that was missed is not made up for."""
    if ending(held.facts) is not None:
        return 0
    row = row_of(held.account.country)
    trial = held.status == "trialing"
    days = row.trial if trial else row.renewal.get(held.interval, ())
    come = [day for day in days if at >= held.current_period_end - timedelta(days=day)]
    if not come:
        return 0
    _post(held, "plan_trial_ending" if trial else "renewal_coming", min(come), at)
    return 1


def _post(held: Subscription, kind: str, days: int, at: datetime) -> None:
    person, plan = present(payer(held.account)), catalogue().plan(held.plan)
    context: dict[str, Any] = {
        "name": person.first_name,
        "plan": plan.name(person.locale) if plan else held.plan,
        "price": held.price,
        "interval": held.interval,
        "renews_at": held.current_period_end,
        "account_url": settings.BASE_URL + reverse("subscription"),
        "cancel_url": settings.BASE_URL + reverse("cancel_contract"),
    }
    key = f"{kind}:{held.stripe_id}:{held.current_period_end:%Y-%m-%d}:{days}"
    mail.post(key=key, to=person.email, kind=kind, locale=person.locale, context=context, at=at)

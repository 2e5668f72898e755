"""Tags about money that pages and mails share."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language

from newsroom.accounts.models import User
from newsroom.billing.models import Subscription
from newsroom.billing.states import Standing, standing
from newsroom.core.clock import now
from newsroom.core.money import SIGNS, Money, exponent

register = template.Library()
SIGN_LAST = {"ar", "fr"}  # CLDR: "9,90 €", where others write "€9.90"
NO_BREAK = "\u00a0"


@register.filter
def money(sum_: Money) -> str:
    """An amount as the reader's language writes it: `€9.90`, `9,90 €`."""
    digits = formats.number_format(abs(sum_.amount), exponent(sum_.currency), use_l10n=True, force_grouping=True)
    sign = SIGNS.get(sum_.currency)
    minus = "-" if sum_.minor < 0 else ""
    if sign is None or (get_language() or "en").split("-")[0] in SIGN_LAST:
        return f"{minus}{digits}{NO_BREAK}{sign or sum_.currency.upper()}"
    return f"{minus}{sign}{digits}"


@register.inclusion_tag("components/grace_banner.html", takes_context=True)
def grace_banner(context: dict[str, Any]) -> dict[str, Any]:
    """Says that a payment is open, and until when reading goes on. No query for who is not signed in, one otherwise."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if not isinstance(user, User):  # resolves the lazy user: an anonymous reader has no session and costs nothing
        return {"standing": ""}
    held = Subscription.objects.of_user(user.pk).live().filter(status__in=("past_due", "unpaid", "paused")).first()
    if held is None:
        return {"standing": ""}
    found = standing(held.facts, now())
    return {
        "standing": str(found),
        "grace_until": held.grace_until if found is Standing.GRACE else None,
        "elsewhere": getattr(request, "path", "") != reverse("subscription"),
    }


@register.simple_tag
def querystring_for(**parts: str) -> str:
    """The parts that say something, encoded."""
    return urlencode({name: value for name, value in parts.items() if value})


@register.simple_tag
def sign_up_for(lookup_key: str, next_path: str) -> str:
    """Where a stranger makes an account, and from where he comes back to this price."""
    back = reverse("pricing") + "?" + querystring_for(price=lookup_key, next=next_path)
    return f"{reverse('account_signup')}?{urlencode({'next': back})}"


@register.simple_tag
def sign_up_for_day_pass(currency: str, next_path: str) -> str:
    """Where a stranger makes an account, and from where he comes back to the day pass."""
    back = f"{reverse('pricing')}?{querystring_for(currency=currency, next=next_path)}#day-pass"
    return f"{reverse('account_signup')}?{urlencode({'next': back})}"

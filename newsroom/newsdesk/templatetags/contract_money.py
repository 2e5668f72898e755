"""How pages about the money of contracts say what planning and Stripe say."""

from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from newsroom.billing.invoicing.planning import Wish
from newsroom.core.money import Money
from newsroom.licensing.contracts.dates import last_day as before

register = template.Library()
STATES: dict[str, Any] = {
    "draft": _("draft"),
    "open": _("open"),
    "paid": _("paid"),
    "void": _("void"),
    "uncollectible": _("given up on"),
}


@register.filter
def amount(wish: Wish) -> Money:
    """What is to be billed or credited, with its sign."""
    return Money(wish.minor, wish.span.share.whole.currency)


@register.filter
def last_day(until: date) -> date:
    return before(until)


@register.filter
def invoice_state(status: str) -> Any:
    return STATES.get(status, status)

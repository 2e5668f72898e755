"""How figures of money are shown."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import formats

from newsroom.billing.templatetags.billing import money
from newsroom.core.money import Money
from newsroom.core.templatetags.components import day

register = template.Library()


@register.simple_tag
def figure(amount: int, currency: str, is_money: bool = True) -> str:
    """An amount as the language writes it, or a number of things."""
    if is_money and currency:
        return money(Money(amount, currency))
    return formats.number_format(amount, use_l10n=True, force_grouping=True)


@register.filter
def cell(value: Any) -> Any:
    """A cell of a row: a day as a day, nothing as nothing, words and numbers as they are."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return money(value)
    if isinstance(value, datetime):
        return day(value)
    return formats.date_format(value, "j F Y") if isinstance(value, date) else value

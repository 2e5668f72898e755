"""Fields in which people write money and percent, and which hold whole minor units and basis points."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from newsroom.core.money import Money, exponent


def minor_of(amount: Decimal, currency: str) -> int:
    """Whole minor units. Raises `ValidationError` for digits that this currency does not have."""
    scaled = amount.scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise ValidationError(
            _("%(currency)s has %(digits)s digits after the point.")
            % {"currency": currency.upper(), "digits": exponent(currency)}
        )
    return int(scaled)


def basis_points_of(percent: Decimal) -> int:
    """Basis points of a percentage with two digits at most, which the field has checked."""
    return int(percent.scaleb(2))


class Percent(forms.DecimalField):
    """0 to 100, two digits after the point."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 100, "max_digits": 5, "decimal_places": 2} | facts)


class Price(forms.DecimalField):
    """An amount in major units."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**{"min_value": 0, "max_digits": 14, "decimal_places": 3} | facts)


def shown(amount: Money) -> Decimal:
    """The amount as a field shows it."""
    return amount.amount

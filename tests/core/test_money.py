from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.core.money import EXPONENTS, Money, exponent


def test_money_is_written_with_the_digits_its_currency_has():
    shown = [str(Money(1999, code)) for code in ("eur", "jpy", "kwd", "chf")]
    assert shown == ["€19.99", "¥1,999", "1.999 KWD", "19.99 CHF"]
    assert str(Money(-5, "try")) == "-₺0.05"


@given(st.integers(-(10**12), 10**12), st.sampled_from(["eur", *EXPONENTS]))
def test_no_minor_unit_is_lost_on_the_way_to_a_decimal(minor, currency):
    assert Money(minor, currency).amount * Decimal(10) ** exponent(currency) == minor


def test_two_currencies_are_never_added():
    with pytest.raises(ValueError, match="eur with usd"):
        Money(1, "eur") + Money(1, "usd")
    assert Money(5, "eur") + Money(7, "eur") - Money(2, "eur") == Money(10, "eur")


@pytest.mark.parametrize("code", ["EUR", "euro", ""])
def test_a_currency_is_three_letters_in_lower_case(code):
    with pytest.raises(ValueError, match="currency code"):
        Money(1, code)

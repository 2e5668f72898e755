"""Rounding in minor units: https://docs.stripe.com/currencies#zero-decimal, #three-decimal."""

from decimal import ROUND_HALF_UP, Decimal

THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})


def rounded(exact: Decimal, currency: str) -> int:
    """The nearest amount that a card can be charged; where a currency has three decimals the last one is 0."""
    step = Decimal(10) if currency in THREE_DECIMAL else Decimal(1)
    return int((exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step)


def share(amount: int, part: int, whole: int, currency: str) -> int:
    """So much of the amount as `part` seconds are of `whole`."""
    return rounded(Decimal(amount) * part / whole, currency) if whole else 0


def percentage(amount: int, percent: object, currency: str) -> int:
    """So many hundredths of the amount. `percent` as JSON has it, read exactly."""
    return rounded(Decimal(amount) * Decimal(str(percent)) / 100, currency)

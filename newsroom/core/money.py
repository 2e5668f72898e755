"""Money is integer minor units with a currency; never a float."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

# ISO 4217 exponents that are not 2 (https://docs.stripe.com/currencies#zero-decimal).
EXPONENTS = {
    "bif": 0, "clp": 0, "djf": 0, "gnf": 0, "jpy": 0, "kmf": 0, "krw": 0, "mga": 0, "pyg": 0, "rwf": 0,
    "vnd": 0, "vuv": 0, "xaf": 0, "xof": 0, "xpf": 0, "bhd": 3, "jod": 3, "kwd": 3, "omr": 3, "tnd": 3,
}  # fmt: skip
SIGNS = {"eur": "€", "usd": "$", "gbp": "£", "try": "₺", "jpy": "¥"}


def exponent(currency: str) -> int:
    """How many digits stand behind the point: 0, 2 or 3."""
    return EXPONENTS.get(currency.lower(), 2)


@dataclass(frozen=True, slots=True)
class Money:
    """Money(1999, "eur") is €19.99."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or self.currency != self.currency.lower():
            raise ValueError(f"{self.currency!r} is not a currency code in lower case")

    def _check(self, other: Self) -> None:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} with {other.currency}")

    def __add__(self, other: Self) -> Self:
        self._check(other)
        return type(self)(self.minor + other.minor, self.currency)

    def __sub__(self, other: Self) -> Self:
        self._check(other)
        return type(self)(self.minor - other.minor, self.currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exactly."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __str__(self) -> str:
        digits = f"{abs(self.amount):,.{exponent(self.currency)}f}"
        sign = "-" if self.minor < 0 else ""
        mark = SIGNS.get(self.currency)
        return f"{sign}{mark}{digits}" if mark else f"{sign}{digits} {self.currency.upper()}"

"""Which rates price a line, what a discount is, what a quote comes to. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newsroom.core.money import Money
from newsroom.licensing.lines import Line

WHOLE = 10_000
"""Basis points in the whole."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a rate card, as pricing needs it. `product` empty: every product. Empty fields: any."""

    pk: int
    price: Money
    product: str
    uses: frozenset[str]
    interval: str
    countries: frozenset[str]
    language: str
    audience_from: int
    audience_to: int | None


@dataclass(frozen=True, slots=True)
class For:
    """For whom a line is priced."""

    country: str
    audience: int
    language: str


@dataclass(frozen=True, slots=True)
class Priced:
    """The list price of a line, and the rows it came from: one for each product."""

    price: Money
    rows: tuple[int, ...]


def price(line: Line, rows: Sequence[Row], whom: For) -> Priced | None:
    """The list price of a line; None when a product of it stands on no row. `rows`: those valid at the moment."""
    chosen = [_best(rows, product, line, whom) for product in sorted(line.products) or [""]]
    found = [row for row in chosen if row is not None]
    if len(found) < len(chosen):
        return None
    return Priced(
        Money(sum(row.price.minor for row in found), line.price.currency), tuple(sorted(row.pk for row in found))
    )


def _best(rows: Sequence[Row], product: str, line: Line, whom: For) -> Row | None:
    fitting = [row for row in rows if row.product == product and _fits(row, line, whom)]
    return min(fitting, key=_preference, default=None)


def _fits(row: Row, line: Line, whom: For) -> bool:
    return (
        row.price.currency == line.price.currency
        and row.interval == line.interval
        and row.uses >= set(line.uses)
        and (not row.countries or whom.country in row.countries)
        and row.language in {"", whom.language}
        and row.audience_from <= whom.audience
        and (row.audience_to is None or whom.audience < row.audience_to)
    )


def _preference(row: Row) -> tuple[int, int, int, int, int]:
    """The most particular row first: country before region before everywhere, its language, the fewest uses."""
    return (-rank(row.countries), 0 if row.language else 1, len(row.uses), row.price.minor, row.pk)


def rank(countries: Iterable[str]) -> int:
    """0 for everywhere, 1 for a group of countries, 2 for one country."""
    return min(1, (size := len(set(countries)))) + (size == 1)


def discounted(listed: Money, discount: int) -> Money:
    """The list price less so many basis points, rounded to the whole minor unit in the customer's favour."""
    return Money(listed.minor - -(-listed.minor * discount // WHOLE), listed.currency)


def discount_of(listed: Money, price: Money) -> int:
    """How many basis points lie between list price and price, rounded up; a price above the list is none."""
    if listed.minor <= 0 or price.minor >= listed.minor:
        return 0
    return -(-(listed.minor - price.minor) * WHOLE // listed.minor)


def totals(lines: Iterable[Line]) -> dict[str, Money]:
    """The sum of the lines for each interval: what is paid each month, quarter, year, and once."""
    found: dict[str, Money] = {}
    for line in lines:
        found[line.interval] = found[line.interval] + line.price if line.interval in found else line.price
    return found

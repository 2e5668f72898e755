"""A contract as pages show it: what it says now, in words, and what comes next."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from newsroom.core.money import Money
from newsroom.licensing.contracts.book import Book, today
from newsroom.licensing.contracts.prices import Due, a_year, each_interval, schedule
from newsroom.licensing.contracts.rules import OVER, Happening, State
from newsroom.licensing.contracts.terms import Agreed
from newsroom.licensing.contracts.words import line_in_words, price_in_words, terms_in_words
from newsroom.licensing.models import Contract, ContractVersion, DeletionDuty
from newsroom.wire.models import Product


@dataclass(frozen=True, slots=True)
class ShownLine:
    key: int
    title: str
    words: list[str]
    clause: str
    price: str


@dataclass(frozen=True, slots=True)
class Shown:
    """`now`: the lines in force, or those it begins with; `later`: from when on which lines hold instead.

    `notice`: the first day without, where notice stands; `ends_on`: the last day of a contract that ends, or ended.
    """

    contract: Contract
    state: State
    version: ContractVersion
    lines: list[ShownLine]
    later: list[tuple[date, list[ShownLine]]]
    terms: list[tuple[str, str]]
    totals: list[str]
    year: Money
    invoices: list[Due]
    renews: bool
    notice: date | None
    ended: date | None
    duty: DeletionDuty | None

    @property
    def over(self) -> bool:
        """Whether nothing of it holds any more."""
        return self.state in OVER


def shown(contract: Contract, at: datetime) -> Shown:
    """All a page needs, in a handful of queries."""
    book = Book.of(contract)
    names = dict(Product.objects.values_list("code", "name"))
    begun = [each for each in book.versions if each.valid_from <= at]
    version = begun[-1] if begun else book.versions[0]
    lines = version.agreed
    over = book.latest(Happening.EXPIRED, Happening.TERMINATED) if book.state in OVER else None
    return Shown(
        contract=contract,
        state=book.state_at(at),
        version=version,
        lines=shown_lines(lines, names),
        later=[
            (today(v.valid_from), shown_lines(v.agreed, names))
            for v in book.versions
            if v.valid_from > at and v != version
        ],
        terms=terms_in_words(replace(version.terms, auto_renew=book.renews), version),
        totals=[price_in_words(money, interval) for interval, money in each_interval(lines, contract.currency).items()],
        year=a_year(lines, contract.currency),
        invoices=[due for each in book.versions for due in schedule(each)],
        renews=book.renews,
        notice=book.notice,
        ended=today(over.effective) if over else None,
        duty=DeletionDuty.objects.filter(contract=contract, withdrawn_at=None).first(),
    )


def shown_lines(lines: tuple[Agreed, ...], names: dict[str, str]) -> list[ShownLine]:
    return [
        ShownLine(
            each.key,
            each.line.title,
            line_in_words(each.line, names),
            each.line.clause,
            price_in_words(each.line.price, each.line.interval),
        )
        for each in lines
    ]

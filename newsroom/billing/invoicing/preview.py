"""What a change of a contract's lines would be billed, before it is agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from newsroom.billing.invoicing.planning import Wish, agreed, due, plan
from newsroom.billing.invoicing.runs import billed, unpaid_days
from newsroom.billing.models import ContractBilling
from newsroom.licensing.contracts.book import Book
from newsroom.licensing.contracts.terms import Agreed


@dataclass(frozen=True, slots=True)
class Pretended:
    """A version as it would be."""

    number: int
    agreed: tuple[Agreed, ...]
    valid_days: tuple[date, date]
    anchor: date
    period_from: date
    interval: str


def preview(billing: ContractBilling, lines: Sequence[Agreed], since: date, interval: str) -> list[Wish]:
    """Credits and charges of the run of that day, were the contract changed to these lines from then on."""
    book = Book.of(billing.contract)
    last = book.last
    first, until = last.valid_days
    facts = (last.anchor, last.period_from)
    before = Pretended(last.number, last.agreed, (first, min(since, until)), *facts, last.interval)
    after = Pretended(last.number + 1, tuple(lines), (since, until), *facts, interval)
    wanted = agreed([*book.versions[:-1], before, after], unpaid_days(book), billing.billed_from)
    return due(plan(wanted, billed(billing.contract), arrears=billing.arrears), since)

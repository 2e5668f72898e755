"""One line of double entry. Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Line:
    """So much on this account of the ledger on this day: a debit above nothing, a credit below. Minor units."""

    day: date
    happening: str
    role: str
    currency: str
    amount: int
    paper: str
    number: str
    about: str  # the invoice, or the charge, whose matter it is

    @property
    def key(self) -> tuple[str, str, str, str, date]:
        return self.paper, self.happening, self.role, self.currency, self.day

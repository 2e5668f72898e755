"""What a contract says besides its lines, and what no contract can say. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from django.utils.translation import gettext as _

from newsroom.core.money import Money
from newsroom.licensing.contracts.rules import BadLine, BadTerm, Pause
from newsroom.licensing.lines import Line
from newsroom.licensing.terms import BadTerms, check_content, columns

MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
INTERVALS = (*MONTHS_OF, "once")
MOST_MONTHS = 120
MOST_NOTICE = 730
WHOLE = 10_000
"""A hundred percent in basis points."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Basis points: 250 is 2.5 %. `notice_days` before the end of a period, at the latest, a notice counts.

    `indexation`: by how much prices rise at each renewal, None for not at all; `cap`: at most this much, whatever the
    index says. `interval`: "month", "quarter" or "year", how often an invoice is due.
    """

    term_months: int = 12
    notice_days: int = 90
    auto_renew: bool = True
    indexation: int | None = None
    cap: int | None = None
    interval: str = "year"
    pause: str = Pause.CREDIT
    payment_days: int = 30

    def as_columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    def rise(self, index: int | None = None) -> int:
        """What is added at a renewal, in basis points: this index, or what was agreed, and at most the cap."""
        agreed = self.indexation if self.indexation is None or index is None else index
        if agreed is None:
            return 0
        return agreed if self.cap is None else min(agreed, self.cap)


TERM_NAMES = ("term_months", "notice_days", "auto_renew", "indexation", "cap", "interval", "pause", "payment_days")


@dataclass(frozen=True, slots=True)
class Agreed:
    """A line of a contract. `key` is its number in the contract, given once and never again; `since`: its first day."""

    key: int
    line: Line
    since: date

    def as_json(self) -> dict[str, Any]:
        return {"key": self.key, "since": self.since.isoformat(), "line": self.line.as_json()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(kept["key"], Line.from_json(kept["line"]), date.fromisoformat(kept["since"]))

    def risen(self, points: int) -> Self:
        """The same line at a price that is so many basis points higher, rounded to the nearest minor unit, halves up."""
        price = self.line.price
        minor = (price.minor * (WHOLE + points) * 2 + WHOLE) // (2 * WHOLE)
        return replace(self, line=replace(self.line, price=Money(minor, price.currency)))


def check_terms(terms: Terms) -> None:
    """Raises `BadTerm` on its field."""
    if not 1 <= terms.term_months <= MOST_MONTHS:
        raise BadTerm(_("A term is at least one month and at most ten years."), "term_months")
    if not 0 <= terms.notice_days <= MOST_NOTICE:
        raise BadTerm(_("A notice period is between 0 and %(most)s days.") % {"most": MOST_NOTICE}, "notice_days")
    if terms.auto_renew and terms.notice_days >= terms.term_months * 28:
        raise BadTerm(_("The notice period is longer than the term: nobody could ever leave."), "notice_days")
    if terms.indexation is not None and not 0 <= terms.indexation <= WHOLE:
        raise BadTerm(_("Prices rise by 0 to 100 percent."), "indexation")
    if terms.cap is not None and (terms.cap < 0 or terms.indexation is None):
        raise BadTerm(_("A cap limits an indexation and is not below nothing."), "cap")
    if terms.interval not in MONTHS_OF:
        raise BadTerm(_("Invoices are due each month, quarter or year."), "interval")
    if not 0 <= terms.payment_days <= 365:
        raise BadTerm(_("An invoice is paid within 0 to 365 days."), "payment_days")
    if terms.pause not in Pause.values:
        raise BadTerm(_("Suspended days are credited, or they move the end."), "pause")


def check_lines(lines: Iterable[Agreed], currency: str) -> None:
    """Raises `BadLine` on its field. `line-3.quotas`: the quotas of the line whose key is 3."""
    found = list(lines)
    if not found:
        raise BadLine(_("A contract has at least one line."), "lines")
    if len({each.key for each in found}) < len(found):
        raise BadLine(_("Two lines have the same number."), "lines")
    for each in found:
        check_line(each, currency)


def check_line(agreed: Agreed, currency: str) -> None:
    line, field = agreed.line, f"line-{agreed.key}"
    if not line.title.strip():
        raise BadLine(_("A line needs a title."), f"{field}.title")
    if line.price.minor < 0:
        raise BadLine(_("A price is not below nothing."), f"{field}.price")
    if line.price.currency != currency:
        raise BadLine(_("Every price is in the contract's currency."), f"{field}.price")
    if line.interval not in INTERVALS:
        raise BadLine(_("A price is for a month, a quarter, a year, or once."), f"{field}.interval")
    if not 0 <= line.discount <= WHOLE:
        raise BadLine(_("A discount is between 0 and 100 percent."), f"{field}.discount")
    content = {
        "uses": list(line.uses),
        "all_products": not line.products,
        "product_ids": list(line.products),
        "item_ids": [],
        "starts_at": agreed.since,
        "ends_at": None,
        "clause": line.clause.strip(),
    }
    try:
        check_content(content | columns(line.limits), field)
    except BadTerms as refusal:
        raise BadLine(str(refusal), f"{field}.{refusal.field}") from None

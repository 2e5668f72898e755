"""Who began to pay in a month, and how many of them, and how much of it, is still there months later."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from newsroom.billing.finance.months import end_of, first_of, next_month
from newsroom.billing.finance.movements import Span
from newsroom.billing.finance.reports.asking import Asked, Figure, Measure, Report, Row
from newsroom.billing.finance.reports.recurring import scope_of, spans
from newsroom.billing.models import Entry
from newsroom.billing.models.book import Happening

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Kept:
    """What one payer of a cohort had in one currency at the end of the month so many months after the first."""

    cohort: date
    holder: str
    currency: str
    after: int
    monthly: int


def first_paid() -> dict[str, date]:
    """The month of each payer's first payment."""
    paid = Entry.objects.filter(happening__in=(Happening.PAYMENT, Happening.TRANSFER), role__in=("stripe", "bank"))
    found = paid.values("account__user_id", "account__organisation_id").annotate(first=Min("day"))
    return {
        f"u{each['account__user_id']}"
        if each["account__user_id"]
        else f"o{each['account__organisation_id']}": first_of(each["first"])
        for each in found
    }


def kept(asked: Asked) -> list[Kept]:
    """Those with recurring money at an end of a month. The month that holds `at` is looked at now."""
    began, within = first_paid(), scope_of(asked)
    books: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for each in spans():
        cohort = began.get(each.holder)
        if cohort is not None and asked.first <= cohort <= asked.last and within(each):
            books[each.holder, each.currency].append(each)
    return [
        row
        for (holder, currency), book in sorted(books.items())
        for row in _of_holder(began[holder], holder, currency, book, asked)
    ]


def _of_holder(cohort: date, holder: str, currency: str, book: list[Span], asked: Asked) -> list[Kept]:
    found, month = [], cohort
    for after in range(MONTHS):
        at = min(end_of(month), asked.at)
        monthly = sum(each.monthly for each in book if each.covers(at))
        if monthly:
            found.append(Kept(cohort, holder, currency, after, monthly))
        month = next_month(month)
        if end_of(month) > asked.at and month > first_of(asked.at.date()):
            break
    return found


class _Cohorts(Report):
    group_label = _("first payment in")
    head = (_("first payment in"), _("months later"))
    filters = ("first", "last", "currency", "country", "product")
    up = ("0",)

    def amount(self, kept: Kept) -> int:
        raise NotImplementedError

    def found(self, asked: Asked) -> list[Kept]:
        return kept(asked)

    def figures(self, asked: Asked) -> list[Figure]:
        sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(self.measures, 0))
        for each in self.found(asked):
            sums[each.currency, f"{each.cohort:%Y-%m}"][str(each.after)] += self.amount(each)
        return [Figure(currency, group, group, values) for (currency, group), values in sorted(sums.items())]

    def rows(self, asked: Asked, currency: str, group: str, measure: str) -> Sequence[Any]:
        wanted = (currency, group, measure)
        found = [
            each for each in self.found(asked) if (each.currency, f"{each.cohort:%Y-%m}", str(each.after)) == wanted
        ]
        return [Row(each.holder, (f"{each.cohort:%Y-%m}", each.after), self.amount(each)) for each in found]


class CohortsOfPayers(_Cohorts):
    name = "cohorts"
    title = _("Cohorts")
    says = _("Of those who first paid in a month: how many still pay at the end of it, one month later, two …")
    measures = {str(after): Measure(f"+{after}", money=False) for after in range(MONTHS)}

    def found(self, asked: Asked) -> list[Kept]:
        """A payer in two currencies is one payer."""
        seen = {(each.cohort, each.holder, each.after): replace(each, currency="") for each in kept(asked)}
        return list(seen.values())

    def amount(self, kept: Kept) -> int:
        return 1


class CohortsInMoney(_Cohorts):
    name = "cohorts-in-money"
    title = _("Cohorts in money")
    says = _("Of those who first paid in a month: what recurs of them at the end of it, one month later, two …")
    measures = {str(after): Measure(f"+{after}") for after in range(MONTHS)}

    def amount(self, kept: Kept) -> int:
        return kept.monthly

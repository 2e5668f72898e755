"""What a report is asked, and what it answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from newsroom.accounts.models import Organisation, User
from newsroom.billing.finance.months import months_between
from newsroom.billing.models import Account


@dataclass(frozen=True, slots=True)
class Asked:
    """From the first month to the last, each by its first day, as things stand at `at`. Empty: all of them."""

    first: date
    last: date
    at: datetime
    currency: str = ""
    country: str = ""
    product: str = ""
    a_year: bool = False

    @property
    def months(self) -> list[date]:
        return months_between(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of figures: minor units of the line's currency, or a number of things."""

    label: Any
    money: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of a report in one currency; without a currency it counts things. `values` by measure."""

    currency: str
    group: str
    label: str
    values: dict[str, int] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A row behind a figure. `amount` is what it adds to it. `holder`: "u17" or "o3"; words are found for a page."""

    holder: str
    cells: tuple[Any, ...]
    amount: int


class Report:
    """A report: figures by group and currency, and the rows behind each."""

    name: ClassVar[str]
    title: ClassVar[Any]
    says: ClassVar[Any]
    group_label: ClassVar[Any]
    measures: ClassVar[dict[str, Measure]]
    head: ClassVar[tuple[Any, ...]]  # of the rows, between customer and amount
    filters: ClassVar[tuple[str, ...]] = ("first", "last", "currency")
    up: ClassVar[tuple[str, ...]] = ()  # measures the plot draws above its ground
    down: ClassVar[tuple[str, ...]] = ()  # and below
    sums: ClassVar[bool] = True  # whether a measure's figures may be added up

    def figures(self, asked: Asked) -> list[Figure]:
        raise NotImplementedError

    def rows(self, asked: Asked, currency: str, group: str, measure: str) -> Sequence[Any]:
        """All rows behind this figure: a list, or a queryset that is cut into pages."""
        raise NotImplementedError

    def shown(self, page: Iterable[Any], measure: str) -> list[Row]:
        """The rows of a page in cells."""
        return list(page)

    def total(self, asked: Asked, currency: str, group: str, measure: str) -> int:
        """The figure itself."""
        found = (each for each in self.figures(asked) if (each.currency, each.group) == (currency, group))
        return next((each.values.get(measure, 0) for each in found), 0)


def holder_of(account: Account) -> str:
    return f"u{account.user_id}" if account.user_id else f"o{account.organisation_id}"


def names_of(holders: Iterable[str]) -> dict[str, str]:
    """What holders are called. Two queries."""
    wanted = set(holders)
    people = [int(each[1:]) for each in wanted if each.startswith("u")]
    houses = [int(each[1:]) for each in wanted if each.startswith("o")]
    found = {f"u{each.pk}": str(each) for each in User.objects.filter(pk__in=people)}
    return found | {f"o{pk}": name for pk, name in Organisation.objects.filter(pk__in=houses).values_list("pk", "name")}

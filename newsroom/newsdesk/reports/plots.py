"""A plot as the numbers a template draws: columns over the days or months of a period."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import formats

from newsroom.licensing.usage_reports.periods import Days
from newsroom.licensing.usage_reports.usage import DAYS_AS_DAYS

WIDTH, HEIGHT, GAP = 720, 120, 1


@dataclass(frozen=True, slots=True)
class Column:
    x: str
    y: int
    width: str
    height: int
    label: str
    uses: int


@dataclass(frozen=True, slots=True)
class Plot:
    """`columns` within `WIDTH` × `HEIGHT`; `most` and `total` for those who do not see them."""

    columns: tuple[Column, ...]
    most: int
    when: str
    total: int
    monthly: bool


def plot(days: Days, found: list[tuple[date, int]]) -> Plot:
    """One column a step, of a height in proportion; a step without uses has none."""
    monthly = days.length > DAYS_AS_DAYS
    steps, uses = _steps(days, monthly), dict(found)
    most, wide = max(uses.values(), default=0), WIDTH / len(steps)
    columns = [
        Column(f"{index * wide:.2f}", HEIGHT - tall, f"{max(wide - GAP, 0.5):.2f}", tall, _label(step, monthly), count)
        for index, step in enumerate(steps)
        for count in [uses.get(step, 0)]
        for tall in [round(count * HEIGHT / most) if most else 0]
    ]
    when = next((each.label for each in columns if each.uses == most), "")
    return Plot(tuple(columns), most, when, sum(uses.values()), monthly)


def _steps(days: Days, monthly: bool) -> list[date]:
    if not monthly:
        return [days.first + timedelta(days=number) for number in range(days.length)]
    steps = [days.first.replace(day=1)]
    while (after := steps[-1] + timedelta(days=monthrange(steps[-1].year, steps[-1].month)[1])) <= days.last:
        steps.append(after)
    return steps


def _label(step: date, monthly: bool) -> str:
    return formats.date_format(step, "F Y" if monthly else "j M Y")

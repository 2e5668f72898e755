"""A plot of a report as the numbers a template draws: columns above and below a ground. Whole numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsroom.billing.finance.reports import Figure, Report

WIDTH, HEIGHT = 7200, 1400
SHADES = 3  # how many kinds of column the style sheet tells apart


@dataclass(frozen=True, slots=True)
class Column:
    """A rectangle. `kind`: "up-1" … "up-3", "down-1" …; `amount` is what it stands for."""

    x: int
    y: int
    width: int
    height: int
    kind: str
    label: str
    measure: str
    amount: int
    money: bool


@dataclass(frozen=True, slots=True)
class Plot:
    columns: tuple[Column, ...]
    ground: int
    most: int
    when: str
    what: str
    money: bool
    keys: tuple[tuple[str, str], ...]  # kind of column, measure


def plot(report: Report, figures: Sequence[Figure]) -> Plot | None:
    """What the figures of one currency look like; None where there is nothing to draw."""
    heights = [(_sum(each, report.up), _sum(each, report.down)) for each in figures]
    above, below = max((up for up, _down in heights), default=0), max((down for _up, down in heights), default=0)
    if not above + below:
        return None
    ground = HEIGHT * above // (above + below)
    wide = WIDTH // len(figures)
    columns = [
        column
        for index, each in enumerate(figures)
        for column in _columns(report, each, index * wide, wide, ground, above + below)
    ]
    best = max(figures, key=lambda each: _sum(each, report.up + report.down))
    first = report.measures[(report.up or report.down)[0]]
    keys = [(f"up-{place}", str(report.measures[name].label)) for place, name in enumerate(report.up, 1)]
    keys += [(f"down-{place}", str(report.measures[name].label)) for place, name in enumerate(report.down, 1)]
    most = _sum(best, report.up + report.down)
    return Plot(tuple(columns), ground, most, best.label, str(first.label), first.money, tuple(keys))


def _sum(figure: Figure, names: Sequence[str]) -> int:
    return sum(abs(figure.values[name]) for name in names)


def _columns(report: Report, figure: Figure, x: int, wide: int, ground: int, whole: int) -> list[Column]:
    found, gap = [], wide // 8
    for side, names in (("up", report.up), ("down", report.down)):
        edge = ground
        for place, name in enumerate(names, 1):
            amount, money = figure.values[name], report.measures[name].money
            tall = abs(amount) * HEIGHT // whole
            y = edge - tall if side == "up" else edge
            edge = edge - tall if side == "up" else edge + tall
            if amount:
                label = str(report.measures[name].label)
                kind = f"{side}-{min(place, SHADES)}"
                found.append(Column(x + gap, y, wide - 2 * gap, max(tall, 6), kind, figure.label, label, amount, money))
    return found

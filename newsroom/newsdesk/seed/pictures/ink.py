"""Silhouettes: a pen that draws them, and shapes that can be handed around before they are drawn."""

from collections.abc import Callable, Iterable
from typing import Concatenate, ParamSpec

from PIL import Image, ImageDraw

FINE = 2  # silhouettes are drawn this much larger and reduced, which smooths their edges
Point = tuple[float, float]
Given = ParamSpec("Given")


class Pen:
    """Draws a silhouette in the canvas's own measures."""

    def __init__(self, mask: Image.Image, left: int, top: int) -> None:
        self._draw = ImageDraw.Draw(mask)
        self._left, self._top = left, top

    def _at(self, points: Iterable[Point]) -> list[Point]:
        return [((x - self._left) * FINE, (y - self._top) * FINE) for x, y in points]

    def shape(self, points: Iterable[Point], value: int = 255) -> None:
        self._draw.polygon(self._at(points), fill=value)

    def box(self, left: float, top: float, right: float, bottom: float, value: int = 255) -> None:
        self._draw.rectangle(self._at([(left, top), (right, bottom)]), fill=value)

    def oval(self, x: float, y: float, rx: float, ry: float | None = None, value: int = 255) -> None:
        ry = rx if ry is None else ry
        self._draw.ellipse(self._at([(x - rx, y - ry), (x + rx, y + ry)]), fill=value)

    def pill(self, left: float, top: float, right: float, bottom: float, radius: float, value: int = 255) -> None:
        self._draw.rounded_rectangle(self._at([(left, top), (right, bottom)]), radius * FINE, fill=value)

    def line(self, points: Iterable[Point], width: float, value: int = 255) -> None:
        self._draw.line(self._at(points), fill=value, width=max(1, round(width * FINE)), joint="curve")


Painter = Callable[[Pen], object]


def by(paint: Callable[Concatenate[Pen, Given], object], *args: Given.args, **named: Given.kwargs) -> Painter:
    """The shape that a function draws, given everything but the pen."""
    return lambda pen: paint(pen, *args, **named)


def shape(points: Iterable[Point], value: int = 255) -> Painter:
    return by(Pen.shape, points, value)


def box(left: float, top: float, right: float, bottom: float, value: int = 255) -> Painter:
    return by(Pen.box, left, top, right, bottom, value)


def oval(x: float, y: float, rx: float, ry: float | None = None, value: int = 255) -> Painter:
    return by(Pen.oval, x, y, rx, ry, value)


def pill(left: float, top: float, right: float, bottom: float, radius: float, value: int = 255) -> Painter:
    return by(Pen.pill, left, top, right, bottom, radius, value)


def line(points: Iterable[Point], width: float, value: int = 255) -> Painter:
    return by(Pen.line, points, width, value)


def every(*parts: Painter | Iterable[Painter]) -> Painter:
    """All of these shapes as one, in their order."""

    def paint(pen: Pen) -> None:
        for part in parts:
            for each in [part] if callable(part) else part:
                each(pen)

    return paint

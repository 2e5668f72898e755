"""Motifs of the land."""

import math
from collections.abc import Callable

from newsroom.newsdesk.seed.pictures import ink
from newsroom.newsdesk.seed.pictures.canvas import HEIGHT, WIDTH, Canvas, down
from newsroom.newsdesk.seed.pictures.ink import Pen, Point
from newsroom.newsdesk.seed.pictures.palettes import mix


def mountains(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.disc(canvas.random.uniform(420, 1180), 330, 58, palette.light)
    canvas.cloud((4, 8), (30, 560), palette.light, floor=120, gain=2.4, opacity=0.4)
    for share, y, rough in ((0.06, 470, 150), (0.24, 590, 140), (0.44, 700, 100), (0.66, 810, 70), (0.9, 930, 40)):
        line = canvas.ridge(y, rough)
        lit = mix(palette.depth(share), palette.light, 0.22 * (1 - share))
        canvas.layer(ink.shape(down(line)), lit, palette.depth(share * 0.55), reach=(int(y) - 260, HEIGHT))
        if share < 0.4:
            _snow(canvas, line, y, rough)
        canvas.haze(y + 200, 170, palette.sky[-1], 0.42 * (1 - share))
    _pines(canvas)


def _snow(canvas: Canvas, line: list[Point], y: float, rough: float) -> None:
    cut = [(x, y - rough * 0.12 + canvas.random.uniform(-0.3, 0.3) * rough) for x in range(-20, WIDTH + 40, 26)]

    def caps(pen: Pen) -> None:
        pen.shape(down(line))
        pen.shape(down(cut), value=0)

    reach, white = (int(y - rough * 2), int(y + rough)), mix(canvas.palette.light, canvas.palette.sky[2], 0.06)
    canvas.layer(caps, white, mix(white, canvas.palette.sky[2], 0.45), reach=reach, opacity=0.9)


def _pines(canvas: Canvas) -> None:
    trees = [(canvas.random.uniform(-20, WIDTH + 20), canvas.random.uniform(60, 165)) for _ in range(80)]

    def paint(pen: Pen) -> None:
        pen.shape(down([(x, 1010 + 18 * math.sin(x / 210)) for x in range(0, WIDTH + 20, 20)]))
        for x, tall in trees:
            base = 1040 + 18 * math.sin(x / 210)
            for tier in range(4):
                top, half = base - tall + tier * tall * 0.2, tall * (0.1 + tier * 0.055)
                pen.shape([(x, top), (x + half, top + tall * 0.34), (x - half, top + tall * 0.34)])

    canvas.layer(paint, canvas.palette.depth(0.98), canvas.palette.near, reach=(840, HEIGHT))


def dunes(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.disc(430, 300, 66, palette.light)
    canvas.cloud((3, 9), (20, 430), palette.light, floor=126, gain=2.0, opacity=0.32)
    for share, y, height, waves in (
        (0.0, 500, 36, 1.6),
        (0.12, 570, 58, 1.2),
        (0.3, 670, 80, 0.8),
        (0.5, 800, 96, 0.62),
        (0.75, 960, 80, 0.5),
    ):
        _dune(canvas, share, canvas.swell(y, height, waves, phase=share * 17))
        canvas.haze(y + 30, 90, palette.light, 0.34 * (1 - share))


def _dune(canvas: Canvas, share: float, line: list[Point]) -> None:
    palette = canvas.palette
    lit = mix(mix(palette.far, palette.accent, 0.35 * share), palette.light, 0.42 * (1 - share))
    foot = mix(lit, palette.near, 0.1 + 0.3 * share)
    top = int(min(y for _x, y in line))
    canvas.layer(ink.shape(down(line)), mix(lit, palette.light, 0.3), foot, reach=(top, HEIGHT))
    lees = [_lee(line, index, 190 + 330 * share) for index in _crests(line)]
    canvas.layer(
        ink.every(ink.shape(each) for each in lees),
        mix(lit, palette.near, 0.62),
        foot,
        reach=(top, min(HEIGHT, top + 240 + int(330 * share))),
        opacity=0.72,
        blur=1.5,
    )
    canvas.layer(ink.line(line, 2.4), mix(lit, (255, 255, 255), 0.5), reach=(top - 3, HEIGHT), opacity=0.5)


def _crests(line: list[Point]) -> list[int]:
    return [at for at in range(1, len(line) - 1) if line[at - 1][1] > line[at][1] <= line[at + 1][1]]


def _lee(line: list[Point], crest: int, fall: float) -> list[Point]:
    """The shaded side of a dune: along the line from crest to trough, and back in a hanging curve."""
    trough = crest
    while trough + 1 < len(line) and line[trough + 1][1] >= line[trough][1]:
        trough += 1
    ridge = line[crest : trough + 1]
    last = max(1, len(ridge) - 1)
    reach = min(fall, 3.2 * (ridge[-1][1] - ridge[0][1]))
    under = [
        (x, y + reach * math.sin(math.pi * (at / last) ** 0.62) * (1 - at / last) ** 0.35)
        for at, (x, y) in enumerate(ridge)
    ]
    return [*ridge, *reversed(under)]


def railway(canvas: Canvas) -> None:
    palette, horizon, middle = canvas.palette, 590, 930
    canvas.stars(240 if sum(palette.sky[0]) < 110 else 0, 460, palette.light)
    canvas.disc(middle, horizon - 70, 56, palette.light)
    canvas.cloud((5, 8), (60, 520), palette.light, floor=118, gain=2.4, opacity=0.34)
    for share, y, rough in ((0.1, 520, 70), (0.34, 560, 46)):
        line = canvas.ridge(y, rough)
        canvas.layer(ink.shape(down(line)), palette.depth(share), palette.depth(share * 0.7), reach=(380, HEIGHT))
    canvas.haze(horizon, 120, palette.light, 0.4)
    _bed(canvas, horizon, middle)
    _rails(canvas, horizon, middle)
    for scale in (1.0, 0.46, 0.22, 0.11, 0.055):
        _mast(canvas, middle + 760 * scale, horizon + 520 * scale, scale)
    canvas.glow(middle, horizon + 10, 420, 120, tint=palette.light, strength=0.6)


def _bed(canvas: Canvas, horizon: int, middle: int) -> None:
    palette = canvas.palette
    earth = palette.depth(0.62)
    canvas.layer(
        ink.box(0, horizon, WIDTH, HEIGHT),
        mix(earth, palette.light, 0.22),
        mix(earth, palette.near, 0.7),
        reach=(horizon, HEIGHT),
    )
    canvas.layer(
        ink.shape([(middle - 10, horizon), (middle + 10, horizon), (middle + 500, HEIGHT), (middle - 700, HEIGHT)]),
        mix(earth, palette.light, 0.35),
        mix(palette.near, palette.far, 0.35),
        reach=(horizon, HEIGHT),
    )
    canvas.layer(
        ink.by(_sleepers, horizon, middle),
        mix(palette.near, palette.accent, 0.12),
        palette.near,
        reach=(horizon, HEIGHT),
        opacity=0.85,
    )


def _rails(canvas: Canvas, horizon: int, middle: int) -> None:
    palette = canvas.palette
    for left, right in ((-470, -440), (232, 262)):
        canvas.layer(
            ink.shape(
                [
                    (middle - 2 + left * 0.008, horizon),
                    (middle + 2 + right * 0.008, horizon),
                    (middle + right, HEIGHT),
                    (middle + left, HEIGHT),
                ]
            ),
            palette.light,
            mix(palette.far, palette.light, 0.5),
            reach=(horizon, HEIGHT),
        )


def _sleepers(pen: Pen, horizon: float, middle: float) -> None:
    share = 1.0
    while share > 0.012:
        y = horizon + (HEIGHT - horizon) * share
        pen.box(middle - 600 * share, y - 22 * share, middle + 400 * share, y)
        share *= 0.885


def _mast(canvas: Canvas, x: float, base: float, size: float) -> None:
    def paint(pen: Pen) -> None:
        top = base - 760 * size
        pen.box(x - 9 * size, top, x + 9 * size, base)
        pen.line([(x, top + 60 * size), (x - 380 * size, top + 40 * size)], 7 * size)
        pen.line([(x, top + 180 * size), (x - 300 * size, top + 44 * size)], 4 * size)

    canvas.layer(paint, canvas.palette.depth(0.5 + 0.5 * size), canvas.palette.near, reach=(0, int(min(HEIGHT, base))))


MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "dunes": dunes,
    "mountains": mountains,
    "railway": railway,
}

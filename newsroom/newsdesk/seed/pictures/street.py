"""Motifs of the city from its streets."""

import math
from collections.abc import Callable

from newsroom.newsdesk.seed.pictures import ink
from newsroom.newsdesk.seed.pictures.canvas import HEIGHT, WIDTH, Canvas
from newsroom.newsdesk.seed.pictures.ink import Pen, Point
from newsroom.newsdesk.seed.pictures.palettes import Colour, mix


def parliament(canvas: Canvas) -> None:
    palette = canvas.palette
    stone, shade = mix(palette.light, palette.sky[-1], 0.35), mix(palette.depth(0.35), palette.light, 0.12)
    dark, reach = mix(shade, palette.near, 0.55), (404, 860)
    canvas.cloud((4, 6), (0, 520), palette.light, floor=112, gain=2.6, opacity=0.5)
    canvas.glow(1500, 120, 1300, tint=palette.light, strength=0.6)
    canvas.layer(ink.shape([(-40, 330), (800, 96), (1640, 330)]), stone, mix(stone, shade, 0.35), reach=(80, 340))
    canvas.layer(
        ink.shape([(150, 316), (800, 136), (1450, 316)]),
        mix(stone, shade, 0.75),
        mix(stone, shade, 0.4),
        reach=(80, 340),
    )
    canvas.layer(ink.box(0, 330, WIDTH, 404), stone, mix(stone, shade, 0.4), reach=(330, 410))
    canvas.layer(_teeth, mix(stone, shade, 0.5), reach=(330, 410))
    canvas.layer(ink.box(0, 404, WIDTH, 850), dark, mix(shade, palette.near, 0.2), reach=reach)
    canvas.layer(_doors, mix(palette.near, dark, 0.25), mix(palette.near, palette.accent, 0.34), reach=reach)
    canvas.layer(_shafts, stone, mix(stone, shade, 0.3), reach=reach)
    canvas.layer(_shadow_sides, shade, reach=reach, opacity=0.55, blur=7)
    canvas.layer(_flutes, shade, reach=reach, opacity=0.42)
    canvas.layer(_capitals, mix(stone, (255, 255, 255), 0.2), mix(stone, shade, 0.3), reach=reach)
    _stairs(canvas, stone, shade)


def _stairs(canvas: Canvas, stone: Colour, shade: Colour) -> None:
    palette = canvas.palette
    canvas.layer(
        ink.box(0, 850, WIDTH, HEIGHT), mix(stone, palette.light, 0.3), mix(stone, shade, 0.5), reach=(850, HEIGHT)
    )
    canvas.layer(_steps, mix(shade, palette.near, 0.25), reach=(850, HEIGHT), opacity=0.55)
    canvas.layer(
        ink.shape([(0, 404), (420, 404), (980, HEIGHT), (0, HEIGHT)]),
        palette.near,
        reach=(404, HEIGHT),
        opacity=0.2,
        blur=10,
    )


COLUMNS = range(26, 1600, 258)


def _teeth(pen: Pen) -> None:
    for x in range(14, WIDTH, 52):
        pen.box(x, 352, x + 26, 384)


def _doors(pen: Pen) -> None:
    for x in COLUMNS:
        pen.box(x + 118, 520, x + 226, 850)


def _shafts(pen: Pen) -> None:
    for x in COLUMNS:
        pen.shape([(x, 440), (x + 84, 440), (x + 92, 820), (x - 8, 820)])


def _shadow_sides(pen: Pen) -> None:
    for x in COLUMNS:
        pen.shape([(x + 48, 440), (x + 80, 440), (x + 88, 820), (x + 52, 820)])


def _flutes(pen: Pen) -> None:
    for x in COLUMNS:
        for each in range(8, 84, 11):
            pen.line([(x + each, 442), (x + each + (each - 42) * 0.09, 818)], 2.4)


def _capitals(pen: Pen) -> None:
    for x in COLUMNS:
        pen.box(x - 20, 404, x + 104, 426)
        pen.shape([(x - 14, 424), (x + 98, 424), (x + 84, 446), (x, 446)])
        pen.box(x - 20, 816, x + 104, 852)


def _steps(pen: Pen) -> None:
    for y in range(880, HEIGHT + 30, 37):
        pen.box(0, y, WIDTH, y + 7)


def market(canvas: Canvas) -> None:
    palette = canvas.palette
    dim = mix(palette.near, palette.accent, 0.2)
    canvas.sky((mix(palette.near, dim, 0.4), dim, mix(dim, palette.accent, 0.3), mix(palette.near, dim, 0.5)))
    for x in (270, 800, 1330):
        canvas.glow(x, 520, 420, 380, tint=palette.accent, strength=0.75)
        canvas.glow(x, 560, 240, 300, tint=palette.light, strength=0.7)
    canvas.layer(_arcade, palette.near, mix(palette.near, dim, 0.6), reach=(0, 800))
    canvas.haze(640, 260, palette.accent, 0.2)
    for index, x in enumerate((40, 570, 1100)):
        _stall(canvas, x, index)
    canvas.layer(
        ink.box(0, 985, WIDTH, HEIGHT), mix(palette.near, palette.accent, 0.28), palette.near, reach=(980, HEIGHT)
    )
    for x in (10, 535, 1065, 1590):
        canvas.layer(ink.line([(x, 0), (x, 380)], 2.5), palette.near, reach=(0, 400))
        canvas.glow(x, 400, 330, tint=palette.accent, strength=0.6)
        canvas.glow(x, 400, 120, tint=palette.light, strength=0.9)
        canvas.layer(ink.oval(x, 400, 17, 22), (255, 252, 236), palette.light, reach=(370, 430))


def _arcade(pen: Pen) -> None:
    pen.box(0, 0, WIDTH, 800)
    for x in (270, 800, 1330):
        pen.box(x - 165, 330, x + 165, 800, value=0)
        pen.oval(x, 330, 165, 190, value=0)
        for half in (196, 206):
            pen.line(
                [
                    (x + half * math.cos(a / 20 * math.pi), 330 - half * 1.15 * math.sin(a / 20 * math.pi))
                    for a in range(21)
                ],
                3,
                value=120,
            )


def _stall(canvas: Canvas, x: float, index: int) -> None:
    palette, wide = canvas.palette, 460
    tints = (
        palette.accent,
        palette.second,
        mix(palette.light, palette.accent, 0.3),
        mix(palette.second, palette.light, 0.45),
        mix(palette.accent, palette.near, 0.3),
    )
    cloth = tints[index % 2]

    _roof(canvas, x, wide, cloth)
    canvas.layer(ink.box(x, 452, x + wide, 476), palette.near, reach=(445, 500), opacity=0.35, blur=6)
    canvas.layer(
        ink.box(x, 840, x + wide, 990),
        mix(palette.accent, palette.near, 0.62),
        mix(palette.near, palette.accent, 0.1),
        reach=(840, 990),
    )
    canvas.layer(
        ink.every(ink.box(x, y, x + wide, y + 4) for y in (876, 914, 952)), palette.near, reach=(840, 990), opacity=0.55
    )
    for crate in range(4):
        _crate(canvas, x + 6 + crate * 113, tints[(crate + index) % len(tints)])
    canvas.within(0, WIDTH)


def _roof(canvas: Canvas, x: float, wide: int, cloth: Colour) -> None:
    palette = canvas.palette

    def awning(pen: Pen) -> None:
        pen.shape([(x + 40, 300), (x + wide - 40, 300), (x + wide, 430), (x, 430)])
        for step in range(10):
            pen.oval(x + 23 + step * 46, 430, 23, 26)

    def stripes(pen: Pen) -> None:
        for step in range(0, 10, 2):
            pen.shape(
                [(x + 40 + step * 38, 300), (x + 78 + step * 38, 300), (x + 46 + step * 46, 430), (x + step * 46, 430)]
            )
            pen.oval(x + 23 + step * 46, 430, 23, 26)

    canvas.within(max(0, int(x) - 10), min(WIDTH, int(x) + wide + 10))
    canvas.layer(
        ink.every(ink.box(side, 420, side + 9, 985) for side in (x + 8, x + wide - 17)), palette.near, reach=(420, 985)
    )
    canvas.layer(awning, mix(cloth, palette.near, 0.25), mix(cloth, palette.near, 0.02), reach=(290, 470))
    canvas.layer(stripes, mix(palette.light, palette.near, 0.22), palette.light, reach=(290, 470))


def _crate(canvas: Canvas, x: float, tint: tuple[int, int, int]) -> None:
    palette, reach = canvas.palette, (670, 850)
    canvas.within(max(0, int(x) - 6), min(WIDTH, int(x) + 120))
    fruit = [
        (x + 14 + column * 20.5 + (row % 2) * 10, 800 - row * 16 - 6 * math.sin(column / 4 * math.pi) * row)
        for row in range(6)
        for column in range(5 - (row > 3))
    ]
    canvas.layer(
        ink.shape([(x, 845), (x + 110, 845), (x + 104, 715), (x + 6, 715)]),
        mix(tint, palette.near, 0.6),
        mix(tint, palette.near, 0.75),
        reach=reach,
    )
    _fruit(canvas, tint, reach, fruit)
    canvas.layer(
        ink.every(ink.box(x - 2, y, x + 112, y + 17) for y in (806, 830)),
        mix(palette.accent, palette.near, 0.42),
        mix(palette.accent, palette.near, 0.62),
        reach=reach,
    )


def _fruit(canvas: Canvas, tint: Colour, reach: tuple[int, int], fruit: list[Point]) -> None:
    palette = canvas.palette
    canvas.layer(
        ink.every(ink.oval(px, py, 13.5) for px, py in fruit),
        mix(tint, palette.light, 0.12),
        mix(tint, palette.near, 0.36),
        reach=reach,
    )
    canvas.layer(
        ink.every(ink.oval(px - 3, py - 4, 6.5) for px, py in fruit),
        mix(tint, palette.light, 0.6),
        mix(tint, palette.light, 0.1),
        reach=reach,
        opacity=0.8,
        blur=1,
    )


MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "market": market,
    "parliament": parliament,
}

"""Motifs of large rooms with people in them."""

import math
from collections.abc import Callable

from newsroom.newsdesk.seed.pictures import ink
from newsroom.newsdesk.seed.pictures.canvas import HEIGHT, WIDTH, Canvas
from newsroom.newsdesk.seed.pictures.ink import Pen
from newsroom.newsdesk.seed.pictures.palettes import Colour, mix

WHITE = (255, 255, 255)


def podium(canvas: Canvas) -> None:
    palette = canvas.palette
    wall, floor = mix(palette.sky[1], palette.near, 0.25), 800
    canvas.sky((mix(wall, palette.near, 0.55), wall, mix(wall, palette.light, 0.25), mix(wall, palette.near, 0.2)))
    canvas.layer(
        ink.every(ink.box(x, 0, x + 5, floor) for x in range(-30, WIDTH, 130)),
        palette.near,
        reach=(0, floor),
        opacity=0.22,
        blur=3,
    )
    canvas.glow(800, 420, 760, 560, tint=palette.light, strength=0.75)
    for index, tint in enumerate((palette.accent, palette.second, palette.light, palette.accent)):
        _flag(canvas, (170, 330, 1270, 1430)[index], tint)
    canvas.layer(
        ink.box(0, floor, WIDTH, HEIGHT), mix(palette.near, palette.sky[0], 0.5), palette.near, reach=(floor, HEIGHT)
    )
    canvas.glow(800, floor + 60, 720, 150, tint=palette.light, strength=0.4)
    _lectern(canvas)
    _microphones(canvas)
    _audience(canvas)


def _audience(canvas: Canvas) -> None:
    palette = canvas.palette
    heads = [
        (x + canvas.random.uniform(-16, 16), 1046 + canvas.random.uniform(-18, 22), canvas.random.uniform(48, 62))
        for x in range(40, WIDTH, 152)
    ]
    canvas.layer(
        ink.every(
            ink.every(ink.oval(x, y, r * 0.78, r), ink.oval(x, y + r * 2.1, r * 1.9, r * 1.35)) for x, y, r in heads
        ),
        palette.near,
        reach=(940, HEIGHT),
        opacity=0.96,
        blur=2.5,
    )


def _flag(canvas: Canvas, x: float, tint: Colour) -> None:
    palette, reach = canvas.palette, (210, 840)
    canvas.within(max(0, int(x) - 130), min(WIDTH, int(x) + 150))
    canvas.layer(
        ink.every(ink.box(x - 4, 240, x + 4, 830), ink.oval(x, 234, 11)),
        mix(palette.accent, palette.light, 0.5),
        mix(palette.near, palette.accent, 0.3),
        reach=reach,
    )
    _cloth(canvas, x, tint, reach)
    canvas.within(0, WIDTH)


def _cloth(canvas: Canvas, x: float, tint: Colour, reach: tuple[int, int]) -> None:
    palette = canvas.palette
    fold = [
        (x + 4, 258),
        (x + 44, 270),
        (x + 74, 320),
        (x + 88, 440),
        (x + 82, 560),
        (x + 92, 700),
        (x + 62, 716),
        (x + 34, 702),
        (x + 8, 716),
    ]
    canvas.layer(ink.shape(fold), mix(tint, palette.near, 0.12), mix(tint, palette.near, 0.42), reach=reach)
    canvas.layer(
        ink.every(
            ink.shape([(x + 10 + d, 280 + d), (x + 26 + d, 292 + d), (x + 40 + d * 0.4, 690), (x + 18 + d * 0.4, 690)])
            for d in (0, 34, 58)
        ),
        palette.near,
        reach=reach,
        opacity=0.34,
        blur=6,
    )


def _lectern(canvas: Canvas) -> None:
    palette, reach = canvas.palette, (520, 960)
    wood = mix((132, 84, 50), palette.near, 0.22)
    canvas.layer(ink.oval(800, 936, 260, 18), palette.near, reach=(900, 960), opacity=0.6, blur=8)
    canvas.layer(
        ink.shape([(640, 600), (960, 600), (930, 930), (670, 930)]),
        mix(wood, palette.light, 0.14),
        mix(wood, palette.near, 0.5),
        reach=reach,
    )
    canvas.layer(
        ink.shape([(640, 600), (700, 600), (716, 930), (670, 930)]), palette.near, reach=reach, opacity=0.3, blur=4
    )
    canvas.layer(
        ink.shape([(596, 612), (1004, 612), (968, 560), (632, 560)]),
        mix(wood, palette.light, 0.36),
        mix(wood, palette.light, 0.06),
        reach=reach,
    )
    canvas.layer(ink.box(596, 610, 1004, 632), mix(wood, palette.near, 0.4), reach=reach)
    _emblem(canvas, reach, wood)


def _emblem(canvas: Canvas, reach: tuple[int, int], wood: Colour) -> None:
    palette = canvas.palette
    canvas.layer(
        ink.oval(800, 770, 66),
        mix(palette.light, palette.accent, 0.35),
        mix(palette.accent, palette.near, 0.3),
        reach=reach,
    )
    canvas.layer(ink.oval(800, 770, 55), mix(wood, palette.near, 0.35), reach=reach)
    star = [
        (
            800 + (46 if point % 2 == 0 else 21) * math.sin(point / 8 * math.pi),
            770 - (46 if point % 2 == 0 else 21) * math.cos(point / 8 * math.pi),
        )
        for point in range(16)
    ]
    canvas.layer(ink.shape(star), mix(palette.light, palette.accent, 0.3), reach=reach)


def _microphones(canvas: Canvas) -> None:
    palette = canvas.palette
    heads = ((664, 500, 690), (726, 452, 742), (790, 470, 790), (856, 446, 842), (930, 494, 904))
    for index, (x, y, foot) in enumerate(heads):
        tint = (palette.near, palette.accent, palette.near, palette.second, palette.near)[index]
        canvas.layer(
            ink.line([(foot, 586), (foot + (x - foot) * 0.3, 540), (x, y + 20)], 6), palette.near, reach=(400, 600)
        )
        canvas.layer(
            ink.every(ink.oval(x, y - 16, 21, 27), ink.pill(x - 18, y - 6, x + 18, y + 32, 7)),
            mix(tint, palette.light, 0.24),
            mix(tint, palette.near, 0.5),
            reach=(400, 600),
        )
        canvas.layer(ink.oval(x - 6, y - 24, 6, 9), palette.light, reach=(400, 600), opacity=0.4, blur=3)


def trading(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.sky((palette.near, mix(palette.near, palette.sky[1], 0.7), palette.near))
    canvas.glow(800, 430, 1000, 460, tint=palette.second, strength=0.36)
    up, fall = palette.second, palette.accent
    for left, top, wide, tall in (
        (60, 90, 440, 290),
        (540, 60, 520, 360),
        (1100, 90, 440, 290),
        (60, 420, 440, 250),
        (540, 460, 520, 210),
        (1100, 420, 440, 250),
    ):
        _screen(canvas, left, top, wide, tall, up, fall)
    canvas.layer(
        ink.shape([(0, 800), (WIDTH, 800), (WIDTH, HEIGHT), (0, HEIGHT)]),
        mix(palette.near, palette.sky[1], 0.4),
        palette.near,
        reach=(790, HEIGHT),
    )
    canvas.glow(800, 820, 900, 130, tint=palette.second, strength=0.3)
    _traders(canvas)


def _traders(canvas: Canvas) -> None:
    palette = canvas.palette
    people = [
        (x + canvas.random.uniform(-30, 30), 900 + canvas.random.uniform(-16, 30), canvas.random.uniform(0.85, 1.12))
        for x in (150, 390, 640, 900, 1160, 1430)
    ]

    def crowd(pen: Pen, lower: float) -> None:
        for x, y, size in people:
            pen.oval(x, y - 72 * size + lower, 34 * size, 42 * size)
            pen.pill(x - 84 * size, y - 26 * size + lower, x + 84 * size, y + 260 * size, 52 * size)
            pen.box(x - 15 * size, y - 50 * size, x + 15 * size, y)

    canvas.layer(
        ink.by(crowd, 0),
        mix(palette.near, palette.second, 0.75),
        mix(palette.near, palette.second, 0.2),
        reach=(760, HEIGHT),
        blur=1,
    )
    canvas.layer(ink.by(crowd, 6), mix(palette.near, palette.sky[1], 0.6), palette.near, reach=(766, HEIGHT), blur=1.5)


def _screen(canvas: Canvas, left: int, top: int, wide: int, tall: int, up: Colour, fall: Colour) -> None:
    palette, reach = canvas.palette, (top - 10, top + tall + 60)
    canvas.within(max(0, left - 12), min(WIDTH, left + wide + 12))
    canvas.layer(
        ink.pill(left - 7, top - 7, left + wide + 7, top + tall + 7, 12), mix(palette.near, (0, 0, 0), 0.3), reach=reach
    )
    canvas.layer(
        ink.pill(left, top, left + wide, top + tall, 7),
        mix(palette.sky[1], palette.near, 0.15),
        mix(palette.sky[1], palette.near, 0.6),
        reach=reach,
    )
    canvas.layer(
        ink.every(
            [ink.box(left, y, left + wide, y + 1) for y in range(top + 36, top + tall, 36)],
            [ink.box(x, top, x + 1, top + tall) for x in range(left + 52, left + wide, 52)],
        ),
        palette.sky[2],
        reach=reach,
        opacity=0.3,
    )
    _candles(canvas, left, wide, top, tall, up, fall, reach)
    canvas.layer(
        ink.shape([(left, top), (left + wide * 0.46, top), (left + wide * 0.2, top + tall), (left, top + tall)]),
        WHITE,
        reach=reach,
        opacity=0.045,
    )
    canvas.within(0, WIDTH)


def _candles(
    canvas: Canvas, left: int, wide: int, top: int, tall: int, up: Colour, fall: Colour, reach: tuple[int, int]
) -> None:
    palette = canvas.palette
    value, candles = 0.35, []
    step = 15
    for x in range(left + 18, left + wide - 12, step):
        move = canvas.random.gauss(0.012, 0.055)
        after = min(0.9, max(0.1, value + move))
        candles.append((x, value, after, canvas.random.uniform(0.01, 0.06)))
        value = after

    def bars(pen: Pen, rising: bool) -> None:
        for x, before, after, wick in candles:
            if (after >= before) is rising:
                high, low = top + tall * (1 - max(before, after)), top + tall * (1 - min(before, after))
                pen.box(x, high, x + 8, max(low, high + 3))
                pen.box(x + 3, high - tall * wick, x + 5, low + tall * wick)

    for rising, tint in ((True, up), (False, fall)):
        canvas.layer(ink.by(bars, rising), tint, reach=reach, opacity=0.5, blur=6)
        canvas.layer(ink.by(bars, rising), mix(tint, WHITE, 0.25), tint, reach=reach)
    trend = [(x + 4, top + tall * (1 - (a + b) / 2) - 26) for x, a, b, _wick in candles[::3]]
    canvas.layer(ink.line(trend, 3), mix(palette.light, WHITE, 0.3), reach=reach, opacity=0.85)


def concert(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.sky(
        (
            palette.near,
            mix(palette.near, palette.sky[1], 0.8),
            palette.sky[2],
            mix(palette.sky[3], palette.sky[2], 0.4),
            palette.near,
        )
    )
    canvas.glow(800, 660, 900, 380, tint=palette.light, strength=0.7)
    _beams(canvas)
    canvas.layer(_truss, palette.near, reach=(20, 100))
    canvas.cloud((6, 5), (420, 900), palette.light, floor=122, gain=2.6, opacity=0.38)
    canvas.layer(_band, palette.near, reach=(520, 860))
    canvas.layer(ink.box(0, 800, WIDTH, 850), mix(palette.near, palette.sky[2], 0.3), palette.near, reach=(800, 850))
    for share, y in ((0.4, 860), (0.7, 930), (1.0, 1010)):
        _crowd(canvas, y, 25 + 26 * share, mix(palette.near, palette.sky[2], 0.42 * (1 - share)))


def _beams(canvas: Canvas) -> None:
    palette = canvas.palette
    for index, x in enumerate(range(100, WIDTH, 175)):
        tint = (palette.accent, palette.second, palette.light)[index % 3]
        lean = (800 - x) * canvas.random.uniform(0.2, 1.1) + canvas.random.uniform(-160, 160)
        beam = [(x - 7, 100), (x + 7, 100), (x + lean + 125, 900), (x + lean - 125, 900)]
        canvas.layer(ink.shape(beam), mix(tint, WHITE, 0.35), tint, reach=(100, 900), opacity=0.25, blur=9)
        canvas.layer(
            ink.shape([(x - 3, 100), (x + 3, 100), (x + lean + 46, 860), (x + lean - 46, 860)]),
            WHITE,
            tint,
            reach=(100, 860),
            opacity=0.2,
            blur=5,
        )
        canvas.glow(x, 100, 120, tint=tint, strength=0.85)
        canvas.layer(ink.oval(x, 100, 11, 9), WHITE, reach=(84, 116))


def _truss(pen: Pen) -> None:
    pen.box(0, 30, WIDTH, 39)
    pen.box(0, 79, WIDTH, 88)
    for x in range(0, WIDTH, 48):
        pen.line([(x, 84), (x + 24, 34), (x + 48, 84)], 4)


def _band(pen: Pen) -> None:
    for x, size in ((620, 1.0), (830, 1.14), (1040, 0.96)):
        base = 806
        pen.oval(x, base - 190 * size, 17 * size, 21 * size)
        pen.shape(
            [
                (x - 31 * size, base - 162 * size),
                (x + 31 * size, base - 162 * size),
                (x + 21 * size, base - 76 * size),
                (x - 21 * size, base - 76 * size),
            ]
        )
        pen.line([(x - 12 * size, base - 84 * size), (x - 20 * size, base)], 15 * size)
        pen.line([(x + 12 * size, base - 84 * size), (x + 22 * size, base)], 15 * size)
        pen.line(
            [(x - 28 * size, base - 154 * size), (x - 46 * size, base - 112 * size), (x - 4 * size, base - 102 * size)],
            10 * size,
        )
        pen.line([(x - 52 * size, base - 86 * size), (x + 72 * size, base - 140 * size)], 7 * size)
        pen.oval(x - 36 * size, base - 93 * size, 25 * size, 18 * size)
    pen.line([(770, 806), (770, 640), (800, 626)], 4)
    for x in (90, 1370):
        pen.pill(x, 610, x + 140, 806, 8)


def _crowd(canvas: Canvas, y: float, size: float, tint: Colour) -> None:
    people = [
        (x + canvas.random.uniform(-14, 14), y + canvas.random.uniform(-24, 24), canvas.random.random())
        for x in range(-20, WIDTH + 60, int(size * 2.05))
    ]

    def paint(pen: Pen) -> None:
        for x, head, luck in people:
            pen.oval(x, head, size * 0.54, size * 0.68)
            pen.pill(x - size * 1.05, head + size * 0.6, x + size * 1.05, head + size * 8, size * 0.75)
            if luck < 0.36:
                side = 1 if luck < 0.18 else -1
                pen.line(
                    [
                        (x + side * size * 0.8, head + size),
                        (x + side * size * 1.15, head - size * 0.7),
                        (x + side * size * 0.75, head - size * 2.3),
                    ],
                    size * 0.36,
                )
                pen.oval(x + side * size * 0.75, head - size * 2.4, size * 0.24)

    canvas.layer(paint, tint, mix(tint, canvas.palette.near, 0.7), reach=(int(y - size * 3.4), HEIGHT))


MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "concert": concert,
    "podium": podium,
    "trading": trading,
}

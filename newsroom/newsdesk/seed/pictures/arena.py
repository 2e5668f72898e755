"""The stadium: seats, pitch and floodlights."""

import math
from collections.abc import Callable

from newsroom.newsdesk.seed.pictures import ink
from newsroom.newsdesk.seed.pictures.canvas import HEIGHT, WIDTH, Canvas
from newsroom.newsdesk.seed.pictures.ink import Pen, Point
from newsroom.newsdesk.seed.pictures.palettes import Colour, mix

WHITE = (255, 255, 255)


def stadium(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.cloud((4, 7), (20, 420), palette.light, floor=122, gain=2.2, opacity=0.3)
    canvas.stars(140 if sum(palette.sky[0]) < 110 else 0, 300, palette.light)
    canvas.glow(800, 500, 1100, 300, tint=palette.light, strength=0.5)
    canvas.layer(_roof, palette.depth(0.7), palette.depth(0.9), reach=(270, 480))
    canvas.layer(
        ink.shape([(0, 400), (300, 440), (1300, 440), (WIDTH, 400), (WIDTH, 800), (0, 800)]),
        mix(palette.depth(0.55), palette.sky[2], 0.18),
        palette.near,
        reach=(390, 800),
    )
    _seats(canvas)
    _pitch(canvas)
    for x, y in ((170, 130), (1430, 130)):
        _floodlight(canvas, x, y)


def _roof(pen: Pen) -> None:
    pen.shape([(0, 300), (330, 372), (1270, 372), (WIDTH, 300), (WIDTH, 408), (1300, 446), (300, 446), (0, 408)])
    for x in range(360, 1270, 130):
        pen.line([(x, 374), (x + 65, 330), (x + 130, 374)], 4)


def _seats(canvas: Canvas) -> None:
    palette = canvas.palette
    tints = (palette.accent, palette.second, palette.light, palette.far)
    crowd: dict[int, list[Point]] = {index: [] for index in range(len(tints))}
    for row in range(21):
        y = 452 + row * 11.4 + row * row * 0.1
        for x in range(-4, WIDTH, 13):
            edge = max(0.0, abs(x - 800) - 500) * 0.12
            if canvas.random.random() < 0.72:
                crowd[canvas.random.randrange(4)].append(
                    (x + canvas.random.uniform(-3, 3), y - edge + canvas.random.uniform(-2, 2))
                )
    for index, places in crowd.items():
        canvas.layer(
            ink.every(ink.oval(x, y, 3.7, 4.6) for x, y in places),
            mix(tints[index], palette.near, 0.3),
            mix(tints[index], palette.near, 0.5),
            reach=(380, 760),
            opacity=0.85,
        )
    canvas.layer(
        ink.every(
            ink.shape([(x, 440), (x + 9, 440), (800 + (x - 800) * 1.3 + 9, 760), (800 + (x - 800) * 1.3 - 9, 760)])
            for x in (310, 560, 800, 1040, 1290)
        ),
        palette.near,
        reach=(430, 770),
        opacity=0.45,
    )


def _pitch(canvas: Canvas) -> None:
    palette, top = canvas.palette, 742
    grass = mix((58, 128, 66), palette.near, 0.14)
    eye = (800.0, 420.0)

    def on(x: float, share: float) -> Point:
        y = top + (HEIGHT + 40 - top) * share
        return eye[0] + x * (y - eye[1]) / (top - eye[1]), y

    _turf(canvas, top, grass)
    canvas.layer(
        ink.every(ink.shape([on(x, 0), on(x + 150, 0), on(x + 150, 1), on(x, 1)]) for x in range(-1800, 1800, 300)),
        mix(grass, palette.light, 0.28),
        mix(grass, palette.near, 0.12),
        reach=(top, HEIGHT),
        opacity=0.7,
    )

    _lines(canvas, on, top)
    canvas.glow(800, top + 90, 900, 220, tint=palette.light, strength=0.26)


def _turf(canvas: Canvas, top: int, grass: Colour) -> None:
    palette = canvas.palette
    canvas.layer(
        ink.box(0, top - 24, WIDTH, top + 2),
        mix(palette.accent, palette.near, 0.45),
        mix(palette.near, palette.accent, 0.2),
        reach=(top - 26, top + 4),
    )
    canvas.layer(
        ink.box(0, top, WIDTH, HEIGHT),
        mix(grass, palette.light, 0.16),
        mix(grass, palette.near, 0.28),
        reach=(top, HEIGHT),
    )


def _lines(canvas: Canvas, on: Callable[[float, float], Point], top: int) -> None:
    palette = canvas.palette

    def lines(pen: Pen) -> None:
        pen.line([on(-690, 0.06), on(690, 0.06)], 4)
        pen.line([on(0, 0.06), on(0, 1)], 5)
        pen.line([on(-690, 0.06), on(-690, 1)], 5)
        pen.line([on(690, 0.06), on(690, 1)], 5)
        pen.line([on(160 * math.cos(a / 20 * math.pi), 0.62 + 0.34 * math.sin(a / 20 * math.pi)) for a in range(41)], 5)

    canvas.layer(lines, WHITE, reach=(top, HEIGHT), opacity=0.75)
    canvas.layer(ink.oval(*on(0, 0.62), 12, 6), palette.near, reach=(top, HEIGHT), opacity=0.5, blur=3)
    canvas.layer(ink.oval(on(0, 0.62)[0], on(0, 0.62)[1] - 8, 9), WHITE, palette.far, reach=(top, HEIGHT))


def _floodlight(canvas: Canvas, x: float, y: float) -> None:
    palette, inward = canvas.palette, 1 if x < 800 else -1
    lamps = [(x - 66 + column * 33, y - 34 + row * 30) for column in range(5) for row in range(3)]
    beam = [(x - 50, y), (x + 50, y), (x + inward * 880 + 330, 900), (x + inward * 640 - 330, 900)]
    canvas.layer(
        ink.shape(beam),
        palette.light,
        mix(palette.light, palette.sky[2], 0.5),
        reach=(int(y), 900),
        opacity=0.13,
        blur=26,
    )
    canvas.layer(
        ink.every(
            ink.shape([(x - 7, y), (x + 7, y), (x + 15, 440), (x - 15, 440)]),
            ink.pill(x - 90, y - 58, x + 90, y + 52, 9),
        ),
        palette.near,
        reach=(40, 450),
    )
    canvas.glow(x, y, 420, tint=palette.light, strength=0.75)
    canvas.layer(ink.every(ink.oval(lx, ly, 12) for lx, ly in lamps), WHITE, palette.light, reach=(60, 240))
    canvas.glow(x, y, 170, 120, tint=WHITE, strength=0.75)


MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "stadium": stadium,
}

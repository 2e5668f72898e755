"""Motifs of the land."""

import math
from collections.abc import Callable

from newsroom.newsdesk.seed.pictures import ink
from newsroom.newsdesk.seed.pictures.canvas import HEIGHT, WIDTH, Canvas, down
from newsroom.newsdesk.seed.pictures.ink import Pen, Point
from newsroom.newsdesk.seed.pictures.palettes import Colour, mix


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


def _field(canvas: Canvas, horizon: float, vanish: float, stripes: int, even: Colour, odd: Colour) -> None:
    """Furrows that run to a point on the horizon."""
    reach = (int(horizon), HEIGHT)
    canvas.layer(ink.box(0, horizon, WIDTH, HEIGHT), mix(even, canvas.palette.light, 0.35), even, reach=reach)

    def rows(pen: Pen) -> None:
        for index in range(-stripes, stripes):
            left = vanish + index * 2 * 86
            pen.shape(
                [
                    (vanish + index * 7, horizon),
                    (vanish + index * 7 + 3.2, horizon),
                    (left + 86, HEIGHT),
                    (left, HEIGHT),
                ]
            )

    canvas.layer(rows, mix(odd, canvas.palette.light, 0.4), odd, reach=reach)


def wheat(canvas: Canvas) -> None:
    palette, horizon = canvas.palette, 560
    gold, shade = mix(palette.accent, palette.light, 0.25), mix(palette.accent, palette.near, 0.4)
    canvas.disc(1010, horizon - 74, 74, palette.light)
    canvas.cloud((5, 9), (40, 500), palette.light, floor=116, gain=2.4, opacity=0.4)
    for share, y in ((0.1, 520), (0.34, 548)):
        line = canvas.swell(y, 26, 1.4 + share * 4)
        canvas.layer(ink.shape(down(line, 600)), palette.depth(share), reach=(450, 600))
    canvas.haze(horizon, 90, palette.light, 0.5)
    _field(canvas, horizon, 1010, 30, gold, shade)
    canvas.glow(1010, horizon + 40, 720, 240, tint=palette.light, strength=0.7)
    for share, base, tall in ((0.3, 860, 130), (0.62, 960, 190), (1.0, 1090, 290)):
        _ears(canvas, share, base, tall)


def _ears(canvas: Canvas, share: float, base: float, tall: float) -> None:
    stems = [
        (canvas.random.uniform(-20, WIDTH + 20), tall * canvas.random.uniform(0.5, 1.0), canvas.random.uniform(-20, 46))
        for _ in range(int(190 - 110 * share))
    ]
    size = 0.5 + share * 0.85

    def paint(pen: Pen) -> None:
        for x, height, lean in stems:
            top = base - height
            pen.line([(x, base + 90), (x + lean * 0.3, base - height * 0.5), (x + lean, top)], 1.8 * size)
            for grain in range(8):
                _grain(pen, x + lean + lean * 0.02 * (8 - grain), top - grain * 8.5 * size, size * (1.1 - grain * 0.07))

    tint = mix(mix(canvas.palette.accent, canvas.palette.light, 0.5), canvas.palette.near, share * 0.5)
    canvas.layer(
        paint,
        mix(tint, canvas.palette.light, 0.3),
        mix(tint, canvas.palette.near, 0.6),
        reach=(int(base - tall - 100), HEIGHT),
    )


def _grain(pen: Pen, x: float, y: float, size: float) -> None:
    for side in (-1, 1):
        pen.shape(
            [
                (x, y + 5 * size),
                (x + side * 6.5 * size, y - 3 * size),
                (x + side * 7 * size, y - 12 * size),
                (x + side * 1.2 * size, y - 6 * size),
            ]
        )
        pen.line([(x + side * 6.6 * size, y - 10 * size), (x + side * 12 * size, y - 34 * size)], 0.7)


def olives(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.disc(1200, 300, 60, palette.light)
    canvas.cloud((4, 8), (30, 470), palette.light, floor=118, gain=2.4, opacity=0.42)
    for share, y, height in ((0.05, 470, 50), (0.2, 530, 40), (0.36, 590, 30)):
        line = canvas.swell(y, height, 1.1 + share * 5, phase=share * 20)
        canvas.layer(ink.shape(down(line)), palette.depth(share), palette.depth(share * 0.5), reach=(400, HEIGHT))
        canvas.haze(y + 90, 90, palette.light, 0.34)
    ground = mix(palette.accent, palette.light, 0.42)
    line = canvas.swell(650, 20, 0.9)
    canvas.layer(
        ink.shape(down(line)), mix(ground, palette.light, 0.35), mix(ground, palette.near, 0.35), reach=(600, HEIGHT)
    )
    for row, (y, size) in enumerate(((668, 0.34), (712, 0.5), (780, 0.74), (890, 1.12), (1040, 1.7))):
        step = 250 * size
        for index in range(int(WIDTH / step) + 2):
            _olive(
                canvas,
                index * step - 40 + (row % 2) * step / 2 + canvas.random.uniform(-14, 14) * size,
                y,
                size,
                row / 4,
            )


def _olive(canvas: Canvas, x: float, y: float, size: float, share: float) -> None:
    palette = canvas.palette
    leaf = mix(mix(palette.second, palette.far, 0.35), palette.near, 0.15 + 0.5 * share)
    crown = [
        (
            x + canvas.random.gauss(0, 48) * size,
            y - (128 + canvas.random.gauss(0, 25)) * size,
            canvas.random.uniform(12, 30) * size,
        )
        for _ in range(34)
    ]
    reach = (int(y - 215 * size), int(min(HEIGHT, y + 30 * size)))
    if reach[0] >= HEIGHT or x < -160 * size or x > WIDTH + 160 * size:
        return

    def trunk(pen: Pen) -> None:
        pen.shape(
            [
                (x - 15 * size, y),
                (x + 17 * size, y),
                (x + 7 * size, y - 44 * size),
                (x + 34 * size, y - 110 * size),
                (x + 24 * size, y - 112 * size),
                (x - 1 * size, y - 60 * size),
                (x - 28 * size, y - 108 * size),
                (x - 37 * size, y - 104 * size),
                (x - 8 * size, y - 40 * size),
            ]
        )

    left, right = max(0, int(x - 170 * size)), min(WIDTH, int(x + 170 * size))
    canvas.within(left, right)
    canvas.layer(
        ink.oval(x - 40 * size, y + 4 * size, 120 * size, 13 * size),
        palette.near,
        reach=reach,
        opacity=0.4,
        blur=4 * size,
    )
    canvas.layer(trunk, mix(palette.near, palette.accent, 0.25), palette.near, reach=reach)
    canvas.layer(
        ink.every(ink.oval(cx, cy, r, r * 0.8) for cx, cy, r in crown), leaf, mix(leaf, palette.near, 0.55), reach=reach
    )
    canvas.layer(
        ink.every(ink.oval(cx + 7 * size, cy - 9 * size, r * 0.6, r * 0.44) for cx, cy, r in crown),
        mix(leaf, palette.light, 0.42),
        mix(leaf, palette.light, 0.1),
        reach=reach,
        opacity=0.75,
        blur=1.5,
    )
    canvas.within(0, WIDTH)


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
    for scale in (1.0, 0.46, 0.22, 0.11, 0.055):
        _mast(canvas, middle + 760 * scale, horizon + 520 * scale, scale)
    canvas.glow(middle, horizon + 10, 420, 120, tint=palette.light, strength=0.6)


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


def solar(canvas: Canvas) -> None:
    palette, horizon = canvas.palette, 500
    canvas.disc(1180, 230, 70, palette.light)
    canvas.cloud((4, 8), (20, 440), palette.light, floor=114, gain=2.6, opacity=0.55)
    for share, height, rough in ((0.05, 455, 60), (0.25, 490, 26)):
        line = canvas.ridge(height, rough)
        canvas.layer(ink.shape(down(line)), palette.depth(share), palette.depth(share * 0.5), reach=(330, HEIGHT))
    canvas.haze(horizon, 70, palette.light, 0.45)
    ground = mix(mix(palette.second, palette.accent, 0.5), palette.light, 0.35)
    canvas.layer(
        ink.box(0, horizon, WIDTH, HEIGHT),
        mix(ground, palette.light, 0.4),
        mix(ground, palette.near, 0.35),
        reach=(horizon, HEIGHT),
    )
    y, size = 540.0, 0.2
    while y < HEIGHT + 160:
        _panels(canvas, y, size)
        y, size = y + 190 * size + 14, size * 1.34


def _panels(canvas: Canvas, y: float, size: float) -> None:
    palette, tall, wide, lean = canvas.palette, 150 * size, 230 * size, 70 * size
    reach = (int(max(0, y - tall)), int(min(HEIGHT, y + 46 * size)))
    if reach[0] >= HEIGHT:
        return
    starts = [(index * (wide + 14 * size)) - 60 for index in range(int(WIDTH / (wide + 14 * size)) + 3)]
    panels = [[(x, y), (x + wide, y), (x + wide + lean, y - tall), (x + lean, y - tall)] for x in starts]

    def grid(pen: Pen) -> None:
        for x in starts:
            for column in range(1, 6):
                pen.line([(x + wide * column / 6, y), (x + wide * column / 6 + lean, y - tall)], 1 + size)
            for row in (0.33, 0.66):
                pen.line([(x + lean * row, y - tall * row), (x + wide + lean * row, y - tall * row)], 1 + size)

    glass = mix(palette.sky[0], palette.near, 0.72)
    canvas.layer(
        ink.box(0, y + 10 * size, WIDTH, y + 36 * size), palette.near, reach=reach, opacity=0.34, blur=6 * size
    )
    canvas.layer(
        ink.every(ink.box(x + wide * 0.5, y - 20 * size, x + wide * 0.53, y + 34 * size) for x in starts),
        palette.depth(0.7),
        reach=reach,
    )
    canvas.layer(ink.every(ink.shape(each) for each in panels), mix(palette.sky[1], glass, 0.45), glass, reach=reach)
    canvas.layer(grid, mix(palette.sky[2], (255, 255, 255), 0.4), reach=reach, opacity=0.35)
    canvas.layer(
        ink.every(
            ink.shape(
                [
                    (x + wide * 0.15, y),
                    (x + wide * 0.5, y),
                    (x + wide * 0.5 + lean, y - tall),
                    (x + wide * 0.15 + lean, y - tall),
                ]
            )
            for x in starts
        ),
        (255, 255, 255),
        palette.sky[2],
        reach=reach,
        opacity=0.14,
    )


MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "dunes": dunes,
    "mountains": mountains,
    "olives": olives,
    "railway": railway,
    "solar": solar,
    "wheat": wheat,
}

"""Motifs of the city from afar."""

from collections.abc import Callable

from newsroom.newsdesk.seed.pictures import ink
from newsroom.newsdesk.seed.pictures.canvas import HEIGHT, WIDTH, Canvas
from newsroom.newsdesk.seed.pictures.ink import Painter, Pen, Point
from newsroom.newsdesk.seed.pictures.palettes import mix


def _dome(pen: Pen, x: float, base: float, radius: float) -> None:
    pen.oval(x, base, radius, radius * 0.86)
    pen.line([(x, base - radius * 0.8), (x, base - radius * 1.28)], radius * 0.045)
    pen.oval(x, base - radius * 1.26, radius * 0.055)


def _minaret(pen: Pen, x: float, base: float, height: float, wide: float) -> None:
    pen.box(x - wide / 2, base - height, x + wide / 2, base)
    for share in (0.62, 0.8):
        balcony = base - height * share
        pen.shape(
            [
                (x - wide, balcony),
                (x + wide, balcony),
                (x + wide * 0.5, balcony + wide),
                (x - wide * 0.5, balcony + wide),
            ]
        )
    top = base - height
    pen.shape([(x - wide * 0.62, top), (x + wide * 0.62, top), (x, top - height * 0.2)])
    pen.line([(x, top - height * 0.18), (x, top - height * 0.25)], wide * 0.16)


def _mosque(pen: Pen, x: float, base: float, size: float, minarets: tuple[float, ...]) -> None:
    pen.box(x - size * 1.25, base - size * 0.42, x + size * 1.25, base + 60)
    pen.box(x - size * 0.72, base - size * 0.74, x + size * 0.72, base)
    _dome(pen, x, base - size * 0.72, size * 0.66)
    for side in (-1, 1):
        _dome(pen, x + side * size * 0.62, base - size * 0.46, size * 0.36)
        _dome(pen, x + side * size * 1.02, base - size * 0.38, size * 0.2)
    for place in minarets:
        _minaret(pen, x + place * size, base + 40, size * 2.05, size * 0.1)


def _roofs(canvas: Canvas, base: float, low: float, high: float) -> Painter:
    houses: list[tuple[float, float, float, bool]] = []
    x = -20.0
    while x < WIDTH:
        wide = canvas.random.uniform(26, 64)
        houses.append((x, wide, base - canvas.random.uniform(low, high), canvas.random.random() < 0.6))
        x += wide

    def paint(pen: Pen) -> None:
        for left, wide, top, pitched in houses:
            pen.box(left, top, left + wide + 1, base + 200)
            if pitched:
                pen.shape([(left - 3, top), (left + wide + 3, top), (left + wide / 2, top - wide * 0.26)])

    return paint


def istanbul(canvas: Canvas) -> None:
    palette, water = canvas.palette, 730
    sun = canvas.random.uniform(500, 1100)
    canvas.disc(sun, 560, 62, palette.light)
    canvas.cloud((5, 9), (60, 560), palette.light, floor=118, gain=2.6, opacity=0.34)
    canvas.layer(_roofs(canvas, 690, 18, 74), palette.depth(0.12), reach=(560, 760))
    canvas.layer(ink.by(_mosque, 1240, 690, 88, (-1.5, 1.5)), palette.depth(0.22), reach=(420, 760))
    canvas.haze(700, 120, palette.light, 0.34)
    canvas.layer(
        ink.by(_mosque, 560, 700, 150, (-1.75, -1.32, 1.32, 1.75)),
        palette.depth(0.52),
        palette.depth(0.4),
        reach=(300, 760),
    )
    canvas.layer(_roofs(canvas, 720, 8, 48), palette.depth(0.62), palette.depth(0.5), reach=(600, 760))
    canvas.haze(728, 60, palette.light, 0.3)
    canvas.water(water, palette.sky[1], palette.near, palette.light, 0.62)
    canvas.glow(sun, water + 110, 150, 330, tint=palette.light, strength=0.42)
    for x, y, size in ((300, 872, 1.0), (1130, 800, 0.55)):
        _ferry(canvas, x, y, size)


def _ferry(canvas: Canvas, x: float, y: float, size: float) -> None:
    def hull(pen: Pen) -> None:
        pen.shape(
            [
                (x - 130 * size, y - 22 * size),
                (x + 140 * size, y - 26 * size),
                (x + 112 * size, y + 14 * size),
                (x - 112 * size, y + 14 * size),
            ]
        )
        pen.box(x - 96 * size, y - 50 * size, x + 92 * size, y - 20 * size)
        pen.box(x - 66 * size, y - 74 * size, x + 58 * size, y - 46 * size)
        pen.box(x - 14 * size, y - 118 * size, x + 16 * size, y - 70 * size)
        pen.line([(x + 74 * size, y - 50 * size), (x + 74 * size, y - 112 * size)], 3 * size)

    def lamps(pen: Pen) -> None:
        for step in range(-84, 84, 18):
            pen.box(x + step * size, y - 42 * size, x + (step + 10) * size, y - 32 * size)

    reach = (int(y - 130 * size), int(y + 30 * size))
    canvas.layer(hull, canvas.palette.depth(0.95), reach=reach)
    canvas.layer(lamps, canvas.palette.light, reach=reach, opacity=0.85)
    canvas.layer(
        ink.oval(x, y + 22 * size, 170 * size, 7 * size),
        canvas.palette.near,
        reach=(int(y), int(y + 40 * size)),
        opacity=0.5,
        blur=3,
    )


def _towers(
    canvas: Canvas, base: float, low: float, high: float, narrow: float, wide: float
) -> list[tuple[float, float, float, int]]:
    found, x = [], -30.0
    while x < WIDTH + 30:
        breadth = canvas.random.uniform(narrow, wide)
        middle = 1 - abs(x / WIDTH - 0.55) * 1.1
        found.append(
            (
                x,
                breadth,
                base - low - (high - low) * max(0.1, middle) * canvas.random.uniform(0.35, 1),
                canvas.random.randrange(4),
            )
        )
        x += breadth * canvas.random.uniform(0.72, 1.06)
    return found


def _paint_towers(towers: list[tuple[float, float, float, int]], base: float) -> Painter:
    def paint(pen: Pen) -> None:
        for x, wide, top, kind in towers:
            pen.box(x, top, x + wide, base + 400)
            if kind == 0:
                pen.shape([(x, top + 1), (x + wide, top + 1), (x + wide, top - wide * 0.5)])
            elif kind == 1:
                pen.box(x + wide * 0.2, top - wide * 0.28, x + wide * 0.8, top)
                pen.line([(x + wide / 2, top), (x + wide / 2, top - wide * 0.95)], 3)
            elif kind == 2:
                pen.pill(x, top - wide * 0.3, x + wide, top + wide, wide * 0.3)

    return paint


def _windows(
    canvas: Canvas, towers: list[tuple[float, float, float, int]], base: float, share: float, size: float
) -> Painter:
    lit: list[tuple[float, float, int]] = []
    for x, wide, top, _kind in towers:
        for row in range(int((base - top) / (size * 2.4))):
            for column in range(int((wide - size) / (size * 2))):
                if canvas.random.random() < share:
                    lit.append(
                        (
                            x + size + column * size * 2,
                            top + size * 1.6 + row * size * 2.4,
                            canvas.random.choice((90, 150, 230)),
                        )
                    )

    def paint(pen: Pen) -> None:
        for left, top, value in lit:
            pen.box(left, top, left + size, top + size * 1.3, value=value)

    return paint


def skyline(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.disc(1150, 400, 46, palette.light)
    canvas.cloud((4, 8), (40, 520), palette.light, floor=124, gain=2.2, opacity=0.26)
    for share, low, high, breadth, lamps in (
        (0.08, 80, 330, (34, 74), 0.0),
        (0.38, 90, 470, (52, 104), 0.16),
        (0.78, 60, 360, (78, 150), 0.3),
    ):
        base = 900 + share * 60
        towers = _towers(canvas, base, low, high, *breadth)
        canvas.layer(
            _paint_towers(towers, base), palette.depth(share), palette.depth(share * 0.72), reach=(240, HEIGHT)
        )
        if lamps:
            canvas.layer(
                _windows(canvas, towers, base, lamps, 5 + share * 4),
                palette.light,
                palette.accent,
                reach=(240, HEIGHT),
                opacity=0.3 + share * 0.45,
            )
        canvas.haze(base - 10, 220, palette.sky[-1], 0.42 * (1 - share))
    _park(canvas)


def _park(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.glow(800, 1000, 1100, 200, tint=palette.accent, strength=0.5)
    crowns = [
        (canvas.random.uniform(-20, WIDTH + 20), canvas.random.uniform(1022, 1066), canvas.random.uniform(10, 34))
        for _ in range(170)
    ]
    canvas.layer(
        ink.every(ink.oval(x, y, r, r * 0.8) for x, y, r in crowns),
        palette.depth(0.9),
        palette.near,
        reach=(940, HEIGHT),
    )


def _cable(x: float, left: float, right: float, top: float, low: float) -> float:
    middle, half = (left + right) / 2, (right - left) / 2
    return low + (top - low) * ((x - middle) / half) ** 2


def bridge(canvas: Canvas) -> None:
    palette, deck = canvas.palette, 640
    canvas.disc(1080, 520, 54, palette.light)
    canvas.cloud((5, 10), (60, 520), palette.light, floor=118, gain=2.4, opacity=0.36)
    for share, y, height in ((0.05, 640, 50), (0.2, 690, 44), (0.36, 735, 30)):
        line: list[Point] = canvas.swell(y, height, 1.3 + share * 3, phase=share * 9)
        canvas.layer(
            ink.shape([*line, (WIDTH, 800), (0, 800)]),
            palette.depth(share),
            palette.depth(share * 0.6),
            reach=(540, 800),
        )
        canvas.haze(y + 60, 90, palette.light, 0.3)

    _span(canvas, deck, y)
    canvas.water(790, palette.sky[2], mix(palette.sky[0], palette.near, 0.5), palette.light, 0.7)
    canvas.glow(1080, 880, 130, 280, tint=palette.light, strength=0.45)
    canvas.layer(
        ink.shape([(0, HEIGHT), (0, 930), (220, 975), (430, 1010), (600, HEIGHT)]), palette.near, reach=(900, HEIGHT)
    )


def _span(canvas: Canvas, deck: int, y: float) -> None:
    palette = canvas.palette

    def span(pen: Pen) -> None:
        towers = (330.0, 1270.0)
        for tower in towers:
            for side in (-15, 15):
                pen.box(tower + side - 7, 240, tower + side + 7, 800)
            for brace in (250, 380, 510):
                pen.box(tower - 20, brace, tower + 20, brace + 14)
        pen.box(-10, deck, WIDTH + 10, deck + 15)
        for left, right, low in ((-360, 330, 640), (330, 1270, 612), (1270, 1960, 640)):
            edge = [(x, _cable(x, left, right, 250, low)) for x in range(left, right + 1, 10)]
            pen.line(edge, 5)
            for x, y in edge[1:-1:3]:
                pen.line([(x, y), (x, deck)], 1.6, value=190)

    canvas.layer(span, palette.depth(0.62), palette.depth(0.5), reach=(230, 800))


MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "bridge": bridge,
    "istanbul": istanbul,
    "skyline": skyline,
}

"""Motifs of the city."""

import math
from collections.abc import Callable

from newsroom.newsdesk.seed.pictures.canvas import HEIGHT, WIDTH, Canvas, Painter, Pen, Point
from newsroom.newsdesk.seed.pictures.palettes import mix


def _dome(pen: Pen, x: float, base: float, radius: float) -> None:
    pen.round(x, base, radius, radius * 0.86)
    pen.line([(x, base - radius * 0.8), (x, base - radius * 1.28)], radius * 0.045)
    pen.round(x, base - radius * 1.26, radius * 0.055)


def _minaret(pen: Pen, x: float, base: float, height: float, wide: float) -> None:
    pen.box(x - wide / 2, base - height, x + wide / 2, base)
    for share in (0.62, 0.8):
        balcony = base - height * share
        pen.shape([(x - wide, balcony), (x + wide, balcony), (x + wide * 0.5, balcony + wide), (x - wide * 0.5, balcony + wide)])
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
    canvas.layer(lambda pen: _mosque(pen, 1240, 690, 88, (-1.5, 1.5)), palette.depth(0.22), reach=(420, 760))
    canvas.haze(700, 120, palette.light, 0.34)
    canvas.layer(lambda pen: _mosque(pen, 560, 700, 150, (-1.75, -1.32, 1.32, 1.75)), palette.depth(0.52), palette.depth(0.4), reach=(300, 760))
    canvas.layer(_roofs(canvas, 720, 8, 48), palette.depth(0.62), palette.depth(0.5), reach=(600, 760))
    canvas.haze(728, 60, palette.light, 0.3)
    canvas.water(water, palette.sky[1], palette.near, palette.light, 0.62)
    canvas.glow(sun, water + 110, 150, 330, tint=palette.light, strength=0.42)
    for x, y, size in ((300, 872, 1.0), (1130, 800, 0.55)):
        _ferry(canvas, x, y, size)


def _ferry(canvas: Canvas, x: float, y: float, size: float) -> None:
    def hull(pen: Pen) -> None:
        pen.shape([(x - 130 * size, y - 22 * size), (x + 140 * size, y - 26 * size), (x + 112 * size, y + 14 * size), (x - 112 * size, y + 14 * size)])
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
    canvas.layer(lambda pen: pen.round(x, y + 22 * size, 170 * size, 7 * size), canvas.palette.near, reach=(int(y), int(y + 40 * size)), opacity=0.5, blur=3)


def _towers(canvas: Canvas, base: float, low: float, high: float, narrow: float, wide: float) -> list[tuple[float, float, float, int]]:
    found, x = [], -30.0
    while x < WIDTH + 30:
        breadth = canvas.random.uniform(narrow, wide)
        middle = 1 - abs(x / WIDTH - 0.55) * 1.1
        found.append((x, breadth, base - low - (high - low) * max(0.1, middle) * canvas.random.uniform(0.35, 1), canvas.random.randrange(4)))
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


def _windows(canvas: Canvas, towers: list[tuple[float, float, float, int]], base: float, share: float, size: float) -> Painter:
    lit: list[tuple[float, float, int]] = []
    for x, wide, top, _kind in towers:
        for row in range(int((base - top) / (size * 2.4))):
            for column in range(int((wide - size) / (size * 2))):
                if canvas.random.random() < share:
                    lit.append((x + size + column * size * 2, top + size * 1.6 + row * size * 2.4, canvas.random.choice((90, 150, 230))))

    def paint(pen: Pen) -> None:
        for left, top, value in lit:
            pen.box(left, top, left + size, top + size * 1.3, value=value)

    return paint


def skyline(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.disc(1150, 400, 46, palette.light)
    canvas.cloud((4, 8), (40, 520), palette.light, floor=124, gain=2.2, opacity=0.26)
    for share, low, high, breadth, lamps in ((0.08, 80, 330, (34, 74), 0.0), (0.38, 90, 470, (52, 104), 0.16), (0.78, 60, 360, (78, 150), 0.3)):
        base = 900 + share * 60
        towers = _towers(canvas, base, low, high, *breadth)
        canvas.layer(_paint_towers(towers, base), palette.depth(share), palette.depth(share * 0.72), reach=(240, HEIGHT))
        if lamps:
            canvas.layer(_windows(canvas, towers, base, lamps, 5 + share * 4), palette.light, palette.accent, reach=(240, HEIGHT), opacity=0.3 + share * 0.45)
        canvas.haze(base - 10, 220, palette.sky[-1], 0.42 * (1 - share))
    canvas.glow(800, 1000, 1100, 200, tint=palette.accent, strength=0.5)
    crowns = [(canvas.random.uniform(-20, WIDTH + 20), canvas.random.uniform(1022, 1066), canvas.random.uniform(10, 34)) for _ in range(170)]
    canvas.layer(lambda pen: [pen.round(x, y, r, r * 0.8) for x, y, r in crowns] and None, palette.depth(0.9), palette.near, reach=(940, HEIGHT))


def _cable(x: float, left: float, right: float, top: float, low: float) -> float:
    middle, half = (left + right) / 2, (right - left) / 2
    return low + (top - low) * ((x - middle) / half) ** 2


def bridge(canvas: Canvas) -> None:
    palette, deck = canvas.palette, 640
    canvas.disc(1080, 520, 54, palette.light)
    canvas.cloud((5, 10), (60, 520), palette.light, floor=118, gain=2.4, opacity=0.36)
    for share, y, height in ((0.05, 640, 50), (0.2, 690, 44), (0.36, 735, 30)):
        line: list[Point] = canvas.swell(y, height, 1.3 + share * 3, phase=share * 9)
        canvas.layer(lambda pen, line=line: pen.shape([*line, (WIDTH, 800), (0, 800)]), palette.depth(share), palette.depth(share * 0.6), reach=(540, 800))  # type: ignore[misc]  # a lambda's default cannot be typed
        canvas.haze(y + 60, 90, palette.light, 0.3)

    def span(pen: Pen) -> None:
        towers = (330.0, 1270.0)
        for tower in towers:
            for side in (-15, 15):
                pen.box(tower + side - 7, 240, tower + side + 7, 800)
            for y in (250, 380, 510):
                pen.box(tower - 20, y, tower + 20, y + 14)
        pen.box(-10, deck, WIDTH + 10, deck + 15)
        for left, right, low in ((-360, 330, 640), (330, 1270, 612), (1270, 1960, 640)):
            edge = [(x, _cable(x, left, right, 250, low)) for x in range(left, right + 1, 10)]
            pen.line(edge, 5)
            for x, y in edge[1:-1:3]:
                pen.line([(x, y), (x, deck)], 1.6, value=190)

    canvas.layer(span, palette.depth(0.62), palette.depth(0.5), reach=(230, 800))
    canvas.water(790, palette.sky[2], mix(palette.sky[0], palette.near, 0.5), palette.light, 0.7)
    canvas.glow(1080, 880, 130, 280, tint=palette.light, strength=0.45)
    canvas.layer(lambda pen: pen.shape([(0, HEIGHT), (0, 930), (220, 975), (430, 1010), (600, HEIGHT)]), palette.near, reach=(900, HEIGHT))


def parliament(canvas: Canvas) -> None:
    palette = canvas.palette
    stone, shade = mix(palette.light, palette.sky[-1], 0.35), mix(palette.depth(0.35), palette.light, 0.12)
    dark, reach = mix(shade, palette.near, 0.55), (404, 860)
    canvas.cloud((4, 6), (0, 520), palette.light, floor=112, gain=2.6, opacity=0.5)
    canvas.glow(1500, 120, 1300, tint=palette.light, strength=0.6)
    canvas.layer(lambda pen: pen.shape([(-40, 330), (800, 96), (1640, 330)]), stone, mix(stone, shade, 0.35), reach=(80, 340))
    canvas.layer(lambda pen: pen.shape([(150, 316), (800, 136), (1450, 316)]), mix(stone, shade, 0.75), mix(stone, shade, 0.4), reach=(80, 340))
    canvas.layer(lambda pen: pen.box(0, 330, WIDTH, 404), stone, mix(stone, shade, 0.4), reach=(330, 410))
    canvas.layer(_teeth, mix(stone, shade, 0.5), reach=(330, 410))
    canvas.layer(lambda pen: pen.box(0, 404, WIDTH, 850), dark, mix(shade, palette.near, 0.2), reach=reach)
    canvas.layer(_doors, mix(palette.near, dark, 0.25), mix(palette.near, palette.accent, 0.34), reach=reach)
    canvas.layer(_shafts, stone, mix(stone, shade, 0.3), reach=reach)
    canvas.layer(_shadow_sides, shade, reach=reach, opacity=0.55, blur=7)
    canvas.layer(_flutes, shade, reach=reach, opacity=0.42)
    canvas.layer(_capitals, mix(stone, (255, 255, 255), 0.2), mix(stone, shade, 0.3), reach=reach)
    canvas.layer(lambda pen: pen.box(0, 850, WIDTH, HEIGHT), mix(stone, palette.light, 0.3), mix(stone, shade, 0.5), reach=(850, HEIGHT))
    canvas.layer(_steps, mix(shade, palette.near, 0.25), reach=(850, HEIGHT), opacity=0.55)
    canvas.layer(lambda pen: pen.shape([(0, 404), (420, 404), (980, HEIGHT), (0, HEIGHT)]), palette.near, reach=(404, HEIGHT), opacity=0.2, blur=10)


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
    canvas.layer(lambda pen: pen.box(0, 985, WIDTH, HEIGHT), mix(palette.near, palette.accent, 0.28), palette.near, reach=(980, HEIGHT))
    for x in (10, 535, 1065, 1590):
        canvas.layer(lambda pen, x=x: pen.line([(x, 0), (x, 380)], 2.5), palette.near, reach=(0, 400))  # type: ignore[misc]  # a default of a lambda cannot be typed
        canvas.glow(x, 400, 330, tint=palette.accent, strength=0.6)
        canvas.glow(x, 400, 120, tint=palette.light, strength=0.9)
        canvas.layer(lambda pen, x=x: pen.round(x, 400, 17, 22), (255, 252, 236), palette.light, reach=(370, 430))  # type: ignore[misc]


def _arcade(pen: Pen) -> None:
    pen.box(0, 0, WIDTH, 800)
    for x in (270, 800, 1330):
        pen.box(x - 165, 330, x + 165, 800, value=0)
        pen.round(x, 330, 165, 190, value=0)
        for half in (196, 206):
            pen.line([(x + half * math.cos(a / 20 * math.pi), 330 - half * 1.15 * math.sin(a / 20 * math.pi)) for a in range(21)], 3, value=120)


def _stall(canvas: Canvas, x: float, index: int) -> None:
    palette, wide = canvas.palette, 460
    tints = (palette.accent, palette.second, mix(palette.light, palette.accent, 0.3), mix(palette.second, palette.light, 0.45), mix(palette.accent, palette.near, 0.3))
    cloth = tints[index % 2]

    def awning(pen: Pen) -> None:
        pen.shape([(x + 40, 300), (x + wide - 40, 300), (x + wide, 430), (x, 430)])
        for step in range(10):
            pen.round(x + 23 + step * 46, 430, 23, 26)

    def stripes(pen: Pen) -> None:
        for step in range(0, 10, 2):
            pen.shape([(x + 40 + step * 38, 300), (x + 78 + step * 38, 300), (x + 46 + step * 46, 430), (x + step * 46, 430)])
            pen.round(x + 23 + step * 46, 430, 23, 26)

    canvas.within(max(0, int(x) - 10), min(WIDTH, int(x) + wide + 10))
    canvas.layer(lambda pen: [pen.box(side, 420, side + 9, 985) for side in (x + 8, x + wide - 17)] and None, palette.near, reach=(420, 985))
    canvas.layer(awning, mix(cloth, palette.near, 0.25), mix(cloth, palette.near, 0.02), reach=(290, 470))
    canvas.layer(stripes, mix(palette.light, palette.near, 0.22), palette.light, reach=(290, 470))
    canvas.layer(lambda pen: pen.box(x, 452, x + wide, 476), palette.near, reach=(445, 500), opacity=0.35, blur=6)
    canvas.layer(lambda pen: pen.box(x, 840, x + wide, 990), mix(palette.accent, palette.near, 0.62), mix(palette.near, palette.accent, 0.1), reach=(840, 990))
    canvas.layer(lambda pen: [pen.box(x, y, x + wide, y + 4) for y in (876, 914, 952)] and None, palette.near, reach=(840, 990), opacity=0.55)
    for crate in range(4):
        _crate(canvas, x + 6 + crate * 113, tints[(crate + index) % len(tints)])
    canvas.within(0, WIDTH)


def _crate(canvas: Canvas, x: float, tint: tuple[int, int, int]) -> None:
    palette, reach = canvas.palette, (670, 850)
    canvas.within(max(0, int(x) - 6), min(WIDTH, int(x) + 120))
    fruit = [(x + 14 + column * 20.5 + (row % 2) * 10, 800 - row * 16 - 6 * math.sin(column / 4 * math.pi) * row) for row in range(6) for column in range(5 - (row > 3))]
    canvas.layer(lambda pen: pen.shape([(x, 845), (x + 110, 845), (x + 104, 715), (x + 6, 715)]), mix(tint, palette.near, 0.6), mix(tint, palette.near, 0.75), reach=reach)
    canvas.layer(lambda pen: [pen.round(px, py, 13.5) for px, py in fruit] and None, mix(tint, palette.light, 0.12), mix(tint, palette.near, 0.36), reach=reach)
    canvas.layer(lambda pen: [pen.round(px - 3, py - 4, 6.5) for px, py in fruit] and None, mix(tint, palette.light, 0.6), mix(tint, palette.light, 0.1), reach=reach, opacity=0.8, blur=1)
    canvas.layer(lambda pen: [pen.box(x - 2, y, x + 112, y + 17) for y in (806, 830)] and None, mix(palette.accent, palette.near, 0.42), mix(palette.accent, palette.near, 0.62), reach=reach)


MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "bridge": bridge,
    "istanbul": istanbul,
    "market": market,
    "parliament": parliament,
    "skyline": skyline,
}

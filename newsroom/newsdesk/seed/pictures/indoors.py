"""Motifs under a roof."""

import itertools
import math
from collections.abc import Callable

from newsroom.newsdesk.seed.pictures.canvas import HEIGHT, WIDTH, Canvas, Pen, Point
from newsroom.newsdesk.seed.pictures.palettes import Colour, mix

WHITE = (255, 255, 255)


def podium(canvas: Canvas) -> None:
    palette = canvas.palette
    wall, floor = mix(palette.sky[1], palette.near, 0.25), 800
    canvas.sky((mix(wall, palette.near, 0.55), wall, mix(wall, palette.light, 0.25), mix(wall, palette.near, 0.2)))
    canvas.layer(lambda pen: [pen.box(x, 0, x + 5, floor) for x in range(-30, WIDTH, 130)] and None, palette.near, reach=(0, floor), opacity=0.22, blur=3)
    canvas.glow(800, 420, 760, 560, tint=palette.light, strength=0.75)
    for index, tint in enumerate((palette.accent, palette.second, palette.light, palette.accent)):
        _flag(canvas, (170, 330, 1270, 1430)[index], tint)
    canvas.layer(lambda pen: pen.box(0, floor, WIDTH, HEIGHT), mix(palette.near, palette.sky[0], 0.5), palette.near, reach=(floor, HEIGHT))
    canvas.glow(800, floor + 60, 720, 150, tint=palette.light, strength=0.4)
    _lectern(canvas)
    _microphones(canvas)
    heads = [(x + canvas.random.uniform(-16, 16), 1046 + canvas.random.uniform(-18, 22), canvas.random.uniform(48, 62)) for x in range(40, WIDTH, 152)]
    canvas.layer(lambda pen: [(pen.round(x, y, r * 0.78, r), pen.round(x, y + r * 2.1, r * 1.9, r * 1.35)) for x, y, r in heads] and None, palette.near, reach=(940, HEIGHT), opacity=0.96, blur=2.5)


def _flag(canvas: Canvas, x: float, tint: Colour) -> None:
    palette, reach = canvas.palette, (210, 840)
    canvas.within(max(0, int(x) - 130), min(WIDTH, int(x) + 150))
    canvas.layer(lambda pen: (pen.box(x - 4, 240, x + 4, 830), pen.round(x, 234, 11)) and None, mix(palette.accent, palette.light, 0.5), mix(palette.near, palette.accent, 0.3), reach=reach)
    fold = [(x + 4, 258), (x + 44, 270), (x + 74, 320), (x + 88, 440), (x + 82, 560), (x + 92, 700), (x + 62, 716), (x + 34, 702), (x + 8, 716)]
    canvas.layer(lambda pen: pen.shape(fold), mix(tint, palette.near, 0.12), mix(tint, palette.near, 0.42), reach=reach)
    canvas.layer(lambda pen: [pen.shape([(x + 10 + d, 280 + d), (x + 26 + d, 292 + d), (x + 40 + d * 0.4, 690), (x + 18 + d * 0.4, 690)]) for d in (0, 34, 58)] and None, palette.near, reach=reach, opacity=0.34, blur=6)
    canvas.within(0, WIDTH)


def _lectern(canvas: Canvas) -> None:
    palette, reach = canvas.palette, (520, 960)
    wood = mix((132, 84, 50), palette.near, 0.22)
    canvas.layer(lambda pen: pen.round(800, 936, 260, 18), palette.near, reach=(900, 960), opacity=0.6, blur=8)
    canvas.layer(lambda pen: pen.shape([(640, 600), (960, 600), (930, 930), (670, 930)]), mix(wood, palette.light, 0.14), mix(wood, palette.near, 0.5), reach=reach)
    canvas.layer(lambda pen: pen.shape([(640, 600), (700, 600), (716, 930), (670, 930)]), palette.near, reach=reach, opacity=0.3, blur=4)
    canvas.layer(lambda pen: pen.shape([(596, 612), (1004, 612), (968, 560), (632, 560)]), mix(wood, palette.light, 0.36), mix(wood, palette.light, 0.06), reach=reach)
    canvas.layer(lambda pen: pen.box(596, 610, 1004, 632), mix(wood, palette.near, 0.4), reach=reach)
    canvas.layer(lambda pen: pen.round(800, 770, 66), mix(palette.light, palette.accent, 0.35), mix(palette.accent, palette.near, 0.3), reach=reach)
    canvas.layer(lambda pen: pen.round(800, 770, 55), mix(wood, palette.near, 0.35), reach=reach)
    star = [(800 + (46 if point % 2 == 0 else 21) * math.sin(point / 8 * math.pi), 770 - (46 if point % 2 == 0 else 21) * math.cos(point / 8 * math.pi)) for point in range(16)]
    canvas.layer(lambda pen: pen.shape(star), mix(palette.light, palette.accent, 0.3), reach=reach)


def _microphones(canvas: Canvas) -> None:
    palette = canvas.palette
    heads = ((664, 500, 690), (726, 452, 742), (790, 470, 790), (856, 446, 842), (930, 494, 904))
    for index, (x, y, foot) in enumerate(heads):
        tint = (palette.near, palette.accent, palette.near, palette.second, palette.near)[index]
        canvas.layer(lambda pen, x=x, y=y, f=foot: pen.line([(f, 586), (f + (x - f) * 0.3, 540), (x, y + 20)], 6), palette.near, reach=(400, 600))  # type: ignore[misc]  # a default of a lambda cannot be typed
        canvas.layer(lambda pen, x=x, y=y: (pen.round(x, y - 16, 21, 27), pen.pill(x - 18, y - 6, x + 18, y + 32, 7)) and None, mix(tint, palette.light, 0.24), mix(tint, palette.near, 0.5), reach=(400, 600))  # type: ignore[misc]
        canvas.layer(lambda pen, x=x, y=y: pen.round(x - 6, y - 24, 6, 9), palette.light, reach=(400, 600), opacity=0.4, blur=3)  # type: ignore[misc]


def library(canvas: Canvas) -> None:
    palette = canvas.palette
    wood = mix(palette.accent, palette.near, 0.72)
    canvas.sky((mix(wood, palette.near, 0.5), mix(wood, palette.accent, 0.25), mix(wood, palette.near, 0.4)))
    tints = (palette.accent, palette.second, palette.far, mix(palette.accent, palette.light, 0.45), mix(palette.second, palette.near, 0.45), mix(palette.far, palette.near, 0.4), mix(palette.light, palette.accent, 0.2))
    books: dict[int, list[tuple[float, float, float, float]]] = {index: [] for index in range(len(tints))}
    for shelf in range(6):
        _fill_shelf(canvas, books, 40 + shelf * 182, 30 + shelf * 182 + 162)
    for index, places in books.items():
        canvas.layer(lambda pen, p=places: [pen.shape([(x + lean, top), (x + wide + lean, top), (x + wide, base), (x, base)]) for x, top, wide, lean, base in p] and None, mix(tints[index], palette.near, 0.24), mix(tints[index], palette.near, 0.4))  # type: ignore[misc]
    every = [place for places in books.values() for place in places]
    canvas.layer(lambda pen: [pen.box(x + 4, y, x + w - 4, y + h) for x, top, w, lean, base in every if not lean for y, h in ((top + 18, 5), (base - 34, 9))] and None, mix(palette.light, palette.accent, 0.35), opacity=0.62)
    canvas.layer(lambda pen: [pen.box(x + w - 5, top + 2, x + w - 1, base) for x, top, w, lean, base in every if not lean] and None, palette.near, opacity=0.34, blur=1.2)
    for shelf in range(7):
        y = 10 + shelf * 182
        canvas.layer(lambda pen, y=y: pen.box(0, y, WIDTH, y + 22), mix(wood, palette.light, 0.3), mix(wood, palette.near, 0.2), reach=(y, y + 24))  # type: ignore[misc]
        canvas.layer(lambda pen, y=y: pen.box(0, y + 22, WIDTH, y + 52), palette.near, reach=(y, y + 62), opacity=0.5, blur=8)  # type: ignore[misc]
    for x in (520, 1072):
        canvas.layer(lambda pen, x=x: pen.box(x, 0, x + 26, HEIGHT), mix(wood, palette.light, 0.26), mix(wood, palette.near, 0.15))  # type: ignore[misc]
    _ladder(canvas, wood)
    canvas.glow(420, 360, 640, tint=palette.light, strength=0.5)
    canvas.glow(1330, 620, 620, tint=palette.accent, strength=0.42)


def _fill_shelf(canvas: Canvas, books: dict[int, list[tuple[float, ...]]], top: float, base: float) -> None:
    x = -6.0
    while x < WIDTH:
        wide = canvas.random.uniform(15, 44)
        if canvas.random.random() < 0.06:
            x += canvas.random.uniform(24, 70)
        leans = canvas.random.choice((0, 0, 0, 0, 0, 0, 0, 9, -9))
        books[canvas.random.randrange(len(books))].append((x, top + canvas.random.uniform(2, 56), wide, leans, base))
        x += wide + 1.5 + abs(leans)


def _ladder(canvas: Canvas, wood: Colour) -> None:
    def paint(pen: Pen) -> None:
        pen.line([(1180, -10), (1040, HEIGHT + 10)], 17)
        pen.line([(1330, -10), (1230, HEIGHT + 10)], 17)
        for step in range(11):
            y = 20 + step * 104
            pen.line([(1180 - y * 0.131, y), (1330 - y * 0.094, y)], 13)

    canvas.layer(lambda pen: pen.line([(1150, -10), (1010, HEIGHT)], 30), canvas.palette.near, opacity=0.4, blur=12)
    canvas.layer(paint, mix(wood, canvas.palette.light, 0.5), mix(wood, canvas.palette.light, 0.16))


def hospital(canvas: Canvas) -> None:
    palette, eye = canvas.palette, (860.0, 470.0)
    wall = mix(palette.sky[2], WHITE, 0.35)
    canvas.sky((mix(wall, WHITE, 0.5), wall))

    def frame(share: float) -> tuple[float, float, float, float]:
        return eye[0] - 1000 * share, eye[1] - 620 * share, eye[0] + 900 * share, eye[1] + 700 * share

    left, top, right, bottom = frame(0.13)
    canvas.layer(lambda pen: pen.shape([(0, 0), (WIDTH, 0), (right, top), (left, top)]), mix(wall, WHITE, 0.7), mix(wall, palette.sky[1], 0.12), reach=(0, 480))
    canvas.layer(lambda pen: pen.shape([(eye[0] - 1000, HEIGHT + 100), (WIDTH + 160, HEIGHT + 100), (right, bottom), (left, bottom)]), mix(palette.sky[1], wall, 0.45), mix(palette.sky[1], palette.near, 0.16), reach=(int(bottom), HEIGHT))
    canvas.layer(lambda pen: pen.shape([(-140, -150), (left, top), (left, bottom), (-140, HEIGHT + 100)]), mix(wall, palette.sky[1], 0.22), mix(wall, palette.sky[1], 0.44))
    band = [(eye[0] - 1000, eye[1] + 300), (left, eye[1] + 39), (left, eye[1] + 52), (eye[0] - 1000, eye[1] + 400)]
    canvas.layer(lambda pen: (pen.shape(band), pen.shape([(2 * eye[0] - x, y) for x, y in band])) and None, palette.accent, mix(palette.accent, palette.near, 0.1), opacity=0.72)
    _doors(canvas, eye)
    for near, far in ((0.92, 0.68), (0.5, 0.38), (0.29, 0.23), (0.19, 0.155)):
        lamp = [(eye[0] + side * 190 * share, eye[1] - 616 * share) for side, share in ((-1, near), (1, near), (1, far), (-1, far))]
        canvas.layer(lambda pen, lamp=lamp: pen.shape(lamp), WHITE, reach=(0, 480))
        canvas.glow(eye[0], eye[1] - 616 * (near + far) / 2, 520 * near, 150 * near, tint=WHITE, strength=0.6)
        gleam = [(eye[0] + side * 170 * share, eye[1] + 700 * share) for side, share in ((-1, near), (1, near), (1, far), (-1, far))]
        canvas.layer(lambda pen, gleam=gleam: pen.shape(gleam), WHITE, reach=(480, HEIGHT), opacity=0.4, blur=13)
    canvas.layer(lambda pen: pen.box(left, top, right, bottom), mix(wall, WHITE, 0.85), wall, reach=(int(top), int(bottom) + 1))
    canvas.layer(lambda pen: (pen.box(left + 50, top + 44, eye[0] - 8, bottom), pen.box(eye[0] - 2, top + 44, right - 44, bottom)) and None, mix(palette.sky[1], wall, 0.35), mix(palette.sky[1], wall, 0.15), reach=(int(top), int(bottom) + 1))
    canvas.glow(eye[0], eye[1], 330, tint=WHITE, strength=0.75)
    _trolley(canvas)


DOORS = ((0.98, 0.66), (0.5, 0.36), (0.28, 0.21), (0.175, 0.145))


def _doors(canvas: Canvas, eye: Point) -> None:
    """Frames, doors and their windows on both walls, in perspective."""
    palette = canvas.palette

    def paint(pen: Pen, start: float, end: float, high: float, low: float) -> None:
        for near, far in DOORS:
            a, b = near - (near - far) * start, near - (near - far) * end
            for reach in (-1000, 900):
                pen.shape([(eye[0] + reach * share, eye[1] + y * share) for share, y in ((a, high), (b, high), (b, low), (a, low))])

    canvas.layer(lambda pen: paint(pen, 0, 1, -330, 700), mix(palette.sky[2], WHITE, 0.75), opacity=0.9)
    canvas.layer(lambda pen: paint(pen, 0.1, 0.9, -290, 700), mix(palette.sky[1], palette.sky[2], 0.3), mix(palette.sky[1], palette.near, 0.3))
    canvas.layer(lambda pen: paint(pen, 0.6, 0.8, -190, 60), mix(palette.light, WHITE, 0.4), palette.sky[2], opacity=0.85)


def _trolley(canvas: Canvas) -> None:
    palette, reach = canvas.palette, (560, 1000)
    canvas.layer(lambda pen: pen.round(1190, 950, 240, 16), palette.near, reach=(900, 990), opacity=0.4, blur=9)
    canvas.layer(lambda pen: ([pen.line([(x, 735), (x + lean, 920)], 8) for x, lean in ((1020, 130), (1350, -130))], pen.line([(1010, 880), (1380, 880)], 7), [pen.round(x, 930, 19) for x in (1030, 1130, 1260, 1355)], pen.line([(1395, 740), (1395, 640)], 8), pen.line([(985, 740), (985, 660)], 8)) and None, palette.depth(0.6), palette.near, reach=reach)
    canvas.layer(lambda pen: pen.pill(980, 690, 1400, 744, 20), mix(WHITE, palette.sky[2], 0.12), mix(palette.sky[2], palette.sky[1], 0.4), reach=reach)
    canvas.layer(lambda pen: pen.pill(1290, 656, 1398, 704, 22), WHITE, mix(WHITE, palette.sky[2], 0.4), reach=reach)
    canvas.layer(lambda pen: pen.pill(976, 708, 1270, 752, 18), palette.accent, mix(palette.accent, palette.near, 0.22), reach=reach, opacity=0.9)


def laboratory(canvas: Canvas) -> None:
    palette, bench = canvas.palette, 860
    canvas.sky((mix(palette.sky[1], palette.sky[2], 0.3), mix(palette.sky[2], WHITE, 0.2), mix(palette.sky[3], WHITE, 0.4), palette.sky[2]))
    canvas.glow(460, 300, 900, tint=palette.light, strength=0.6)
    canvas.layer(lambda pen: [pen.box(x, 70, x + 230, 560) for x in (90, 350, 1010, 1270)] and None, WHITE, palette.sky[3], reach=(60, 570), opacity=0.32, blur=13)
    blobs = [(canvas.random.uniform(0, WIDTH), canvas.random.uniform(560, 840), canvas.random.uniform(20, 66)) for _ in range(24)]
    canvas.layer(lambda pen: [pen.round(x, y, r) for x, y, r in blobs] and None, palette.sky[1], palette.sky[0], reach=(480, 920), opacity=0.16, blur=12)
    canvas.layer(lambda pen: pen.box(0, bench, WIDTH, HEIGHT), mix(palette.sky[3], WHITE, 0.5), mix(palette.sky[1], palette.near, 0.3), reach=(bench, HEIGHT))
    tints = (palette.accent, palette.second, mix(palette.sky[0], palette.second, 0.35), mix(palette.accent, palette.second, 0.5))
    for index, (x, wide, tall, level) in enumerate(((330, 190, 400, 0.42), (800, 240, 520, 0.5), (1240, 170, 360, 0.56))):
        _flask(canvas, x, bench + 50 + 20 * (index == 1), wide, tall, level, tints[index])
    for index, x in enumerate((530, 585, 1010, 1065, 1430, 1485)):
        _tube(canvas, x, bench + 20, tints[(index + 1) % 4], 0.3 + 0.08 * index)


def _glass(canvas: Canvas, outline: list[Point], liquid: list[Point], tint: Colour, reach: tuple[int, int]) -> None:
    palette = canvas.palette
    canvas.layer(lambda pen: pen.shape(outline), WHITE, palette.sky[2], reach=reach, opacity=0.36)
    canvas.layer(lambda pen: pen.shape(liquid), mix(tint, WHITE, 0.22), mix(tint, palette.near, 0.2), reach=reach, opacity=0.88)
    canvas.layer(lambda pen: pen.line([*outline, outline[0]], 4), mix(palette.sky[0], palette.near, 0.2), reach=reach, opacity=0.5)


def _flask(canvas: Canvas, x: float, base: float, wide: float, tall: float, level: float, tint: Colour) -> None:
    neck, shoulder, rim = wide * 0.2, base - tall * 0.62, base - tall
    reach = (int(rim) - 20, int(min(HEIGHT, base + 90)))
    canvas.within(max(0, int(x - wide * 1.6)), min(WIDTH, int(x + wide * 2.2)))
    outline = [(x - neck, rim), (x + neck, rim), (x + neck, shoulder), (x + wide * 0.78, base - 22), (x + wide * 0.7, base), (x - wide * 0.7, base), (x - wide * 0.78, base - 22), (x - neck, shoulder)]
    top = base - tall * 0.62 * level * 1.25
    half = neck + (wide * 0.78 - neck) * (top - shoulder) / (base - 22 - shoulder)
    liquid = [(x - half + 7, top), (x + half - 7, top), (x + wide * 0.76 - 7, base - 22), (x + wide * 0.69 - 6, base - 6), (x - wide * 0.69 + 6, base - 6), (x - wide * 0.76 + 7, base - 22)]
    canvas.layer(lambda pen: pen.shape([(x - wide * 0.6, base - 4), (x + wide * 0.7, base - 4), (x + wide * 1.7, base + 56), (x + wide * 0.1, base + 56)]), mix(tint, canvas.palette.near, 0.25), reach=reach, opacity=0.4, blur=13)
    _glass(canvas, outline, liquid, tint, reach)
    canvas.layer(lambda pen: pen.round(x, top, half - 7, 10), mix(tint, WHITE, 0.45), reach=reach, opacity=0.9)
    canvas.layer(lambda pen: pen.round(x, rim, neck + 7, 9), WHITE, canvas.palette.sky[1], reach=reach, opacity=0.75)
    canvas.layer(lambda pen: (pen.line([(x - neck * 0.5, rim + 20), (x - neck * 0.5, shoulder), (x - wide * 0.52, base - 46)], 9), pen.line([(x + neck * 0.62, rim + 30), (x + neck * 0.62, shoulder)], 4)) and None, WHITE, reach=reach, opacity=0.6, blur=1.5)
    bubbles = [(x + canvas.random.uniform(-half, half) * 0.8, canvas.random.uniform(top + 10, base - 20), canvas.random.uniform(2.5, 8)) for _ in range(15)]
    canvas.layer(lambda pen: [pen.round(bx, by, r) for bx, by, r in bubbles] and None, WHITE, reach=reach, opacity=0.4)
    canvas.layer(lambda pen: [pen.line([(x + wide * 0.1, y), (x + wide * 0.1 + 32, y)], 3) for y in range(int(base - tall * 0.5), int(base - 20), 32)] and None, WHITE, reach=reach, opacity=0.6)
    canvas.within(0, WIDTH)


def _tube(canvas: Canvas, x: float, base: float, tint: Colour, level: float) -> None:
    top, reach = base - 300, (int(base - 330), int(min(HEIGHT, base + 40)))
    canvas.within(int(x - 50), int(min(WIDTH, x + 90)))
    ends = [(x + 19 * math.cos(a / 12 * math.pi), base - 19 + 19 * math.sin(a / 12 * math.pi)) for a in range(13)]
    inner = [(x + 15 * math.cos(a / 12 * math.pi), base - 19 + 15 * math.sin(a / 12 * math.pi)) for a in range(13)]
    surface = base - 300 * level
    canvas.layer(lambda pen: pen.round(x + 24, base + 4, 42, 9), mix(tint, canvas.palette.near, 0.3), reach=reach, opacity=0.4, blur=6)
    _glass(canvas, [(x - 19, top), (x + 19, top), *ends], [(x - 15, surface), (x + 15, surface), *inner], tint, reach)
    canvas.layer(lambda pen: pen.line([(x - 9, top + 14), (x - 9, base - 30)], 5), WHITE, reach=reach, opacity=0.6, blur=1)
    canvas.within(0, WIDTH)


def servers(canvas: Canvas) -> None:
    palette, eye = canvas.palette, (800.0, 500.0)
    canvas.sky((palette.near, mix(palette.near, palette.sky[1], 0.6), palette.near))
    canvas.glow(*eye, 620, tint=palette.second, strength=0.5)
    canvas.layer(lambda pen: pen.shape([(-300, HEIGHT), (WIDTH + 300, HEIGHT), (eye[0] + 60, eye[1] + 58), (eye[0] - 60, eye[1] + 58)]), mix(palette.near, palette.sky[1], 0.7), mix(palette.near, palette.sky[1], 0.25), reach=(500, HEIGHT))
    lamps: dict[Colour, list[tuple[float, float, float]]] = {palette.second: [], palette.accent: [], palette.light: []}
    edges: list[float] = [1.5, 1.02, 0.7, 0.48, 0.33, 0.23, 0.16, 0.11]
    pairs = list(zip(edges, edges[1:], strict=False))
    for near, far in reversed(pairs):
        _rack(canvas, eye, near, far, lamps)
    canvas.layer(lambda pen: _seams(pen, eye, pairs), palette.near, opacity=0.75)
    posts = [(eye[0] + side * 560 * near, near) for side in (-1, 1) for near, _far in pairs]
    canvas.layer(lambda pen: [pen.line([(x, eye[1] - 520 * near), (x, eye[1] + 560 * near)], max(1.5, 9 * near)) for x, near in posts] and None, mix(palette.second, palette.near, 0.4), opacity=0.8)
    for tint, places in lamps.items():
        canvas.layer(lambda pen, p=places: [pen.round(x, y, r * 2.6) for x, y, r in p] and None, tint, opacity=0.4, blur=4)  # type: ignore[misc]
        canvas.layer(lambda pen, p=places: [pen.round(x, y, r) for x, y, r in p] and None, mix(tint, WHITE, 0.45))  # type: ignore[misc]
    for near, far in pairs:
        strip = [(eye[0] + side * 90 * share, eye[1] - 470 * share) for side, share in ((-1, near), (1, near), (1, far * 1.06), (-1, far * 1.06))]
        canvas.layer(lambda pen, strip=strip: pen.shape(strip), mix(palette.second, WHITE, 0.7), reach=(0, 520))
        canvas.layer(lambda pen, strip=strip: pen.shape([(x, 2 * eye[1] - y) for x, y in strip]), palette.second, reach=(480, HEIGHT), opacity=0.36, blur=12)
    canvas.glow(*eye, 260, 300, tint=mix(palette.second, WHITE, 0.4), strength=0.85)


def _rack(canvas: Canvas, eye: Point, near: float, far: float, lamps: dict[Colour, list[tuple[float, float, float]]]) -> None:
    palette = canvas.palette
    light = mix(palette.sky[1], palette.second, 0.25 * (1 - near / 1.5))
    faces = [[(eye[0] + side * 560 * share, eye[1] + y * share) for share, y in ((near, -520), (far, -520), (far, 560), (near, 560))] for side in (-1, 1)]
    reach = (int(eye[1] - 520 * near), int(eye[1] + 560 * near))
    canvas.layer(lambda pen: [pen.shape(face) for face in faces] and None, mix(palette.near, light, 0.75 - 0.3 * near), mix(palette.near, light, 0.42 - 0.2 * near), reach=reach)
    for side, row, column in itertools.product((-1, 1), range(-450, 541, 60), range(9)):
        if canvas.random.random() < 0.5:
            share = near - (near - far) * (0.12 + column * 0.085)
            tint = canvas.random.choices(list(lamps), (7, 2, 2))[0]
            lamps[tint].append((eye[0] + side * 560 * share, eye[1] + row * share, max(0.9, 4.6 * share)))


def _seams(pen: Pen, eye: Point, pairs: list[tuple[float, float]]) -> None:
    for (near, far), side, y in itertools.product(pairs, (-1, 1), range(-480, 541, 60)):
        pen.line([(eye[0] + side * 560 * share, eye[1] + y * share) for share in (near, far)], max(1.0, 7 * near))


def trading(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.sky((palette.near, mix(palette.near, palette.sky[1], 0.7), palette.near))
    canvas.glow(800, 430, 1000, 460, tint=palette.second, strength=0.36)
    up, fall = palette.second, palette.accent
    for left, top, wide, tall in ((60, 90, 440, 290), (540, 60, 520, 360), (1100, 90, 440, 290), (60, 420, 440, 250), (540, 460, 520, 210), (1100, 420, 440, 250)):
        _screen(canvas, left, top, wide, tall, up, fall)
    canvas.layer(lambda pen: pen.shape([(0, 800), (WIDTH, 800), (WIDTH, HEIGHT), (0, HEIGHT)]), mix(palette.near, palette.sky[1], 0.4), palette.near, reach=(790, HEIGHT))
    canvas.glow(800, 820, 900, 130, tint=palette.second, strength=0.3)
    people = [(x + canvas.random.uniform(-30, 30), 900 + canvas.random.uniform(-16, 30), canvas.random.uniform(0.85, 1.12)) for x in (150, 390, 640, 900, 1160, 1430)]

    def crowd(pen: Pen, lower: float) -> None:
        for x, y, size in people:
            pen.round(x, y - 72 * size + lower, 34 * size, 42 * size)
            pen.pill(x - 84 * size, y - 26 * size + lower, x + 84 * size, y + 260 * size, 52 * size)
            pen.box(x - 15 * size, y - 50 * size, x + 15 * size, y)

    canvas.layer(lambda pen: crowd(pen, 0), mix(palette.near, palette.second, 0.75), mix(palette.near, palette.second, 0.2), reach=(760, HEIGHT), blur=1)
    canvas.layer(lambda pen: crowd(pen, 6), mix(palette.near, palette.sky[1], 0.6), palette.near, reach=(766, HEIGHT), blur=1.5)


def _screen(canvas: Canvas, left: int, top: int, wide: int, tall: int, up: Colour, fall: Colour) -> None:
    palette, reach = canvas.palette, (top - 10, top + tall + 60)
    canvas.within(max(0, left - 12), min(WIDTH, left + wide + 12))
    canvas.layer(lambda pen: pen.pill(left - 7, top - 7, left + wide + 7, top + tall + 7, 12), mix(palette.near, (0, 0, 0), 0.3), reach=reach)
    canvas.layer(lambda pen: pen.pill(left, top, left + wide, top + tall, 7), mix(palette.sky[1], palette.near, 0.15), mix(palette.sky[1], palette.near, 0.6), reach=reach)
    canvas.layer(lambda pen: ([pen.box(left, y, left + wide, y + 1) for y in range(top + 36, top + tall, 36)], [pen.box(x, top, x + 1, top + tall) for x in range(left + 52, left + wide, 52)]) and None, palette.sky[2], reach=reach, opacity=0.3)
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
        canvas.layer(lambda pen, r=rising: bars(pen, r), tint, reach=reach, opacity=0.5, blur=6)  # type: ignore[misc]
        canvas.layer(lambda pen, r=rising: bars(pen, r), mix(tint, WHITE, 0.25), tint, reach=reach)  # type: ignore[misc]
    trend = [(x + 4, top + tall * (1 - (a + b) / 2) - 26) for x, a, b, _wick in candles[::3]]
    canvas.layer(lambda pen: pen.line(trend, 3), mix(palette.light, WHITE, 0.3), reach=reach, opacity=0.85)
    canvas.layer(lambda pen: pen.shape([(left, top), (left + wide * 0.46, top), (left + wide * 0.2, top + tall), (left, top + tall)]), WHITE, reach=reach, opacity=0.045)
    canvas.within(0, WIDTH)


def concert(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.sky((palette.near, mix(palette.near, palette.sky[1], 0.8), palette.sky[2], mix(palette.sky[3], palette.sky[2], 0.4), palette.near))
    canvas.glow(800, 660, 900, 380, tint=palette.light, strength=0.7)
    for index, x in enumerate(range(100, WIDTH, 175)):
        tint = (palette.accent, palette.second, palette.light)[index % 3]
        lean = (800 - x) * canvas.random.uniform(0.2, 1.1) + canvas.random.uniform(-160, 160)
        beam = [(x - 7, 100), (x + 7, 100), (x + lean + 125, 900), (x + lean - 125, 900)]
        canvas.layer(lambda pen, beam=beam: pen.shape(beam), mix(tint, WHITE, 0.35), tint, reach=(100, 900), opacity=0.25, blur=9)
        canvas.layer(lambda pen, x=x, lean=lean: pen.shape([(x - 3, 100), (x + 3, 100), (x + lean + 46, 860), (x + lean - 46, 860)]), WHITE, tint, reach=(100, 860), opacity=0.2, blur=5)  # type: ignore[misc]
        canvas.glow(x, 100, 120, tint=tint, strength=0.85)
        canvas.layer(lambda pen, x=x: pen.round(x, 100, 11, 9), WHITE, reach=(84, 116))  # type: ignore[misc]
    canvas.layer(_truss, palette.near, reach=(20, 100))
    canvas.cloud((6, 5), (420, 900), palette.light, floor=122, gain=2.6, opacity=0.38)
    canvas.layer(_band, palette.near, reach=(520, 860))
    canvas.layer(lambda pen: pen.box(0, 800, WIDTH, 850), mix(palette.near, palette.sky[2], 0.3), palette.near, reach=(800, 850))
    for share, y in ((0.4, 860), (0.7, 930), (1.0, 1010)):
        _crowd(canvas, y, 25 + 26 * share, mix(palette.near, palette.sky[2], 0.42 * (1 - share)))


def _truss(pen: Pen) -> None:
    pen.box(0, 30, WIDTH, 39)
    pen.box(0, 79, WIDTH, 88)
    for x in range(0, WIDTH, 48):
        pen.line([(x, 84), (x + 24, 34), (x + 48, 84)], 4)


def _band(pen: Pen) -> None:
    for x, size in ((620, 1.0), (830, 1.14), (1040, 0.96)):
        base = 806
        pen.round(x, base - 190 * size, 17 * size, 21 * size)
        pen.shape([(x - 31 * size, base - 162 * size), (x + 31 * size, base - 162 * size), (x + 21 * size, base - 76 * size), (x - 21 * size, base - 76 * size)])
        pen.line([(x - 12 * size, base - 84 * size), (x - 20 * size, base)], 15 * size)
        pen.line([(x + 12 * size, base - 84 * size), (x + 22 * size, base)], 15 * size)
        pen.line([(x - 28 * size, base - 154 * size), (x - 46 * size, base - 112 * size), (x - 4 * size, base - 102 * size)], 10 * size)
        pen.line([(x - 52 * size, base - 86 * size), (x + 72 * size, base - 140 * size)], 7 * size)
        pen.round(x - 36 * size, base - 93 * size, 25 * size, 18 * size)
    pen.line([(770, 806), (770, 640), (800, 626)], 4)
    for x in (90, 1370):
        pen.pill(x, 610, x + 140, 806, 8)


def _crowd(canvas: Canvas, y: float, size: float, tint: Colour) -> None:
    people = [(x + canvas.random.uniform(-14, 14), y + canvas.random.uniform(-24, 24), canvas.random.random()) for x in range(-20, WIDTH + 60, int(size * 2.05))]

    def paint(pen: Pen) -> None:
        for x, head, luck in people:
            pen.round(x, head, size * 0.54, size * 0.68)
            pen.pill(x - size * 1.05, head + size * 0.6, x + size * 1.05, head + size * 8, size * 0.75)
            if luck < 0.36:
                side = 1 if luck < 0.18 else -1
                pen.line([(x + side * size * 0.8, head + size), (x + side * size * 1.15, head - size * 0.7), (x + side * size * 0.75, head - size * 2.3)], size * 0.36)
                pen.round(x + side * size * 0.75, head - size * 2.4, size * 0.24)

    canvas.layer(paint, tint, mix(tint, canvas.palette.near, 0.7), reach=(int(y - size * 3.4), HEIGHT))


MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "concert": concert,
    "hospital": hospital,
    "laboratory": laboratory,
    "library": library,
    "podium": podium,
    "servers": servers,
    "trading": trading,
}

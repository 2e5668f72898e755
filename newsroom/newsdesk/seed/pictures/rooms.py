"""Motifs of rooms where work is done."""

import itertools
from collections.abc import Callable

from newsroom.newsdesk.seed.pictures import ink
from newsroom.newsdesk.seed.pictures.canvas import HEIGHT, WIDTH, Canvas
from newsroom.newsdesk.seed.pictures.ink import Pen, Point
from newsroom.newsdesk.seed.pictures.palettes import Colour, mix

WHITE = (255, 255, 255)
Book = tuple[float, float, float, float, float]  # left, top, width, lean, base


def library(canvas: Canvas) -> None:
    palette = canvas.palette
    wood = mix(palette.accent, palette.near, 0.72)
    canvas.sky((mix(wood, palette.near, 0.5), mix(wood, palette.accent, 0.25), mix(wood, palette.near, 0.4)))
    tints = (
        palette.accent,
        palette.second,
        palette.far,
        mix(palette.accent, palette.light, 0.45),
        mix(palette.second, palette.near, 0.45),
        mix(palette.far, palette.near, 0.4),
        mix(palette.light, palette.accent, 0.2),
    )
    books: dict[int, list[Book]] = {index: [] for index in range(len(tints))}
    for shelf in range(6):
        _fill_shelf(canvas, books, 40 + shelf * 182, 30 + shelf * 182 + 162)
    for index, places in books.items():
        canvas.layer(
            ink.every(
                ink.shape([(x + lean, top), (x + wide + lean, top), (x + wide, base), (x, base)])
                for x, top, wide, lean, base in places
            ),
            mix(tints[index], palette.near, 0.24),
            mix(tints[index], palette.near, 0.4),
        )
    _bindings(canvas, books)
    _boards(canvas, wood)
    _ladder(canvas, wood)
    canvas.glow(420, 360, 640, tint=palette.light, strength=0.5)
    canvas.glow(1330, 620, 620, tint=palette.accent, strength=0.42)


def _bindings(canvas: Canvas, books: dict[int, list[Book]]) -> None:
    palette = canvas.palette
    every = [place for places in books.values() for place in places]
    canvas.layer(
        ink.every(
            ink.box(x + 4, y, x + w - 4, y + h)
            for x, top, w, lean, base in every
            if not lean
            for y, h in ((top + 18, 5), (base - 34, 9))
        ),
        mix(palette.light, palette.accent, 0.35),
        opacity=0.62,
    )
    canvas.layer(
        ink.every(ink.box(x + w - 5, top + 2, x + w - 1, base) for x, top, w, lean, base in every if not lean),
        palette.near,
        opacity=0.34,
        blur=1.2,
    )


def _boards(canvas: Canvas, wood: Colour) -> None:
    palette = canvas.palette
    for shelf in range(7):
        y = 10 + shelf * 182
        canvas.layer(
            ink.box(0, y, WIDTH, y + 22), mix(wood, palette.light, 0.3), mix(wood, palette.near, 0.2), reach=(y, y + 24)
        )
        canvas.layer(ink.box(0, y + 22, WIDTH, y + 52), palette.near, reach=(y, y + 62), opacity=0.5, blur=8)
    for x in (520, 1072):
        canvas.layer(ink.box(x, 0, x + 26, HEIGHT), mix(wood, palette.light, 0.26), mix(wood, palette.near, 0.15))


def _fill_shelf(canvas: Canvas, books: dict[int, list[Book]], top: float, base: float) -> None:
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

    canvas.layer(ink.line([(1150, -10), (1010, HEIGHT)], 30), canvas.palette.near, opacity=0.4, blur=12)
    canvas.layer(paint, mix(wood, canvas.palette.light, 0.5), mix(wood, canvas.palette.light, 0.16))


def hospital(canvas: Canvas) -> None:
    palette, eye = canvas.palette, (860.0, 470.0)
    wall = mix(palette.sky[2], WHITE, 0.35)
    canvas.sky((mix(wall, WHITE, 0.5), wall))
    left, top, right, bottom = eye[0] - 130, eye[1] - 80.6, eye[0] + 117, eye[1] + 91
    canvas.layer(
        ink.shape([(0, 0), (WIDTH, 0), (right, top), (left, top)]),
        mix(wall, WHITE, 0.7),
        mix(wall, palette.sky[1], 0.12),
        reach=(0, 480),
    )
    canvas.layer(
        ink.shape([(eye[0] - 1000, HEIGHT + 100), (WIDTH + 160, HEIGHT + 100), (right, bottom), (left, bottom)]),
        mix(palette.sky[1], wall, 0.45),
        mix(palette.sky[1], palette.near, 0.16),
        reach=(int(bottom), HEIGHT),
    )
    canvas.layer(
        ink.shape([(-140, -150), (left, top), (left, bottom), (-140, HEIGHT + 100)]),
        mix(wall, palette.sky[1], 0.22),
        mix(wall, palette.sky[1], 0.44),
    )
    _bands(canvas, left, eye)
    _doors(canvas, eye)
    _lamps(canvas, eye)
    _far_end(canvas, wall, left, top, right, bottom, eye)
    _trolley(canvas)


def _bands(canvas: Canvas, left: float, eye: Point) -> None:
    palette = canvas.palette
    band = [(eye[0] - 1000, eye[1] + 300), (left, eye[1] + 39), (left, eye[1] + 52), (eye[0] - 1000, eye[1] + 400)]
    canvas.layer(
        ink.every(ink.shape(band), ink.shape([(2 * eye[0] - x, y) for x, y in band])),
        palette.accent,
        mix(palette.accent, palette.near, 0.1),
        opacity=0.72,
    )


def _lamps(canvas: Canvas, eye: Point) -> None:
    for near, far in ((0.92, 0.68), (0.5, 0.38), (0.29, 0.23), (0.19, 0.155)):
        lamp = [
            (eye[0] + side * 190 * share, eye[1] - 616 * share)
            for side, share in ((-1, near), (1, near), (1, far), (-1, far))
        ]
        canvas.layer(ink.shape(lamp), WHITE, reach=(0, 480))
        canvas.glow(eye[0], eye[1] - 616 * (near + far) / 2, 520 * near, 150 * near, tint=WHITE, strength=0.6)
        gleam = [
            (eye[0] + side * 170 * share, eye[1] + 700 * share)
            for side, share in ((-1, near), (1, near), (1, far), (-1, far))
        ]
        canvas.layer(ink.shape(gleam), WHITE, reach=(480, HEIGHT), opacity=0.4, blur=13)


def _far_end(canvas: Canvas, wall: Colour, left: float, top: float, right: float, bottom: float, eye: Point) -> None:
    palette = canvas.palette
    canvas.layer(ink.box(left, top, right, bottom), mix(wall, WHITE, 0.85), wall, reach=(int(top), int(bottom) + 1))
    canvas.layer(
        ink.every(ink.box(left + 50, top + 44, eye[0] - 8, bottom), ink.box(eye[0] - 2, top + 44, right - 44, bottom)),
        mix(palette.sky[1], wall, 0.35),
        mix(palette.sky[1], wall, 0.15),
        reach=(int(top), int(bottom) + 1),
    )
    canvas.glow(eye[0], eye[1], 330, tint=WHITE, strength=0.75)


DOORS = ((0.98, 0.66), (0.5, 0.36), (0.28, 0.21), (0.175, 0.145))


def _doors(canvas: Canvas, eye: Point) -> None:
    """Frames, doors and their windows on both walls, in perspective."""
    palette = canvas.palette

    def paint(pen: Pen, start: float, end: float, high: float, low: float) -> None:
        for near, far in DOORS:
            a, b = near - (near - far) * start, near - (near - far) * end
            for reach in (-1000, 900):
                pen.shape(
                    [
                        (eye[0] + reach * share, eye[1] + y * share)
                        for share, y in ((a, high), (b, high), (b, low), (a, low))
                    ]
                )

    canvas.layer(ink.by(paint, 0, 1, -330, 700), mix(palette.sky[2], WHITE, 0.75), opacity=0.9)
    canvas.layer(
        ink.by(paint, 0.1, 0.9, -290, 700),
        mix(palette.sky[1], palette.sky[2], 0.3),
        mix(palette.sky[1], palette.near, 0.3),
    )
    canvas.layer(ink.by(paint, 0.6, 0.8, -190, 60), mix(palette.light, WHITE, 0.4), palette.sky[2], opacity=0.85)


def _trolley(canvas: Canvas) -> None:
    palette, reach = canvas.palette, (560, 1000)
    canvas.layer(ink.oval(1190, 950, 240, 16), palette.near, reach=(900, 990), opacity=0.4, blur=9)
    canvas.layer(
        ink.every(
            [ink.line([(x, 735), (x + lean, 920)], 8) for x, lean in ((1020, 130), (1350, -130))],
            ink.line([(1010, 880), (1380, 880)], 7),
            [ink.oval(x, 930, 19) for x in (1030, 1130, 1260, 1355)],
            ink.line([(1395, 740), (1395, 640)], 8),
            ink.line([(985, 740), (985, 660)], 8),
        ),
        palette.depth(0.6),
        palette.near,
        reach=reach,
    )
    canvas.layer(
        ink.pill(980, 690, 1400, 744, 20),
        mix(WHITE, palette.sky[2], 0.12),
        mix(palette.sky[2], palette.sky[1], 0.4),
        reach=reach,
    )
    canvas.layer(ink.pill(1290, 656, 1398, 704, 22), WHITE, mix(WHITE, palette.sky[2], 0.4), reach=reach)
    canvas.layer(
        ink.pill(976, 708, 1270, 752, 18),
        palette.accent,
        mix(palette.accent, palette.near, 0.22),
        reach=reach,
        opacity=0.9,
    )


def servers(canvas: Canvas) -> None:
    palette, eye = canvas.palette, (800.0, 500.0)
    canvas.sky((palette.near, mix(palette.near, palette.sky[1], 0.6), palette.near))
    canvas.glow(*eye, 620, tint=palette.second, strength=0.5)
    canvas.layer(
        ink.shape([(-300, HEIGHT), (WIDTH + 300, HEIGHT), (eye[0] + 60, eye[1] + 58), (eye[0] - 60, eye[1] + 58)]),
        mix(palette.near, palette.sky[1], 0.7),
        mix(palette.near, palette.sky[1], 0.25),
        reach=(500, HEIGHT),
    )
    lamps: dict[Colour, list[tuple[float, float, float]]] = {palette.second: [], palette.accent: [], palette.light: []}
    edges: list[float] = [1.5, 1.02, 0.7, 0.48, 0.33, 0.23, 0.16, 0.11]
    pairs = list(itertools.pairwise(edges))
    for near, far in reversed(pairs):
        _rack(canvas, eye, near, far, lamps)
    canvas.layer(ink.by(_seams, eye, pairs), palette.near, opacity=0.75)
    posts = [(eye[0] + side * 560 * near, near) for side in (-1, 1) for near, _far in pairs]
    canvas.layer(
        ink.every(
            ink.line([(x, eye[1] - 520 * near), (x, eye[1] + 560 * near)], max(1.5, 9 * near)) for x, near in posts
        ),
        mix(palette.second, palette.near, 0.4),
        opacity=0.8,
    )
    for tint, places in lamps.items():
        canvas.layer(ink.every(ink.oval(x, y, r * 2.6) for x, y, r in places), tint, opacity=0.4, blur=4)
        canvas.layer(ink.every(ink.oval(x, y, r) for x, y, r in places), mix(tint, WHITE, 0.45))
    _ceiling(canvas, pairs, eye)
    canvas.glow(*eye, 260, 300, tint=mix(palette.second, WHITE, 0.4), strength=0.85)


def _ceiling(canvas: Canvas, pairs: list[tuple[float, float]], eye: Point) -> None:
    palette = canvas.palette
    for near, far in pairs:
        strip = [
            (eye[0] + side * 90 * share, eye[1] - 470 * share)
            for side, share in ((-1, near), (1, near), (1, far * 1.06), (-1, far * 1.06))
        ]
        canvas.layer(ink.shape(strip), mix(palette.second, WHITE, 0.7), reach=(0, 520))
        canvas.layer(
            ink.shape([(x, 2 * eye[1] - y) for x, y in strip]),
            palette.second,
            reach=(480, HEIGHT),
            opacity=0.36,
            blur=12,
        )


def _rack(
    canvas: Canvas, eye: Point, near: float, far: float, lamps: dict[Colour, list[tuple[float, float, float]]]
) -> None:
    palette = canvas.palette
    light = mix(palette.sky[1], palette.second, 0.25 * (1 - near / 1.5))
    faces = [
        [
            (eye[0] + side * 560 * share, eye[1] + y * share)
            for share, y in ((near, -520), (far, -520), (far, 560), (near, 560))
        ]
        for side in (-1, 1)
    ]
    reach = (int(eye[1] - 520 * near), int(eye[1] + 560 * near))
    canvas.layer(
        ink.every(ink.shape(face) for face in faces),
        mix(palette.near, light, 0.75 - 0.3 * near),
        mix(palette.near, light, 0.42 - 0.2 * near),
        reach=reach,
    )
    for side, row, column in itertools.product((-1, 1), range(-450, 541, 60), range(9)):
        if canvas.random.random() < 0.5:
            share = near - (near - far) * (0.12 + column * 0.085)
            tint = canvas.random.choices(list(lamps), (7, 2, 2))[0]
            lamps[tint].append((eye[0] + side * 560 * share, eye[1] + row * share, max(0.9, 4.6 * share)))


def _seams(pen: Pen, eye: Point, pairs: list[tuple[float, float]]) -> None:
    for (near, far), side, y in itertools.product(pairs, (-1, 1), range(-480, 541, 60)):
        pen.line([(eye[0] + side * 560 * share, eye[1] + y * share) for share in (near, far)], max(1.0, 7 * near))


MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "hospital": hospital,
    "library": library,
    "servers": servers,
}

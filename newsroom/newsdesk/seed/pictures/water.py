"""Motifs under and in the water."""

import math
from collections.abc import Callable

from PIL import ImageFilter

from newsroom.newsdesk.seed.pictures import ink
from newsroom.newsdesk.seed.pictures.canvas import HEIGHT, WIDTH, Canvas, down, gradient
from newsroom.newsdesk.seed.pictures.ink import Pen, Point
from newsroom.newsdesk.seed.pictures.palettes import Colour, mix


def reef(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.sky((mix(palette.sky[2], palette.light, 0.4), palette.sky[2], palette.sky[1], palette.sky[0], palette.near))
    canvas.glow(880, -40, 1000, 620, tint=palette.light, strength=0.85)
    _light(canvas)
    for share, y in ((0.15, 640), (0.4, 760), (0.7, 880)):
        line = canvas.ridge(y, 80 - 30 * share)
        canvas.layer(
            ink.shape(down(line)),
            mix(palette.sky[1], palette.near, share),
            mix(palette.sky[0], palette.near, 0.3 + share * 0.6),
            reach=(y - 220, HEIGHT),
        )
        _corals(canvas, line, share)
        canvas.haze(y + 80, 150, palette.sky[1], 0.36 * (1 - share))
    _fish(canvas)
    bubbles = [
        (canvas.random.uniform(0, WIDTH), canvas.random.uniform(60, 1000), canvas.random.uniform(1.4, 5))
        for _ in range(90)
    ]
    canvas.layer(ink.every(ink.oval(x, y, r) for x, y, r in bubbles), (255, 255, 255), palette.sky[2], opacity=0.4)


def _light(canvas: Canvas) -> None:
    palette = canvas.palette
    shafts = [
        (canvas.random.uniform(-100, WIDTH), canvas.random.uniform(26, 120), canvas.random.uniform(-190, 40))
        for _ in range(11)
    ]
    canvas.layer(
        ink.every(
            ink.shape([(x, -10), (x + w, -10), (x + w * 2.6 + lean, 940), (x + lean, 940)]) for x, w, lean in shafts
        ),
        palette.light,
        palette.sky[1],
        reach=(0, 940),
        opacity=0.17,
        blur=14,
    )


def _corals(canvas: Canvas, line: list[Point], share: float) -> None:
    tints = (canvas.palette.accent, canvas.palette.second, mix(canvas.palette.accent, canvas.palette.second, 0.5))
    roots = [canvas.random.choice(line) for _ in range(16)]
    for index, tint in enumerate(tints):
        branches: list[tuple[list[Point], float]] = []
        for x, y in roots[index::3]:
            _branch(canvas, branches, (x, y + 14), -math.pi / 2, (26 + 42 * share), (10 + 15 * share))
        shade = mix(tint, canvas.palette.near, 0.1 + 0.3 * (1 - share))
        canvas.layer(
            ink.every(
                ink.every(ink.line(points, width), ink.oval(*points[-1], width * 0.55)) for points, width in branches
            ),
            mix(shade, canvas.palette.light, 0.22),
            mix(shade, canvas.palette.near, 0.4),
            reach=(420, HEIGHT),
            opacity=0.55 + 0.45 * share,
        )


def _branch(
    canvas: Canvas, found: list[tuple[list[Point], float]], at: Point, angle: float, length: float, width: float
) -> None:
    if width < 3.2:
        return
    tip = (at[0] + math.cos(angle) * length, at[1] + math.sin(angle) * length)
    found.append(([at, tip], width))
    for turn in (-0.5, 0.46):
        _branch(canvas, found, tip, angle + turn + canvas.random.uniform(-0.16, 0.16), length * 0.74, width * 0.72)


def _fish(canvas: Canvas) -> None:
    shoal = [
        (700 + canvas.random.gauss(0, 210), 380 + canvas.random.gauss(0, 70), canvas.random.uniform(7, 17))
        for _ in range(46)
    ]

    def paint(pen: Pen) -> None:
        for x, y, size in shoal:
            pen.oval(x, y, size * 1.5, size * 0.6)
            pen.shape([(x - size * 1.2, y), (x - size * 2.3, y - size * 0.7), (x - size * 2.3, y + size * 0.7)])

    canvas.layer(
        paint, mix(canvas.palette.near, canvas.palette.sky[0], 0.3), canvas.palette.near, reach=(100, 680), opacity=0.78
    )


def pool(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.image = gradient(
        (mix(palette.sky[1], palette.sky[2], 0.5), palette.sky[1], mix(palette.sky[0], palette.sky[1], 0.55)),
        (WIDTH, HEIGHT),
    )
    net = canvas.noise((34, 22), (WIDTH, HEIGHT), 2).filter(ImageFilter.BoxBlur(3))
    caustics = net.point([max(0, 255 - abs(value - 128) * 15) for value in range(256)])
    canvas.image.paste(
        mix(palette.sky[3], (255, 255, 255), 0.4),
        (0, 0, WIDTH, HEIGHT),
        caustics.point([round(v * 0.3) for v in range(256)]),
    )
    _lanes(canvas)
    for x, y in ((475, 620), (800, 430), (1125, 560), (1450, 300)):
        _swimmer(canvas, x, y)
    canvas.glow(1300, 80, 1100, tint=palette.light, strength=0.42)


def _lanes(canvas: Canvas) -> None:
    palette = canvas.palette
    for lane in range(5):
        x = 150 + lane * 325
        canvas.within(x - 80, x + 80 if lane < 4 else WIDTH)
        canvas.layer(
            ink.every(
                ink.box(x - 15, 150, x + 15, 950), ink.box(x - 62, 150, x + 62, 176), ink.box(x - 62, 924, x + 62, 950)
            ),
            palette.near,
            mix(palette.near, palette.sky[0], 0.4),
            reach=(120, 980),
            opacity=0.5,
            blur=3,
        )
    for index, x in enumerate(range(-12, WIDTH + 20, 325)):
        canvas.within(max(0, x - 30), min(WIDTH, x + 50))
        tints = (palette.accent, (250, 250, 246)) if index % 2 else (palette.second, (250, 250, 246))
        canvas.layer(ink.box(x - 2, 0, x + 22, HEIGHT), palette.near, opacity=0.22, blur=7)
        for turn, tint in enumerate(tints):
            canvas.layer(
                ink.every(ink.pill(x - 9, y, x + 9, y + 25, 6) for y in range(turn * 27, HEIGHT, 54)),
                mix(tint, (255, 255, 255), 0.16),
                mix(tint, palette.near, 0.1),
            )
    canvas.within(0, WIDTH)


def _swimmer(canvas: Canvas, x: float, y: float) -> None:
    palette, side = canvas.palette, canvas.random.choice((-1, 1))
    foam = [
        (x + canvas.random.gauss(0, 24), y + 120 + abs(canvas.random.gauss(0, 66)), canvas.random.uniform(3, 12))
        for _ in range(60)
    ]
    skin = mix((214, 152, 112), palette.near, 0.12)
    reach = (int(y - 130), int(y + 360))
    canvas.within(int(x - 150), int(min(WIDTH, x + 150)))

    _body(canvas, x, y, side, reach, skin)
    canvas.layer(ink.oval(x, y - 14, 20, 24), palette.accent, mix(palette.accent, palette.near, 0.25), reach=reach)
    _wake(canvas, reach, foam, x, y)
    canvas.within(0, WIDTH)


def _body(canvas: Canvas, x: float, y: float, side: float, reach: tuple[int, int], skin: Colour) -> None:
    palette = canvas.palette

    def body(pen: Pen) -> None:
        pen.shape([(x - 36, y + 18), (x + 36, y + 18), (x + 21, y + 134), (x - 21, y + 134)])
        pen.oval(x, y + 20, 37, 17)
        pen.line([(x + side * 28, y + 18), (x + side * 52, y - 44), (x + side * 30, y - 106)], 16)
        pen.line([(x - side * 30, y + 22), (x - side * 56, y + 78), (x - side * 46, y + 128)], 15)
        pen.line([(x - 11, y + 126), (x - 15, y + 230)], 16)
        pen.line([(x + 11, y + 126), (x + 17, y + 222)], 16)

    canvas.layer(
        ink.shape([(x - 30, y + 40), (x + 66, y + 40), (x + 62, y + 250), (x + 6, y + 250)]),
        palette.near,
        reach=reach,
        opacity=0.3,
        blur=12,
    )
    canvas.layer(body, mix(skin, (255, 255, 255), 0.12), skin, reach=reach)
    canvas.layer(
        ink.shape([(x - 22, y + 104), (x + 22, y + 104), (x + 19, y + 142), (x - 19, y + 142)]),
        palette.near,
        reach=reach,
    )


def _wake(canvas: Canvas, reach: tuple[int, int], foam: list[tuple[float, float, float]], x: float, y: float) -> None:
    palette = canvas.palette
    canvas.layer(
        ink.every(ink.oval(fx, fy, r) for fx, fy, r in foam),
        (255, 255, 255),
        palette.sky[3],
        reach=reach,
        opacity=0.55,
        blur=2.2,
    )
    canvas.layer(
        ink.line([(x - 50, y + 30), (x - 66, y + 120), (x - 90, y + 230)], 5),
        (255, 255, 255),
        reach=reach,
        opacity=0.28,
        blur=2.2,
    )
    canvas.layer(
        ink.line([(x + 50, y + 30), (x + 66, y + 120), (x + 90, y + 230)], 5),
        (255, 255, 255),
        reach=reach,
        opacity=0.28,
        blur=2.2,
    )


MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "pool": pool,
    "reef": reef,
}

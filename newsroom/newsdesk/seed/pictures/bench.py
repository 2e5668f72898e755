"""The laboratory: glass, and what stands in it."""

import math
from collections.abc import Callable

from newsroom.newsdesk.seed.pictures import ink
from newsroom.newsdesk.seed.pictures.canvas import HEIGHT, WIDTH, Canvas
from newsroom.newsdesk.seed.pictures.ink import Point
from newsroom.newsdesk.seed.pictures.palettes import Colour, mix

WHITE = (255, 255, 255)


def laboratory(canvas: Canvas) -> None:
    palette, bench = canvas.palette, 860
    _room(canvas, bench)
    tints = (
        palette.accent,
        palette.second,
        mix(palette.sky[0], palette.second, 0.35),
        mix(palette.accent, palette.second, 0.5),
    )
    for index, (x, wide, tall, level) in enumerate(
        ((330, 190, 400, 0.42), (800, 240, 520, 0.5), (1240, 170, 360, 0.56))
    ):
        _flask(canvas, x, bench + 50 + 20 * (index == 1), wide, tall, level, tints[index])
    for index, x in enumerate((530, 585, 1010, 1065, 1430, 1485)):
        _tube(canvas, x, bench + 20, tints[(index + 1) % 4], 0.3 + 0.08 * index)


def _room(canvas: Canvas, bench: int) -> None:
    palette = canvas.palette
    canvas.sky(
        (
            mix(palette.sky[1], palette.sky[2], 0.3),
            mix(palette.sky[2], WHITE, 0.2),
            mix(palette.sky[3], WHITE, 0.4),
            palette.sky[2],
        )
    )
    canvas.glow(460, 300, 900, tint=palette.light, strength=0.6)
    canvas.layer(
        ink.every(ink.box(x, 70, x + 230, 560) for x in (90, 350, 1010, 1270)),
        WHITE,
        palette.sky[3],
        reach=(60, 570),
        opacity=0.32,
        blur=13,
    )
    _blur(canvas)
    canvas.layer(
        ink.box(0, bench, WIDTH, HEIGHT),
        mix(palette.sky[3], WHITE, 0.5),
        mix(palette.sky[1], palette.near, 0.3),
        reach=(bench, HEIGHT),
    )


def _blur(canvas: Canvas) -> None:
    palette = canvas.palette
    blobs = [
        (canvas.random.uniform(0, WIDTH), canvas.random.uniform(560, 840), canvas.random.uniform(20, 66))
        for _ in range(24)
    ]
    canvas.layer(
        ink.every(ink.oval(x, y, r) for x, y, r in blobs),
        palette.sky[1],
        palette.sky[0],
        reach=(480, 920),
        opacity=0.16,
        blur=12,
    )


def _glass(canvas: Canvas, outline: list[Point], liquid: list[Point], tint: Colour, reach: tuple[int, int]) -> None:
    palette = canvas.palette
    canvas.layer(ink.shape(outline), WHITE, palette.sky[2], reach=reach, opacity=0.36)
    canvas.layer(ink.shape(liquid), mix(tint, WHITE, 0.22), mix(tint, palette.near, 0.2), reach=reach, opacity=0.88)
    canvas.layer(ink.line([*outline, outline[0]], 4), mix(palette.sky[0], palette.near, 0.2), reach=reach, opacity=0.5)


def _flask(canvas: Canvas, x: float, base: float, wide: float, tall: float, level: float, tint: Colour) -> None:
    neck, shoulder, rim = wide * 0.2, base - tall * 0.62, base - tall
    reach = (int(rim) - 20, int(min(HEIGHT, base + 90)))
    canvas.within(max(0, int(x - wide * 1.6)), min(WIDTH, int(x + wide * 2.2)))
    outline = [
        (x - neck, rim),
        (x + neck, rim),
        (x + neck, shoulder),
        (x + wide * 0.78, base - 22),
        (x + wide * 0.7, base),
        (x - wide * 0.7, base),
        (x - wide * 0.78, base - 22),
        (x - neck, shoulder),
    ]
    top = base - tall * 0.62 * level * 1.25
    half = neck + (wide * 0.78 - neck) * (top - shoulder) / (base - 22 - shoulder)
    liquid = [
        (x - half + 7, top),
        (x + half - 7, top),
        (x + wide * 0.76 - 7, base - 22),
        (x + wide * 0.69 - 6, base - 6),
        (x - wide * 0.69 + 6, base - 6),
        (x - wide * 0.76 + 7, base - 22),
    ]
    _spill(canvas, tint, reach, x, base, wide)
    _glass(canvas, outline, liquid, tint, reach)
    _rims(canvas, x, top, tint, reach, half, rim, neck)
    _gleam(canvas, reach, shoulder, x, rim, base, neck, wide)
    _detail(canvas, x, top, base, half, reach, wide, tall)
    canvas.within(0, WIDTH)


def _spill(canvas: Canvas, tint: Colour, reach: tuple[int, int], x: float, base: float, wide: float) -> None:
    canvas.layer(
        ink.shape(
            [
                (x - wide * 0.6, base - 4),
                (x + wide * 0.7, base - 4),
                (x + wide * 1.7, base + 56),
                (x + wide * 0.1, base + 56),
            ]
        ),
        mix(tint, canvas.palette.near, 0.25),
        reach=reach,
        opacity=0.4,
        blur=13,
    )


def _rims(
    canvas: Canvas, x: float, top: float, tint: Colour, reach: tuple[int, int], half: float, rim: float, neck: float
) -> None:
    canvas.layer(ink.oval(x, top, half - 7, 10), mix(tint, WHITE, 0.45), reach=reach, opacity=0.9)
    canvas.layer(ink.oval(x, rim, neck + 7, 9), WHITE, canvas.palette.sky[1], reach=reach, opacity=0.75)


def _gleam(
    canvas: Canvas, reach: tuple[int, int], shoulder: float, x: float, rim: float, base: float, neck: float, wide: float
) -> None:
    canvas.layer(
        ink.every(
            ink.line([(x - neck * 0.5, rim + 20), (x - neck * 0.5, shoulder), (x - wide * 0.52, base - 46)], 9),
            ink.line([(x + neck * 0.62, rim + 30), (x + neck * 0.62, shoulder)], 4),
        ),
        WHITE,
        reach=reach,
        opacity=0.6,
        blur=1.5,
    )


def _detail(
    canvas: Canvas, x: float, top: float, base: float, half: float, reach: tuple[int, int], wide: float, tall: float
) -> None:
    bubbles = [
        (
            x + canvas.random.uniform(-half, half) * 0.8,
            canvas.random.uniform(top + 10, base - 20),
            canvas.random.uniform(2.5, 8),
        )
        for _ in range(15)
    ]
    canvas.layer(ink.every(ink.oval(bx, by, r) for bx, by, r in bubbles), WHITE, reach=reach, opacity=0.4)
    canvas.layer(
        ink.every(
            ink.line([(x + wide * 0.1, y), (x + wide * 0.1 + 32, y)], 3)
            for y in range(int(base - tall * 0.5), int(base - 20), 32)
        ),
        WHITE,
        reach=reach,
        opacity=0.6,
    )


def _tube(canvas: Canvas, x: float, base: float, tint: Colour, level: float) -> None:
    top, reach = base - 300, (int(base - 330), int(min(HEIGHT, base + 40)))
    canvas.within(int(x - 50), int(min(WIDTH, x + 90)))
    ends = [(x + 19 * math.cos(a / 12 * math.pi), base - 19 + 19 * math.sin(a / 12 * math.pi)) for a in range(13)]
    inner = [(x + 15 * math.cos(a / 12 * math.pi), base - 19 + 15 * math.sin(a / 12 * math.pi)) for a in range(13)]
    surface = base - 300 * level
    canvas.layer(
        ink.oval(x + 24, base + 4, 42, 9), mix(tint, canvas.palette.near, 0.3), reach=reach, opacity=0.4, blur=6
    )
    _glass(canvas, [(x - 19, top), (x + 19, top), *ends], [(x - 15, surface), (x + 15, surface), *inner], tint, reach)
    canvas.layer(ink.line([(x - 9, top + 14), (x - 9, base - 30)], 5), WHITE, reach=reach, opacity=0.6, blur=1)
    canvas.within(0, WIDTH)


MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "laboratory": laboratory,
}

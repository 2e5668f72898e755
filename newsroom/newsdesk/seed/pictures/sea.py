"""Motifs of the sea."""

import math
from collections.abc import Callable

from newsroom.newsdesk.seed.pictures import ink
from newsroom.newsdesk.seed.pictures.canvas import HEIGHT, WIDTH, Canvas, down
from newsroom.newsdesk.seed.pictures.ink import Pen, Point
from newsroom.newsdesk.seed.pictures.palettes import Colour, mix


def _crane(pen: Pen, x: float, base: float, size: float) -> None:
    for left in (-70, 58):
        pen.box(x + left * size, base - 300 * size, x + (left + 13) * size, base)
    pen.box(x - 76 * size, base - 172 * size, x + 76 * size, base - 160 * size)
    pen.line([(x - 66 * size, base), (x + 66 * size, base - 165 * size)], 5 * size)
    pen.box(x - 250 * size, base - 316 * size, x + 210 * size, base - 298 * size)
    pen.line(
        [(x + 20 * size, base - 306 * size), (x + 44 * size, base - 430 * size), (x + 66 * size, base - 306 * size)],
        9 * size,
    )
    for end in (-246, -140, 204):
        pen.line([(x + 44 * size, base - 426 * size), (x + end * size, base - 308 * size)], 3.2 * size)
    pen.box(x + 90 * size, base - 340 * size, x + 150 * size, base - 312 * size)
    pen.line([(x - 168 * size, base - 300 * size), (x - 168 * size, base - 214 * size)], 2.4 * size)
    pen.box(x - 196 * size, base - 216 * size, x - 140 * size, base - 196 * size)


def harbour(canvas: Canvas) -> None:
    palette, quay = canvas.palette, 760
    sun = canvas.random.uniform(520, 900)
    canvas.disc(sun, 600, 70, palette.light)
    canvas.cloud((5, 9), (40, 600), palette.light, floor=118, gain=2.4, opacity=0.36)
    line = canvas.ridge(690, 40)
    canvas.layer(ink.shape(down(line, quay)), palette.depth(0.08), reach=(560, quay))
    canvas.haze(710, 110, palette.light, 0.36)
    for share, size, places in ((0.3, 0.72, (250, 620, 1010)), (0.62, 1.22, (420, 1190))):
        canvas.layer(
            ink.every(ink.by(_crane, x, quay, size) for x in places),
            palette.depth(share),
            palette.depth(share * 0.8),
            reach=(200, quay),
        )
        canvas.haze(quay - 60, 130, palette.light, 0.16)
    _boxes(canvas, quay)
    canvas.layer(ink.box(0, quay - 6, WIDTH, quay + 26), palette.depth(0.9), palette.near, reach=(quay - 8, quay + 30))
    canvas.water(quay + 26, palette.sky[1], palette.near, palette.light, 0.6)
    canvas.glow(sun, quay + 120, 150, 280, tint=palette.light, strength=0.42)


def _boxes(canvas: Canvas, quay: int) -> None:
    tints = (
        canvas.palette.accent,
        canvas.palette.second,
        canvas.palette.depth(0.5),
        mix(canvas.palette.accent, canvas.palette.near, 0.45),
    )
    stacks: dict[Colour, list[tuple[float, float]]] = {tint: [] for tint in tints}
    for left, columns in ((-30, 6), (560, 7), (1290, 6)):
        for column in range(columns):
            for row in range(canvas.random.randrange(1, 5)):
                stacks[canvas.random.choice(tints)].append((left + column * 62, quay - 30 - row * 27))
    for tint, places in stacks.items():
        canvas.layer(
            ink.every(ink.box(x, y, x + 59, y + 25) for x, y in places),
            mix(tint, canvas.palette.near, 0.28),
            mix(tint, canvas.palette.near, 0.42),
            reach=(quay - 150, quay),
        )
    every = [place for places in stacks.values() for place in places]
    canvas.layer(
        ink.every(ink.box(x + rib, y + 3, x + rib + 1.6, y + 22) for x, y in every for rib in range(7, 58, 8)),
        canvas.palette.near,
        reach=(quay - 150, quay),
        opacity=0.35,
    )


def ship(canvas: Canvas) -> None:
    palette, horizon = canvas.palette, 640
    sun = canvas.random.uniform(980, 1240)
    canvas.disc(sun, 560, 64, palette.light)
    canvas.cloud((4, 9), (30, 600), palette.light, floor=112, gain=2.5, opacity=0.46)
    line = canvas.ridge(628, 26)
    canvas.layer(ink.shape(down(line, horizon)), palette.depth(0.06), reach=(560, horizon))
    canvas.haze(630, 70, palette.light, 0.4)
    canvas.water(horizon, palette.sky[1], mix(palette.near, palette.sky[0], 0.35), palette.light, 0.5)
    canvas.glow(sun, horizon + 140, 170, 330, tint=palette.light, strength=0.5)
    _gulls(canvas)
    _hull(canvas)
    _waves(canvas)


def _hull(canvas: Canvas) -> None:
    palette, reach = canvas.palette, (380, 830)

    _body(canvas, reach)
    canvas.layer(
        ink.every(ink.box(560 + step * 58, 622, 560 + step * 58 + 50, 652) for step in range(9)),
        mix(palette.accent, palette.near, 0.36),
        mix(palette.accent, palette.near, 0.55),
        reach=reach,
    )
    canvas.layer(
        ink.shape([(292, 748), (1114, 748), (1104, 784), (312, 784)]),
        mix(palette.accent, palette.near, 0.4),
        mix(palette.accent, palette.near, 0.7),
        reach=reach,
    )
    canvas.layer(
        ink.every(ink.box(x, y, x + 13, y + 11) for y in (518, 548, 578) for x in range(282, 456, 27)),
        palette.light,
        palette.accent,
        reach=reach,
        opacity=0.9,
    )
    canvas.layer(
        ink.shape([(1120, 625), (1150, 622), (1104, 782), (1086, 782)]), palette.light, reach=reach, opacity=0.2, blur=3
    )


def _body(canvas: Canvas, reach: tuple[int, int]) -> None:
    palette = canvas.palette

    def body(pen: Pen) -> None:
        pen.shape([(250, 640), (1085, 652), (1150, 622), (1104, 782), (312, 782), (270, 730)])
        pen.pill(262, 480, 470, 650, 8)
        pen.box(290, 430, 440, 500)
        pen.box(240, 500, 500, 512)
        pen.shape([(330, 430), (330, 372), (392, 366), (398, 430)])
        pen.line([(420, 440), (420, 368)], 4)
        for x in (590, 760, 930):
            pen.line([(x, 650), (x, 520)], 9)
            pen.line([(x, 530), (x + 96, 566)], 6)
            pen.line([(x, 522), (x + 92, 564)], 2)
        pen.line([(1090, 648), (1090, 560)], 5)

    canvas.layer(body, palette.depth(0.82), palette.near, reach=reach)


def _gulls(canvas: Canvas) -> None:
    birds = [
        (canvas.random.uniform(520, 1000), canvas.random.uniform(250, 470), canvas.random.uniform(9, 22))
        for _ in range(9)
    ]
    canvas.layer(
        ink.every(
            ink.line(
                [
                    (x - s * 1.6, y - s * 0.3),
                    (x - s * 0.7, y - s * 0.7),
                    (x, y),
                    (x + s * 0.7, y - s * 0.7),
                    (x + s * 1.6, y - s * 0.3),
                ],
                s * 0.17,
            )
            for x, y, s in birds
        ),
        canvas.palette.depth(0.6),
        reach=(200, 500),
    )


def _waves(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.layer(ink.oval(705, 790, 520, 16), palette.near, reach=(740, 840), opacity=0.6, blur=7)
    for share, y in ((0.5, 800), (0.72, 880), (0.95, 985)):
        crest = _chop(canvas, y, 9 + 15 * share, 15 - 8 * share)
        canvas.layer(
            ink.shape(down(crest)),
            mix(palette.sky[0], palette.depth(share), 0.6),
            mix(palette.sky[0], palette.near, 0.4 + share * 0.5),
            reach=(y - 40, HEIGHT),
            opacity=0.85,
        )
        canvas.layer(ink.line(crest, 1 + 2 * share), palette.light, reach=(y - 40, HEIGHT), opacity=0.35)


def _chop(canvas: Canvas, y: float, height: float, waves: float) -> list[Point]:
    """Pointed little waves."""
    phase = canvas.random.uniform(0, math.tau)
    return [
        (
            x,
            y
            - height
            * (1 - abs(math.sin(x / WIDTH * math.pi * waves + phase))) ** 1.5
            * 1.5
            * (0.6 + 0.4 * math.sin(x / 173)),
        )
        for x in range(0, WIDTH + 6, 6)
    ]


def storm(canvas: Canvas) -> None:
    palette, horizon = canvas.palette, 700
    canvas.glow(1120, horizon - 20, 760, 230, tint=palette.light, strength=0.75)
    for top, bottom, tint, floor, amount in (
        (0, 760, mix(palette.near, palette.far, 0.5), 96, 0.9),
        (0, 560, palette.near, 104, 0.95),
        (0, 400, mix(palette.near, (0, 0, 0), 0.3), 100, 0.9),
    ):
        canvas.cloud((5, 5), (top, bottom), tint, floor=floor, gain=3.4, opacity=amount)
    canvas.cloud((7, 6), (120, 620), palette.light, floor=152, gain=2.4, opacity=0.5)
    _rain(canvas, horizon)
    _lightning(canvas, horizon)
    canvas.water(horizon, palette.depth(0.35), palette.near, palette.light, 0.42)
    canvas.glow(1120, horizon + 30, 640, 90, tint=palette.light, strength=0.5)
    for share, y in ((0.4, 790), (0.65, 880), (0.9, 990)):
        crest = _chop(canvas, y, 22 + 30 * share, 12 - 6 * share)
        canvas.layer(
            ink.shape(down(crest)),
            palette.depth(0.2 + share * 0.5),
            palette.depth(0.6 + share * 0.4),
            reach=(y - 70, HEIGHT),
            opacity=0.92,
        )
        canvas.layer(ink.line(crest, 1.5 + 2.5 * share), palette.light, reach=(y - 70, HEIGHT), opacity=0.4)


def _rain(canvas: Canvas, horizon: int) -> None:
    palette = canvas.palette
    rain = [
        (canvas.random.uniform(60, 760), canvas.random.uniform(330, 560), canvas.random.uniform(90, 220))
        for _ in range(240)
    ]
    canvas.layer(
        ink.every(ink.line([(x, y), (x - tall * 0.2, y + tall)], 1.6) for x, y, tall in rain),
        palette.far,
        palette.light,
        reach=(320, horizon),
        opacity=0.32,
        blur=1,
    )


def _lightning(canvas: Canvas, horizon: int) -> None:
    x, y, bolt = 1010.0, 250.0, []
    while y < horizon:
        bolt.append((x, y))
        x += canvas.random.uniform(-34, 38)
        y += canvas.random.uniform(26, 62)
    fork = [(bx + 70 * index / 4, by) for index, (bx, by) in enumerate(bolt[4:9])]
    for width, blur, strength in ((16, 12, 0.55), (4.2, 0, 1.0)):
        canvas.layer(
            ink.every(ink.line([*bolt, (x, horizon)], width), ink.line(fork, width * 0.6)),
            (255, 255, 255),
            canvas.palette.light,
            reach=(220, horizon),
            opacity=strength,
            blur=blur,
        )
    canvas.glow(1040, 330, 420, 300, tint=canvas.palette.light, strength=0.5)


def turbines(canvas: Canvas) -> None:
    palette, horizon = canvas.palette, 790
    canvas.disc(350, 420, 60, palette.light)
    canvas.cloud((4, 8), (30, 640), palette.light, floor=114, gain=2.5, opacity=0.5)
    canvas.haze(horizon, 130, palette.light, 0.5)
    for x, size, share in (
        (540, 0.34, 0.12),
        (770, 0.42, 0.16),
        (1380, 0.5, 0.2),
        (260, 0.72, 0.4),
        (1010, 0.98, 0.75),
    ):
        _turbine(canvas, x, horizon, size, share)
    canvas.water(horizon, palette.sky[1], palette.near, palette.light, 0.5)
    for share, y in ((0.5, 905), (0.9, 1000)):
        crest = _chop(canvas, y, 8 + 14 * share, 12 - 6 * share)
        canvas.layer(
            ink.shape(down(crest)),
            mix(palette.sky[0], palette.depth(share), 0.5),
            palette.near,
            reach=(y - 30, HEIGHT),
            opacity=0.8,
        )
        canvas.layer(ink.line(crest, 2), palette.light, reach=(y - 30, HEIGHT), opacity=0.35)


def _turbine(canvas: Canvas, x: float, base: float, size: float, share: float) -> None:
    palette, hub, turn = canvas.palette, base - 520 * size, canvas.random.uniform(0, 2.0)
    white = mix(palette.far, (255, 255, 255), 0.35 + 0.6 * share)

    def tower(pen: Pen) -> None:
        pen.shape([(x - 12 * size, base), (x + 12 * size, base), (x + 5 * size, hub), (x - 5 * size, hub)])
        pen.pill(x - 16 * size, hub - 11 * size, x + 34 * size, hub + 11 * size, 9 * size)

    def blades(pen: Pen) -> None:
        for index in range(3):
            angle = turn + index * math.tau / 3
            along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
            outline = ((0, -6), (60, -17), (300, -3), (304, 2), (60, 8), (0, 6))
            pen.shape(
                [
                    (x + (a * along[0] + b * across[0]) * size, hub + (a * along[1] + b * across[1]) * size)
                    for a, b in outline
                ]
            )
        pen.oval(x, hub, 15 * size)

    reach = (int(max(0, hub - 310 * size)), int(base))
    canvas.layer(tower, white, mix(white, palette.depth(0.5), 0.5), reach=reach)
    canvas.layer(
        ink.shape([(x + 1 * size, hub), (x + 5 * size, hub), (x + 12 * size, base), (x + 3 * size, base)]),
        palette.depth(0.6),
        reach=reach,
        opacity=0.4,
    )
    canvas.layer(blades, mix(white, (255, 255, 255), 0.5), white, reach=reach)


MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "harbour": harbour,
    "ship": ship,
    "storm": storm,
    "turbines": turbines,
}

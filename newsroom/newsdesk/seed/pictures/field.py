"""Motifs of what grows, or is set up, in rows."""

from collections.abc import Callable

from newsroom.newsdesk.seed.pictures import ink
from newsroom.newsdesk.seed.pictures.canvas import HEIGHT, WIDTH, Canvas, down
from newsroom.newsdesk.seed.pictures.ink import Pen
from newsroom.newsdesk.seed.pictures.palettes import Colour, mix


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

    _trunk(canvas, y, x, size, reach)
    _crown(canvas, leaf, reach, crown, size)
    canvas.within(0, WIDTH)


def _trunk(canvas: Canvas, y: float, x: float, size: float, reach: tuple[int, int]) -> None:
    palette = canvas.palette

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


def _crown(
    canvas: Canvas, leaf: Colour, reach: tuple[int, int], crown: list[tuple[float, float, float]], size: float
) -> None:
    palette = canvas.palette
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
    _reflections(canvas, reach, starts, y, lean, tall, wide)


def _reflections(
    canvas: Canvas, reach: tuple[int, int], starts: list[float], y: float, lean: float, tall: float, wide: float
) -> None:
    palette = canvas.palette
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
    "olives": olives,
    "solar": solar,
    "wheat": wheat,
}

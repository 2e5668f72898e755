"""Motifs beyond the sky."""

import math
from collections.abc import Callable

from PIL import Image, ImageChops, ImageFilter

from newsroom.newsdesk.seed.pictures import ink
from newsroom.newsdesk.seed.pictures.canvas import HEIGHT, WIDTH, Canvas, down
from newsroom.newsdesk.seed.pictures.ink import Pen, Point
from newsroom.newsdesk.seed.pictures.palettes import Colour, mix

WHITE = (255, 255, 255)


def satellite(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.sky((mix(palette.near, (0, 0, 0), 0.4), palette.near, mix(palette.near, palette.sky[1], 0.6)))
    canvas.stars(420, HEIGHT, palette.light)
    canvas.cloud((4, 5), (0, 640), palette.sky[2], floor=120, gain=2.0, opacity=0.3)
    _earth(canvas, 620.0, 1980.0, 1330.0)
    _craft(canvas, 960, 400)


def _earth(canvas: Canvas, x: float, y: float, radius: float) -> None:
    palette = canvas.palette
    for wider, strength in ((150, 0.16), (80, 0.24), (34, 0.4)):
        canvas.layer(ink.oval(x, y, radius + wider), palette.second, reach=(400, HEIGHT), opacity=strength, blur=26)
    canvas.layer(
        ink.oval(x, y, radius),
        mix(palette.sky[3], palette.second, 0.3),
        mix(palette.sky[0], palette.sky[1], 0.6),
        reach=(560, HEIGHT),
    )
    _surface(canvas, x, y, radius)
    canvas.layer(
        ink.every(ink.oval(x, y, radius), ink.oval(x - 130, y + 30, radius - 10, value=0)),
        (0, 0, 0),
        reach=(560, HEIGHT),
        opacity=0.45,
        blur=30,
    )
    canvas.layer(
        ink.every(ink.oval(x, y, radius + 3), ink.oval(x, y + 6, radius, value=0)),
        mix(palette.second, WHITE, 0.75),
        reach=(560, HEIGHT),
        blur=2,
    )


def _surface(canvas: Canvas, x: float, y: float, radius: float) -> None:
    palette = canvas.palette
    globe = _disc(x, y, radius - 4)
    land = canvas.noise((7, 5), (WIDTH, HEIGHT), 4).point(
        [255 if value > 134 else max(0, (value - 128) * 40) for value in range(256)]
    )
    clouds = canvas.noise((9, 12), (WIDTH, HEIGHT), 4).point(
        [min(255, max(0, value - 130) * 7) for value in range(256)]
    )
    canvas.image.paste(
        mix(palette.accent, palette.sky[1], 0.55),
        (0, 0),
        ImageChops.multiply(land, globe).point([round(v * 0.62) for v in range(256)]),
    )
    canvas.image.paste(WHITE, (0, 0), ImageChops.multiply(clouds, globe).point([round(v * 0.5) for v in range(256)]))


def _disc(x: float, y: float, radius: float) -> Image.Image:
    mask = Image.new("L", (WIDTH, HEIGHT))
    pen = Pen(mask, 0, 0)
    pen.oval(x / 2, y / 2, radius / 2)
    return mask.filter(ImageFilter.BoxBlur(2))


def _craft(canvas: Canvas, x: float, y: float) -> None:
    palette, reach, tilt = canvas.palette, (90, 720), -0.34

    def at(right: float, low: float) -> Point:
        return x + right * math.cos(tilt) - low * math.sin(tilt), y + right * math.sin(tilt) + low * math.cos(tilt)

    def quad(left: float, top: float, right: float, bottom: float) -> list[Point]:
        return [at(left, top), at(right, top), at(right, bottom), at(left, bottom)]

    wings = ((-430, -120), (120, 430))
    cells = [
        quad(left + column * 62 + 4, -66 + row * 45, left + column * 62 + 58, -66 + row * 45 + 41)
        for left, _right in wings
        for column in range(5)
        for row in range(3)
    ]
    _panels(canvas, reach, wings, quad, cells)
    canvas.layer(ink.shape(quad(-124, -8, 124, 8)), mix(palette.light, palette.near, 0.4), reach=reach)
    _hull(canvas, reach, quad, at)
    _instruments(canvas, reach, quad, at)
    canvas.glow(*at(-60, -90), 170, tint=palette.light, strength=0.7)


def _panels(
    canvas: Canvas,
    reach: tuple[int, int],
    wings: tuple[tuple[int, int], ...],
    quad: Callable[[float, float, float, float], list[Point]],
    cells: list[list[Point]],
) -> None:
    palette = canvas.palette
    canvas.layer(
        ink.every(ink.shape(quad(left, -72, right, 72)) for left, right in wings),
        mix(palette.light, palette.far, 0.3),
        palette.far,
        reach=reach,
    )
    canvas.layer(
        ink.every(ink.shape(each) for each in cells),
        mix(palette.sky[3], palette.second, 0.35),
        mix(palette.sky[0], palette.sky[2], 0.5),
        reach=reach,
    )
    canvas.layer(
        ink.every(ink.shape(quad(left + 30, -70, left + 130, 70)) for left, _right in wings),
        WHITE,
        reach=reach,
        opacity=0.2,
        blur=6,
    )


def _hull(
    canvas: Canvas,
    reach: tuple[int, int],
    quad: Callable[[float, float, float, float], list[Point]],
    at: Callable[[float, float], Point],
) -> None:
    palette = canvas.palette
    canvas.layer(
        ink.shape(quad(-74, -96, 74, 100)),
        mix(palette.accent, palette.light, 0.5),
        mix(palette.accent, palette.near, 0.4),
        reach=reach,
    )
    canvas.layer(ink.shape(quad(20, -96, 74, 100)), palette.near, reach=reach, opacity=0.42, blur=2)
    canvas.layer(
        ink.every(ink.line([at(-74, low), at(74, low)], 2) for low in (-48, 0, 50)),
        palette.near,
        reach=reach,
        opacity=0.4,
    )


def _instruments(
    canvas: Canvas,
    reach: tuple[int, int],
    quad: Callable[[float, float, float, float], list[Point]],
    at: Callable[[float, float], Point],
) -> None:
    palette = canvas.palette
    canvas.layer(
        ink.every(ink.shape(quad(-42, 100, 42, 128)), ink.oval(*at(0, 150), 40, 34)),
        mix(palette.far, palette.light, 0.3),
        mix(palette.near, palette.far, 0.4),
        reach=reach,
    )
    canvas.layer(ink.oval(*at(0, 156), 24, 19), palette.near, palette.second, reach=reach)
    dish = [at(58 * math.cos(a / 14 * math.pi), -140 - 42 * math.sin(a / 14 * math.pi)) for a in range(15)]
    canvas.layer(
        ink.every(
            ink.line([at(0, -96), at(0, -150)], 7),
            ink.shape(dish),
            ink.line([at(0, -142), at(0, -214)], 3),
            ink.oval(*at(0, -216), 6),
        ),
        WHITE,
        palette.far,
        reach=reach,
    )


def observatory(canvas: Canvas) -> None:
    palette = canvas.palette
    canvas.glow(560, HEIGHT - 140, 1300, 420, tint=palette.second, strength=0.3)
    for opacity, tint, floor in ((0.6, palette.far, 112), (0.45, palette.light, 134), (0.3, palette.accent, 140)):
        _galaxy(canvas, tint, floor, opacity)
    canvas.stars(900, 960, palette.light)
    canvas.stars(160, 960, WHITE)
    trail = [(310, 150), (470, 214)]
    canvas.layer(ink.line(trail, 2.4), WHITE, reach=(130, 230), opacity=0.8, blur=0.8)
    for share, y, rough in ((0.15, 850, 60), (0.5, 920, 50)):
        line = canvas.ridge(y, rough)
        canvas.layer(ink.shape(down(line)), palette.depth(share), palette.depth(share + 0.2), reach=(730, HEIGHT))
    _dome(canvas, 1090, 880)
    hill = canvas.swell(960, 34, 0.7, phase=3.4)
    canvas.layer(ink.shape(down(hill)), palette.depth(0.95), palette.near, reach=(900, HEIGHT))


def _galaxy(canvas: Canvas, tint: tuple[int, int, int], floor: int, opacity: float) -> None:
    """The band of the Milky Way, from lower left to upper right."""
    veil = canvas.noise((22, 12), (WIDTH, HEIGHT), 3).point(
        [min(255, max(0, value - floor) * 4) for value in range(256)]
    )
    band = Image.new("L", (WIDTH // 4, HEIGHT // 4))
    pen = Pen(band, 0, 0)
    pen.line([(-20, 150), (90, 62), (230, -30)], 16 + opacity * 26)
    soft = band.filter(ImageFilter.GaussianBlur(22)).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    canvas.image.paste(
        tint, (0, 0), ImageChops.multiply(veil, soft).point([round(value * opacity) for value in range(256)])
    )


def _dome(canvas: Canvas, x: float, base: float) -> None:
    palette, reach = canvas.palette, (560, 1040)
    shell = mix(palette.far, palette.light, 0.42)
    canvas.layer(
        ink.every(ink.oval(x, base - 90, 176), ink.box(x - 190, base - 92, x + 190, base + 140, value=0)),
        mix(shell, WHITE, 0.2),
        mix(shell, palette.near, 0.35),
        reach=reach,
    )
    canvas.layer(ink.box(x - 190, base - 94, x + 190, base - 70), mix(shell, palette.near, 0.2), reach=reach)
    canvas.layer(
        ink.box(x - 168, base - 70, x + 168, base + 140),
        mix(shell, palette.near, 0.3),
        mix(shell, palette.near, 0.7),
        reach=reach,
    )
    canvas.layer(
        ink.shape([(x - 62, base - 94), (x - 16, base - 94), (x - 52, base - 262), (x - 92, base - 238)]),
        palette.near,
        mix(palette.near, palette.accent, 0.35),
        reach=reach,
    )
    _telescope(canvas, shell, reach, x, base)
    _shading(canvas, reach, x, base)
    canvas.layer(ink.box(x - 118, base - 10, x - 74, base + 80), palette.light, palette.accent, reach=reach)
    canvas.glow(x - 96, base + 34, 120, tint=palette.accent, strength=0.7)


def _shading(canvas: Canvas, reach: tuple[int, int], x: float, base: float) -> None:
    palette = canvas.palette
    canvas.layer(
        ink.shape([(x + 30, base - 94), (x + 176, base - 94), (x + 168, base + 140), (x + 60, base + 140)]),
        palette.near,
        reach=reach,
        opacity=0.4,
        blur=20,
    )
    canvas.layer(
        ink.every(ink.line([(x + off, base - 92), (x + off * 0.45, base - 262)], 1.6) for off in (-130, 60, 120)),
        palette.near,
        reach=reach,
        opacity=0.34,
    )


def _telescope(canvas: Canvas, shell: Colour, reach: tuple[int, int], x: float, base: float) -> None:
    palette = canvas.palette
    canvas.layer(
        ink.every(
            ink.line([(x - 30, base - 110), (x - 96, base - 292)], 28),
            ink.line([(x - 84, base - 262), (x - 104, base - 318)], 36),
        ),
        mix(shell, palette.near, 0.1),
        mix(shell, palette.near, 0.5),
        reach=reach,
    )


MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "observatory": observatory,
    "satellite": satellite,
}

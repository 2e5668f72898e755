"""What the motifs draw with: gradients, silhouettes without jagged edges, glow, haze, water and grain."""

import io
import math
import random
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageChops, ImageFilter

from newsroom.newsdesk.seed.pictures import ink
from newsroom.newsdesk.seed.pictures.ink import FINE, Painter, Pen, Point
from newsroom.newsdesk.seed.pictures.palettes import Colour, Palette, mix

WIDTH, HEIGHT = 1600, 1067


def gradient(stops: Sequence[Colour], size: tuple[int, int]) -> Image.Image:
    """Colours from top to bottom, evenly spaced and smooth."""
    column = Image.new("RGB", (1, len(stops)))
    column.putdata(list(stops))
    steps = column.resize((1, 96), Image.Resampling.BICUBIC) if len(stops) > 2 else column
    return steps.resize(size, Image.Resampling.BILINEAR)


@lru_cache(maxsize=4)
def _grain(seed: int) -> Image.Image:
    noise = random.Random(seed).randbytes(800 * 534)  # noqa: S311 (grain in a drawing, not a secret)
    fine = Image.frombytes("L", (800, 534), noise).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return fine.point([round(128 + (value - 128) * 0.085) for value in range(256)])


@lru_cache(maxsize=1)
def _vignette() -> Image.Image:
    dark = Image.radial_gradient("L").resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    return dark.point([round(max(0, value - 105) * 0.62) for value in range(256)])


class Canvas:
    """A picture being drawn."""

    def __init__(self, palette: Palette, seed: int) -> None:
        self.palette = palette
        self.random = random.Random(seed)  # noqa: S311 (the same seed must give the same drawing)
        self.image = gradient(palette.sky, (WIDTH, HEIGHT))
        self._columns = (0, WIDTH)

    def within(self, left: int, right: int) -> None:
        """Draw layers only between these columns from now on: small things cost little then."""
        self._columns = (left, right)

    def sky(self, stops: Sequence[Colour], bottom: int = HEIGHT) -> None:
        self.image.paste(gradient(stops, (WIDTH, bottom)), (0, 0))

    def layer(
        self,
        paint: Painter,
        top: Colour,
        bottom: Colour | None = None,
        *,
        reach: tuple[int, int] = (0, HEIGHT),
        opacity: float = 1.0,
        blur: float = 0.0,
    ) -> None:
        """Paint a silhouette between two heights, in a gradient from `top` to `bottom`."""
        y0, y1 = max(0, reach[0]), min(HEIGHT, reach[1])
        x0, x1 = self._columns
        if y1 <= y0 or x1 <= x0:
            return
        large = Image.new("L", ((x1 - x0) * FINE, (y1 - y0) * FINE))
        paint(Pen(large, x0, y0))
        mask = large.reduce(FINE)
        if blur:
            mask = _soft(mask, blur)
        self._through(mask, (x0, y0), gradient((top, bottom or top), mask.size), opacity)

    def _through(self, mask: Image.Image, place: tuple[int, int], fill: Image.Image | Colour, opacity: float) -> None:
        if opacity < 1.0:
            mask = mask.point([round(value * opacity) for value in range(256)])
        if isinstance(fill, tuple):
            self.image.paste(fill, (*place, place[0] + mask.width, place[1] + mask.height), mask)
        else:
            self.image.paste(fill, place, mask)

    def glow(self, x: float, y: float, rx: float, ry: float | None = None, *, tint: Colour, strength: float) -> None:
        """Light that spreads from a point: added, so that it brightens what is there."""
        ry = rx if ry is None else ry
        fade = [round(255 * strength * max(0.0, 1 - value / 178) ** 1.9) for value in range(256)]
        mask = Image.radial_gradient("L").point(fade).resize((round(rx * 2), round(ry * 2)), Image.Resampling.BILINEAR)
        box = (round(x - rx), round(y - ry), round(x - rx) + mask.width, round(y - ry) + mask.height)
        seen = (max(0, box[0]), max(0, box[1]), min(WIDTH, box[2]), min(HEIGHT, box[3]))
        if seen[0] >= seen[2] or seen[1] >= seen[3]:
            return
        mask = mask.crop((seen[0] - box[0], seen[1] - box[1], seen[2] - box[0], seen[3] - box[1]))
        under = self.image.crop(seen)
        lit = ImageChops.screen(under, Image.new("RGB", under.size, tint))
        self.image.paste(Image.composite(lit, under, mask), seen)

    def disc(self, x: float, y: float, radius: float, tint: Colour, halo: float = 4.0) -> None:
        """A sun or a moon with its halo."""
        self.glow(x, y, radius * halo * 2.4, tint=tint, strength=0.5)
        self.glow(x, y, radius * halo, tint=tint, strength=0.6)
        reach = (int(y - radius) - 2, int(y + radius) + 2)
        self.layer(ink.oval(x, y, radius), mix(tint, (255, 255, 255), 0.5), tint, reach=reach)

    def haze(self, y: float, spread: float, tint: Colour, strength: float) -> None:
        """Mist that lies at a height and thins out above and below."""
        top, bottom = int(max(0, y - spread)), int(min(HEIGHT, y + spread))
        column = Image.new("L", (1, bottom - top))
        rows = range(top, bottom)
        column.putdata([round(255 * strength * math.cos((row - y) / spread * math.pi / 2) ** 2) for row in rows])
        self._through(column.resize((WIDTH, bottom - top)), (0, top), tint, 1.0)

    def noise(self, cells: tuple[int, int], size: tuple[int, int], octaves: int = 3) -> Image.Image:
        """Cloudy noise, the same for the same seed."""
        found: Image.Image | None = None
        for octave in range(octaves):
            across, down = cells[0] << octave, cells[1] << octave
            part = Image.frombytes("L", (across, down), self.random.randbytes(across * down))
            part = part.resize(size, Image.Resampling.BICUBIC)
            found = part if found is None else Image.blend(found, part, 0.5 ** (octave + 0.45))
        if found is None:
            raise ValueError("noise needs an octave")
        return found

    def cloud(
        self, cells: tuple[int, int], box: tuple[int, int], tint: Colour, *, floor: int, gain: float, opacity: float
    ) -> None:
        """Noise above `floor` as a veil of colour between the heights of `box`, fading at both edges."""
        size = (WIDTH, box[1] - box[0])
        veil = self.noise(cells, (size[0] // 2, max(1, size[1] // 2)))
        veil = veil.point([round(min(255, max(0, value - floor) * gain) * opacity) for value in range(256)]).resize(
            size
        )
        edge = Image.new("L", (1, 64))
        edge.putdata([round(255 * min(1, step / 14, (63 - step) / 22)) for step in range(64)])
        self._through(ImageChops.multiply(veil, edge.resize(size)), (0, box[0]), tint, 1.0)

    def water(self, horizon: int, tint: Colour, depth: Colour, shine: Colour, calm: float = 0.55) -> None:
        """Everything above the horizon mirrored below it, rippled and tinted; `calm` is how clear the mirror is."""
        tall = HEIGHT - horizon
        mirror = self.image.crop((0, max(0, horizon - tall), WIDTH, horizon)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        mirror = mirror.resize((WIDTH, tall)).filter(ImageFilter.BoxBlur((1, 7)))
        deep = gradient((tint, depth), (WIDTH, tall))
        surface = Image.blend(deep, mirror, calm)
        bands = self._ripples(tall, 150, 2.3)
        surface = Image.composite(deep, surface, bands.point([round(value * 0.55) for value in range(256)]))
        glints = self._ripples(tall, 176, 3.2)
        surface.paste(shine, (0, 0, WIDTH, tall), glints.point([round(value * 0.38) for value in range(256)]))
        self.image.paste(surface, (0, horizon))

    def _ripples(self, tall: int, floor: int, gain: float) -> Image.Image:
        """Streaks that lie flat and grow longer towards the viewer."""
        far = self.noise((26, 44), (WIDTH, tall), 2)
        close = self.noise((9, 13), (WIDTH, tall), 2)
        ramp = Image.linear_gradient("L").resize((WIDTH, tall))
        return Image.composite(close, far, ramp).point(
            [round(min(255, max(0, value - floor) * gain)) for value in range(256)]
        )

    def ridge(self, y: float, rough: float, peaks: int = 7, steps: int = 6) -> list[Point]:
        """A mountain line from left to right by midpoint displacement."""
        heights = [y + self.random.uniform(0.2, 1.0) * rough * (-1) ** index for index in range(peaks + 1)]
        for step in range(steps):
            reach = rough * 0.42 / (1.8**step)
            wider = [heights[0]]
            for left, right in pairwise(heights):
                wider += [(left + right) / 2 + self.random.uniform(-reach, reach), right]
            heights = wider
        across = WIDTH / (len(heights) - 1)
        return [(index * across, height) for index, height in enumerate(heights)]

    def swell(self, y: float, height: float, waves: float, phase: float = 0.0) -> list[Point]:
        """A soft line of hills from left to right."""
        second, shift = waves * 2.3, self.random.uniform(0, math.tau)
        return [
            (
                x,
                y
                + height
                * (
                    0.7 * math.sin(x / WIDTH * math.tau * waves + phase)
                    + 0.3 * math.sin(x / WIDTH * math.tau * second + shift)
                ),
            )
            for x in range(0, WIDTH + 8, 8)
        ]

    def stars(self, count: int, bottom: int, tint: Colour) -> None:
        places = [
            (
                self.random.uniform(0, WIDTH),
                bottom * self.random.random() ** 1.3,
                self.random.choice((0.7, 0.7, 0.9, 1.3, 1.9)),
            )
            for _ in range(count)
        ]
        spots = [ink.oval(x, y, size, value=round(90 + 80 * size)) for x, y, size in places]
        self.layer(ink.every(spots), tint, reach=(0, bottom))

    def finish(self) -> Image.Image:
        """Grain and a darker edge: what makes a drawing look printed."""
        grain = Image.merge("RGB", [_grain(7)] * 3)
        edged = Image.composite(mixed(self.image, self.palette.near), self.image, _vignette())
        return ImageChops.overlay(edged, grain)


def mixed(image: Image.Image, tint: Colour) -> Image.Image:
    return Image.blend(image, Image.new("RGB", image.size, tint), 0.6)


def down(points: Sequence[Point], bottom: float = HEIGHT) -> list[Point]:
    """A line closed along the bottom, so that it can be filled."""
    return [*points, (points[-1][0], bottom), (points[0][0], bottom)]


def _soft(mask: Image.Image, blur: float) -> Image.Image:
    """A wide blur, cheaply: made small, blurred, made large again."""
    shrink = 4 if blur > 6 else 2 if blur > 2 else 1
    small = mask.reduce(shrink) if shrink > 1 else mask
    return small.filter(ImageFilter.GaussianBlur(blur / shrink)).resize(mask.size, Image.Resampling.BILINEAR)


def jpeg(image: Image.Image, exif: bytes, iptc: bytes) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=87, exif=exif, extra=iptc, progressive=False)
    return out.getvalue()

"""The colours a picture is drawn in: a sky from top to horizon, silhouettes far and near, light and two accents."""

from dataclasses import dataclass

Colour = tuple[int, int, int]


def colour(text: str) -> Colour:
    """`1b1f4b` as numbers."""
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with a share of `other`, from 0.0 to 1.0."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


@dataclass(frozen=True, slots=True)
class Palette:
    sky: tuple[Colour, ...]
    light: Colour
    far: Colour
    near: Colour
    accent: Colour
    second: Colour

    def depth(self, share: float) -> Colour:
        """The colour of a silhouette: 0.0 far away in the haze, 1.0 close by."""
        return mix(self.far, self.near, share)


def _palette(sky: str, light: str, far: str, near: str, accent: str, second: str) -> Palette:
    stops = tuple(colour(each) for each in sky.split())
    return Palette(stops, colour(light), colour(far), colour(near), colour(accent), colour(second))


PALETTES = {
    "dusk": _palette("1d2150 573b7c cf6372 f8b66d", "ffe2a8", "8a5680", "15143a", "f28f5b", "6ec3c9"),
    "dawn": _palette("5d8db8 a5c2d8 f5d3c1 fdeedd", "fff6df", "a7b7c9", "2c4260", "e9967a", "7fb6b0"),
    "noon": _palette("2c7bbf 6aaedf b5daef e9f5f6", "fffbe8", "93bad2", "1d465f", "f2b134", "e4572e"),
    "night": _palette("060b1f 0d1b3d 1c375f 3f668d", "ffe9b0", "2b4b74", "050a18", "f5c25b", "4fd1c5"),
    "sea": _palette("0b3c5d 1e788a 79c4c2 dbf1e7", "fdfbe4", "5aa3ac", "08293f", "ff8a5b", "f6d365"),
    "olive": _palette("6a8da3 b2c3b3 ead9a8 f8eac4", "fff4c9", "aab190", "2b361f", "c98f3d", "7d8f4e"),
    "desert": _palette("3b6d9e 98b6ca f1cf9d fae6c3", "fff0cc", "dcae78", "693922", "b3552d", "2f7f86"),
    "storm": _palette("1a232f 34424d 64747f adb8b9", "e9f0ee", "5c6b74", "10171e", "7fa3a8", "d7c48a"),
    "winter": _palette("2b4871 6a92bc b9d1e6 f3eeee", "ffffff", "a3bcd5", "1b2e49", "e58f7b", "cfe3f2"),
    "ember": _palette("361120 8a2d2b e06e3a fbc66d", "ffe7a8", "b05539", "1e0a12", "ffb347", "5b8e8b"),
    "violet": _palette("110a2b 391c6d 883e9f e48fb8", "ffd9f2", "633897", "0b061c", "ff5fa2", "4fd6ff"),
    "mint": _palette("2a6f6f 7bb8ab cde7db f5fbf3", "ffffff", "9ac7ba", "16403f", "ef8a6b", "f2cf66"),
}

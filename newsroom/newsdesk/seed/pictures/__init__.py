"""Editorial illustrations, drawn from a motif, a palette and a number: no file, no font, always the same."""

from collections.abc import Callable

from newsroom.newsdesk.seed.pictures import arena, bench, city, field, halls, land, rooms, sea, sky, street, water
from newsroom.newsdesk.seed.pictures import caption as words
from newsroom.newsdesk.seed.pictures.canvas import Canvas, jpeg
from newsroom.newsdesk.seed.pictures.palettes import PALETTES

MOTIFS: dict[str, Callable[[Canvas], None]] = {
    name: paint
    for drawn in (arena, bench, city, field, halls, land, rooms, sea, sky, street, water)
    for name, paint in drawn.MOTIFS.items()
}


def draw(motif: str, palette: str, seed: int, *, caption: str = "", credit: str = "") -> bytes:
    """A JPEG of 1600 × 1067 pixels with its caption and credit in EXIF and IPTC."""
    canvas = Canvas(PALETTES[palette], seed)
    MOTIFS[motif](canvas)
    return jpeg(canvas.finish(), words.exif(caption, credit), words.iptc(caption, credit))

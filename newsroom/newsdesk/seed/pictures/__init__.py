"""Editorial illustrations, drawn from a motif, a palette and a number: no file, no font, always the same."""

from collections.abc import Callable

from newsroom.newsdesk.seed.pictures import caption as words
from newsroom.newsdesk.seed.pictures import city, indoors, land, sea, sky
from newsroom.newsdesk.seed.pictures.canvas import Canvas, jpeg
from newsroom.newsdesk.seed.pictures.palettes import PALETTES

MOTIFS: dict[str, Callable[[Canvas], None]] = {
    **city.MOTIFS,
    **indoors.MOTIFS,
    **land.MOTIFS,
    **sea.MOTIFS,
    **sky.MOTIFS,
}


def draw(motif: str, palette: str, seed: int, *, caption: str = "", credit: str = "") -> bytes:
    """A JPEG of 1600 × 1067 pixels with its caption and credit in EXIF and IPTC."""
    canvas = Canvas(PALETTES[palette], seed)
    MOTIFS[motif](canvas)
    return jpeg(canvas.finish(), words.exif(caption, credit), words.iptc(caption, credit))

"""What a picture desk writes into a file: EXIF and IPTC (IIM 4.2, in a Photoshop resource block), so that what the
public gets can be shown to carry none of it."""

import struct

from PIL import Image
from PIL.ExifTags import Base

AGENCY = "Anka Wire"
TITLE, BYLINE, CITY, CREDIT, COPYRIGHT, WORDS = 5, 80, 90, 110, 116, 120


def exif(caption: str, credit: str) -> bytes:
    facts = Image.Exif()
    facts[Base.ImageDescription] = caption
    facts[Base.Artist] = credit
    facts[Base.Copyright] = f"© {AGENCY}"
    facts[Base.Software] = "newsroom seed"
    return facts.tobytes()


def iptc(caption: str, credit: str) -> bytes:
    """An APP13 segment with caption, by-line, credit and copyright."""
    sets = b"\x1c\x01\x5a\x00\x03\x1b%G" + b"".join(
        _dataset(number, text)
        for number, text in (
            (TITLE, caption[:64]),
            (BYLINE, credit),
            (CREDIT, AGENCY),
            (COPYRIGHT, f"© {AGENCY}"),
            (WORDS, caption),
        )
    )
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(sets)) + sets + b"\x00" * (len(sets) % 2)
    segment = b"Photoshop 3.0\x00" + resource
    return b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment


def _dataset(number: int, text: str) -> bytes:
    data = text.encode()
    return struct.pack(">BBBH", 0x1C, 2, number, len(data)) + data

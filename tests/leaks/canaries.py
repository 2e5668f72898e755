"""Words that exist once: what they were planted in, and how they are found again, however they were written down."""

import base64
import binascii
import gzip
import html
import random
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote_to_bytes

LETTERS = "bcdfghjklmnpqrtvwxz"  # no vowel and no s, so that no stemmer shortens a word
WORD = re.compile(rb"zq[bcdfghjklmnpqrtvwxz]{10}", re.IGNORECASE)
ESCAPED = re.compile(rb"\\u([0-9a-fA-F]{4})")
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
HEXADECIMAL = re.compile(rb"(?:[0-9a-fA-F]{2}){12,}")
GZIP, ZLIB = b"\x1f\x8b", (b"\x78\x01", b"\x78\x9c", b"\x78\xda")
_random = random.SystemRandom()


class Kind(StrEnum):
    """Where in a story a canary sits. The letters are those of LEAKS.md."""

    HEADLINE = "headline"
    SLUGLINE = "slugline"
    BYLINE = "byline"
    DATELINE = "dateline"
    NOTE = "public note"
    CREDIT = "credit"
    SUMMARY = "a: summary's last sentence"
    PIXELS = "public rendition of a picture"
    FIRST = "b: first sentence of the body"
    MIDDLE = "c: middle of the body"
    LAST = "d: last sentence of the body"
    ALT = "e: text alternative"
    CAPTION = "f: caption"
    TABLE = "g: table"
    QUOTE = "g: quote"
    LIST = "g: list"
    LINK = "title of a link in the body"
    TERMS = "usage terms"
    ORIGINAL = "original of a picture"
    METADATA = "metadata of a picture"
    INTERNAL = "h: internal note"
    FILE = "i: file name of the original"
    NOTICE = "note of a withhold or a kill"


PUBLIC = frozenset(
    {
        Kind.HEADLINE, Kind.SLUGLINE, Kind.BYLINE, Kind.DATELINE, Kind.NOTE, Kind.CREDIT, Kind.SUMMARY, Kind.PIXELS,
    }
)  # fmt: skip
BODY = frozenset({Kind.FIRST, Kind.MIDDLE, Kind.LAST, Kind.TABLE, Kind.QUOTE, Kind.LIST, Kind.LINK})
FULL = PUBLIC | BODY | {Kind.ALT, Kind.CAPTION, Kind.TERMS}
ORIGINALS = frozenset({Kind.ORIGINAL, Kind.METADATA})
WITHDRAWN = frozenset({Kind.NOTICE})
LIBRARY = ORIGINALS | {Kind.FILE, Kind.CREDIT}


@dataclass(frozen=True, slots=True)
class Mark:
    """What a canary says when it is found: of which story, where in it, and whether in a version that was replaced."""

    story: str
    kind: Kind
    replaced: bool = False

    def __str__(self) -> str:
        return f"{self.story}{' (replaced version)' if self.replaced else ''}, {self.kind}"


def new_word() -> str:
    return "zq" + "".join(_random.choices(LETTERS, k=10))


def words_in(*pieces: bytes) -> frozenset[str]:
    """Every canary in these bytes: as it stands, or escaped, encoded or compressed."""
    return frozenset(
        found.decode().lower() for piece in pieces for form in forms(piece) for found in WORD.findall(form)
    )


def forms(piece: bytes, depth: int = 2) -> Iterator[bytes]:
    """The bytes, and what they become when unescaped, decoded or decompressed, `depth` times over."""
    yield piece
    if depth == 0:
        return
    for other in _decoded(piece):
        if other and other != piece:
            yield from forms(other, depth - 1)


def _decoded(piece: bytes) -> Iterable[bytes]:
    if piece.startswith(GZIP) or piece.startswith(ZLIB):
        yield _inflated(piece)
    if b"&" in piece:
        yield html.unescape(piece.decode("utf-8", "replace")).encode()
    if b"%" in piece:
        yield unquote_to_bytes(piece)
    if b"\\u" in piece:
        yield ESCAPED.sub(lambda found: chr(int(found[1], 16)).encode("utf-8", "replace"), piece)
    yield b"\n".join(each for run in BASE64.findall(piece) for each in _from_base64(run))
    yield b"\n".join(binascii.unhexlify(run) for run in HEXADECIMAL.findall(piece))


def _inflated(piece: bytes) -> bytes:
    try:
        return gzip.decompress(piece) if piece.startswith(GZIP) else zlib.decompress(piece)
    except (OSError, EOFError, zlib.error):
        return b""


def _from_base64(run: bytes) -> Iterable[bytes]:
    """The run read from each of its four first places: a word may begin at any of three offsets in what was encoded."""
    plain = run.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    for offset in range(4):
        part = plain[offset:]
        part = part[: len(part) - 1] if len(part) % 4 == 1 else part
        yield base64.b64decode(part + b"=" * (-len(part) % 4))

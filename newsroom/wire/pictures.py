"""Pictures on the wire: the original into the vault, small renditions without metadata for everybody."""

import hashlib
import io
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from newsroom.core.errors import Refused

WIDTHS = {"thumbnail": 480, "web": 1080}
MOST_BYTES = 60 * 1024 * 1024
MOST_PIXELS = 120_000_000
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "TIFF": "image/tiff"}
QUALITY = 82


class BadPicture(Refused):
    """The bytes are no picture we take."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An original in the vault storage and its public renditions, all named by the original's SHA-256."""

    digest: str
    file: str
    type: str
    width: int
    height: int
    renditions: dict[str, dict[str, Any]]


def original_name(digest: str) -> str:
    return f"originals/{digest[:2]}/{digest}"


def rendition_name(digest: str, name: str) -> str:
    return f"renditions/{digest[:2]}/{digest}.{name}.webp"


def prepare(original: bytes) -> Prepared:
    """Keep the original and draw its public renditions, unless both are there. Raises `BadPicture`."""
    digest = hashlib.sha256(original).hexdigest()
    with _opened(original) as picture:
        width, height = ImageOps.exif_transpose(picture).size if picture.getexif().get(274) else picture.size
        kind = TYPES[picture.format or ""]
        vault, public = storages["vault"], storages["default"]
        if not vault.exists(original_name(digest)):
            vault.save(original_name(digest), ContentFile(original))
        renditions = {}
        for name, wide in WIDTHS.items():
            size = (min(wide, width), max(1, round(height * min(wide, width) / width)))
            file = rendition_name(digest, name)
            if not public.exists(file):
                public.save(file, ContentFile(_drawn(picture, size)))
            renditions[name] = {"file": file, "width": size[0], "height": size[1]}
    return Prepared(digest, original_name(digest), kind, width, height, renditions)


def _opened(original: bytes) -> Image.Image:
    if len(original) > MOST_BYTES:
        raise BadPicture(_("The picture is larger than %(most)d MB.") % {"most": MOST_BYTES // 1024 // 1024})
    try:
        picture = Image.open(io.BytesIO(original), formats=list(TYPES))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise BadPicture(_("This file is no picture we can read: JPEG, PNG, WebP or TIFF.")) from None
    if picture.width * picture.height > MOST_PIXELS:
        raise BadPicture(_("The picture has more than %(most)d million pixels.") % {"most": MOST_PIXELS // 1_000_000})
    return picture


def _drawn(picture: Image.Image, size: tuple[int, int]) -> bytes:
    """A rendition of pixels alone: a new picture carries no EXIF, IPTC, XMP or profile."""
    try:
        small = ImageOps.exif_transpose(picture).convert("RGB").resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    except (OSError, ValueError, SyntaxError):
        raise BadPicture(_("The picture is damaged.")) from None
    bare = Image.new("RGB", size)
    bare.paste(small)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=QUALITY, method=2)
    return out.getvalue()

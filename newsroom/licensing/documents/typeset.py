"""From what a document says to its PDF. The same document gives the same bytes."""

import hashlib
import json
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import qrcode
import typst
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from newsroom.licensing.documents.verify import CHECK
from newsroom.licensing.models.document import Document, DocumentFile, Kind

KEYWORDS = frozenset({"align", "title"})
"""Parts that the template reads as words of its own, or that become the file's title."""
PAPER = Path(__file__).parent / "paper"
STANDARD: Literal["a-2a"] = "a-2a"
TYPESETTER = f"typst {version('typst')}"


def pdf(document: Document) -> bytes:
    """The document as PDF/A-2a: kept from the first time on."""
    kept = DocumentFile.objects.filter(document=document).first()
    if kept is None:
        made = typeset(document)
        facts = {"pdf": made, "digest": hashlib.sha256(made).hexdigest(), "typesetter": TYPESETTER}
        kept, _made = DocumentFile.objects.get_or_create(document=document, defaults=facts)
    return bytes(kept.pdf)


def typeset(document: Document) -> bytes:
    """The PDF, made anew."""
    return typst.compile(
        PAPER / ("certificate.typ" if document.kind == Kind.CERTIFICATE else "agreement.typ"),
        root=PAPER,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(printed(document), ensure_ascii=False)},
        pdf_standards=[STANDARD],
        timestamp=document.issued_at.replace(microsecond=0),  # the typesetter counts in seconds
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[PAPER / "fonts"])


def verify_url(document: Document) -> str:
    """The short address on the document, with the beginning of its hash."""
    address: str = document.data["issuer"]["address"]
    return f"{address}/verify/{document.number}/?check={document.digest[:CHECK]}"


def printed(document: Document) -> dict[str, Any]:
    """What the template is given: the document's own words, and those that stand on every document."""
    url = verify_url(document)
    with translation.override(document.locale):
        issued = formats.date_format(timezone.localtime(document.issued_at), "j F Y")
        labels = {
            "number": _("Number"),
            "date": _("Date"),
            "page": _("Page"),
            "of": _("of"),
            "verify": _("Verify this document"),
            "signature": _("Signature"),
            "name": _("Name and role"),
            "parties": _("Parties"),
        }
    rtl = translation.get_language_info(document.locale)["bidi"]
    return {
        "data": isolated(document.data) if rtl else document.data,
        "number": document.number,
        "issued": issued,
        "digest": document.digest,
        "url": url,
        "qr": qr(url),
        "labels": labels,
        "locale": document.locale,
        "rtl": rtl,
        "timestamp": document.issued_at.isoformat(),
    }


def isolated(value: Any) -> Any:
    """Each text in a direction of its own, so that a Latin sentence keeps its full stop in an Arabic document."""
    if isinstance(value, dict):
        return {name: each if name in KEYWORDS else isolated(each) for name, each in value.items()}
    if isinstance(value, list):
        return [isolated(each) for each in value]
    return f"\u2068{value}\u2069" if isinstance(value, str) and value else value


def qr(text: str) -> str:
    """A QR code as SVG: one path, no border."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)
    size = len(matrix)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{path}" fill="#000"/></svg>'

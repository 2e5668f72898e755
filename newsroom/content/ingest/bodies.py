"""The one body and the one description of an item that has several."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from lxml import etree
from lxml import html as lxml_html

from newsroom.content.ingest.problems import BadItem
from newsroom.wire import sanitise

MARKUP = re.compile(r"<(?:p|div|section|article|body|html|h[1-6]|ul|ol|table|blockquote|br)\b", re.IGNORECASE)
DOCUMENT = re.compile(r"<(?:html|head|body)\b", re.IGNORECASE)
SPACE = re.compile(r"\s+")
DESCRIPTION_ROLES = ("summary", "lead", "text", "main", "")


@dataclass(frozen=True, slots=True)
class Text:
    """A text with what is said of it: its role and media type, both may be empty."""

    value: str = field(repr=False)
    role: str = ""
    content_type: str = ""

    @property
    def form(self) -> str:
        """html, plain, nitf, or the media type that we cannot read."""
        kind = self.content_type.lower()
        if "nitf" in kind or self.role.lower() == "nitf":
            return "nitf"
        if "html" in kind or "html" in self.role.lower():
            return "html"
        if kind in {"", "text/plain"}:
            return "html" if MARKUP.search(self.value) else "plain"
        return kind


def body_html(texts: Iterable[Text]) -> str:
    """The best body as HTML: HTML before plain text before NITF. Empty when there is none; raises BadItem."""
    filled = [text for text in texts if text.value]
    readers = {"html": _inner, "plain": paragraphs, "nitf": _nitf}
    for form, read in readers.items():
        for text in filled:
            if text.form == form and (found := read(text.value)):
                return found
    if filled:
        kinds = ", ".join(sorted({text.form for text in filled}))
        raise BadItem("bodies", _("none in a form that we read, only %(kinds)s") % {"kinds": kinds})
    return ""


def description(texts: Iterable[Text]) -> str:
    """The description that a reader may be shown, as plain text."""
    filled = [text for text in texts if text.value and text.role.lower() in DESCRIPTION_ROLES]
    filled.sort(key=lambda text: DESCRIPTION_ROLES.index(text.role.lower()))
    return plain(filled[0].value) if filled and filled[0].form == "html" else filled[0].value if filled else ""


def says_all(summary: str, body: str) -> bool:
    """True if this summary holds the whole body, and would give it away."""
    inner = SPACE.sub(" ", plain(body)).strip()
    return bool(inner) and inner in SPACE.sub(" ", summary)


def paragraphs(value: str) -> str:
    """Plain text as HTML: a paragraph for each line."""
    return "".join(f"<p>{html.escape(line.strip(), quote=False)}</p>" for line in value.splitlines() if line.strip())


def plain(value: str) -> str:
    """The words of a piece of HTML, a line for each block."""
    return sanitise.plain(sanitise.clean_html(value))


def _inner(value: str) -> str:
    """What stands in the body of a HTML document; a fragment as it is."""
    if not DOCUMENT.search(value):
        return value
    try:
        body = lxml_html.document_fromstring(value).find("body")
    except (etree.ParserError, etree.XMLSyntaxError):
        return ""
    if body is None:
        return ""
    inner = "".join(lxml_html.tostring(child, encoding="unicode") for child in body)
    return (html.escape(body.text or "", quote=False) + inner).strip()


def _nitf(value: str) -> str:
    """The body.content of a NITF document, whose paragraphs, tables and lists are those of HTML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(value.encode(), parser)  # entities, DTDs and the network are off
    except etree.XMLSyntaxError as error:
        raise BadItem("bodies", _("the NITF is not XML: %(reason)s") % {"reason": error.msg}) from None
    content = root.find(".//body.content")
    if content is None:
        return ""
    return "".join(etree.tostring(child, encoding="unicode", method="html") for child in content)

"""What HTML a story may hold. One list, applied once, at release; nh3 does the work."""

import re
from html import unescape

import nh3

TAGS = {
    "a", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "div", "dl", "dt", "em", "h2", "h3", "h4",
    "hr", "i", "ins", "li", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
DROP_WITH_CONTENT = {
    "script",
    "style",
    "iframe",
    "object",
    "noscript",
    "template",
    "svg",
    "math",
    "form",
    "head",
    "title",
}
BREAKS = re.compile(r"<(?:br|/p|/div|/li|/h[2-4]|/tr|/t[dh]|/blockquote|hr|/d[dt]|/caption)[^>]*>", re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean_html(html: str) -> str:
    """The same text with nothing in it that runs, loads, styles or names anything of the page around it."""
    return nh3.clean(
        CONTROLS.sub("", html),
        tags=TAGS,
        attributes=ATTRIBUTES,
        clean_content_tags=DROP_WITH_CONTENT,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    ).strip()


def clean_line(text: str) -> str:
    """One line of plain text: no control characters, no overriding of direction, no double spaces."""
    return " ".join(BIDI_CONTROLS.sub("", CONTROLS.sub("", text)).split())


def clean_text(text: str) -> str:
    """Plain text of several lines, cleaned line by line."""
    return "\n".join(clean_line(line) for line in text.strip().splitlines())


def plain(html: str) -> str:
    """The words of cleaned HTML, a line for each block."""
    text = unescape(nh3.clean(BREAKS.sub("\n", html), tags=set()))
    return "\n".join(line for line in (" ".join(part.split()) for part in text.splitlines()) if line)

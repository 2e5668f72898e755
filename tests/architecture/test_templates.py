"""The templates keep what the Content-Security-Policy promises: nothing inline, and nothing unescaped."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>", re.IGNORECASE
    ),
    "an event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "an escape from escaping": re.compile(r"\|\s*(?:safe|safeseq)\b|{%\s*autoescape\s+off"),
    "what a merge left": re.compile(r"^(?:<{7} |={7}$|>{7} )", re.MULTILINE),
    "an address outside": re.compile(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"(?:https?:)?//", re.IGNORECASE),
}
# Mail is read where no style sheet is. The body of a story was cleaned when it was released; one component shows it.
ALLOWED = {"an inline style": ("/templates/mail/",), "an escape from escaping": ("/components/body.html", ".txt")}
TEXTS = {".py", ".html", ".txt", ".css", ".js", ".po", ".md", ".toml"}
TEMPLATES = sorted(path for path in (ROOT / "newsroom").glob("*/templates/**/*") if path.is_file())


def faults(text: str, path: str) -> list[str]:
    return [
        what
        for what, pattern in FORBIDDEN.items()
        if pattern.search(text) and not any(part in path for part in ALLOWED.get(what, ()))
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_nothing_inline_and_nothing_unescaped(path):
    assert faults(path.read_text(), str(path)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('<p style="color: red">', "an inline style"),
        ("<style>p {}</style>", "an inline style"),
        ("<script>alert()</script>", "an inline script"),
        ('<script type="module">x</script>', "an inline script"),
        ('<a onclick="x()">', "an event attribute"),
        ('<a href="javascript:x()">', "a javascript: address"),
        ("{{ body|safe }}", "an escape from escaping"),
        ("{% autoescape off %}", "an escape from escaping"),
        ('<img src="https://example.com/x.png">', "an address outside"),
        ("<p>ours</p>\n=======\n<p>theirs</p>", "what a merge left"),
    ],
)
def test_the_fault_is_found(text, fault):
    assert faults(text, "newsroom/portal/templates/portal/story.html") == [fault]


def test_a_script_with_an_address_of_ours_and_structured_data_are_no_faults():
    text = (
        """<script src="{% static 'core/js/site.js' %}" defer></script><script type="application/ld+json">{}</script>"""
    )
    assert faults(text, "newsroom/portal/templates/portal/story.html") == []


def test_no_file_still_holds_both_sides_of_a_merge():
    marks = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
    sources = [path for folder in ("newsroom", "tests") for path in (ROOT / folder).rglob("*") if path.suffix in TEXTS]
    assert [str(path) for path in sources if marks.search(path.read_text())] == []

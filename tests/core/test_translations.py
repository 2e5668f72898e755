"""The words in other languages: complete, whole, and what a reader is shown."""

import gettext
import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.utils.translation.template import templatize

from newsroom.config.words import NEWSROOM, compile_all

TRANSLATED = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
Words = tuple[str | None, str]  # the context, and the English


def source_of(language: str) -> Path:
    return NEWSROOM / "locale" / language / "LC_MESSAGES" / "django.po"


def catalogue(language: str) -> Catalog:
    with source_of(language).open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def entries(language: str) -> dict[Words, Message]:
    return {(each.context, forms(each.id)[0]): each for each in catalogue(language) if each.id}


def forms(words: str | list[str] | tuple[str, ...]) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


def spoken(code: bytes) -> Iterator[Words]:
    for _line, words, _comments, context in extract("python", BytesIO(code), keywords=KEYWORDS):
        yield context, forms(words)[0]


def in_the_source() -> Iterator[tuple[Words, str]]:
    """Every string that the code or a template gives to be translated, and where it stands."""
    for path in sorted(NEWSROOM.rglob("*")):
        if path.suffix == ".py":
            code = path.read_bytes()
        elif path.suffix in {".html", ".txt", ".xml"} and "templates" in path.parts:
            code = f"(\n{templatize(path.read_text())}\n)".encode()  # in brackets, so that no line is indented wrongly
        else:
            continue
        for words in spoken(code):
            yield words, str(path.relative_to(NEWSROOM))


def kept(words: str) -> Counter[str]:
    """What a translation must repeat: names to be filled in, tags and entities."""
    return Counter(re.findall(r"%\(\w+\)\d*[a-z]|%[a-z%]|\{\w*\}|<[^>]+>|&#?\w+;", words))


def test_a_string_is_found_wherever_it_stands():
    template = "<p>\n  {% translate 'One' %}</p>\n {% blocktranslate count n=n %}{{ n }} day{% plural %}days{% endblocktranslate %}"
    code = b'_("Two")\nngettext_lazy("%d day", "%d days", n)\npgettext_lazy("genre", "Three " "four")\nlower("five")'
    assert list(spoken(f"(\n{templatize(template)}\n)".encode())) == [(None, "One"), (None, "%(n)s day")]
    assert list(spoken(code)) == [(None, "Two"), (None, "%d day"), ("genre", "Three four")]


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_language_of_the_site_has_a_translation_that_compiles(language, tmp_path):
    source = tmp_path / "locale" / language / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_bytes(source_of(language).read_bytes())
    assert compile_all(tmp_path) == [source.with_suffix(".mo")]
    with source.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Subscribe") != "Subscribe"


def test_turkish_has_every_string_of_the_source():
    known = entries("tr")
    assert [(words, where) for words, where in in_the_source() if words not in known] == []


def test_turkish_leaves_nothing_open():
    def is_open(entry: Message) -> bool:
        return entry.fuzzy or not all(forms(entry.string))

    assert [words for words, entry in entries("tr").items() if is_open(entry)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_what_is_filled_in_and_every_tag(language):
    """“One day” may say its number in letters, so a plural's form keeps what the singular or the plural fills in."""
    changed = {
        english: form
        for (_context, english), entry in entries(language).items()
        for form in forms(entry.string)
        if form and kept(form) not in [kept(each) for each in forms(entry.id)]
    }
    assert changed == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_plurals_of_its_language(language):
    count = catalogue(language).num_plurals
    plurals = [entry for entry in entries(language).values() if entry.pluralizable]
    assert [(entry.id, len(entry.string)) for entry in plurals] == [(entry.id, count) for entry in plurals]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "start", "words"),
    [
        ("en", '<html lang="en" dir="ltr">', "Skip to the content"),
        ("tr", '<html lang="tr" dir="ltr">', "İçeriğe geç"),
        ("ar", '<html lang="ar" dir="rtl">', "انتقل إلى المحتوى"),
        ("fr", '<html lang="fr" dir="ltr">', "Aller au contenu"),
    ],
)
def test_the_front_page_speaks_the_language_of_its_reader(client: Client, language, start, words):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get("/").content.decode()
    assert (page.count(start), page.count(f">{words}</a>")) == (1, 1)

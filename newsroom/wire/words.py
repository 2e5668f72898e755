"""How words are folded for search, so that a reader finds a story whatever marks or case they type.

PostgreSQL's own lower-casing depends on the locale its cluster was made with, and knows neither the Turkish i nor
Arabic's optional marks. Both what is indexed and what is asked for pass through `fold` first.
"""

import re
import unicodedata
from typing import Any

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery, SearchVector
from django.db.models import Value

CONFIGS = {"en": "english", "tr": "turkish", "ar": "arabic", "fr": "french"}
ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ؤ": "و", "ئ": "ي", "ة": "ه", "ـ": None})
LATIN = str.maketrans({"ı": "i", "İ": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l"})
LONGEST_QUERY = 200
DIRECTION = {"ar": "rtl", "fa": "rtl", "he": "rtl", "ur": "rtl"}


def fold(text: str) -> str:
    """Lower case, without accents, the Turkish i's as one, Arabic letters in their plain forms."""
    lowered = text.translate(LATIN).lower().translate(LATIN).translate(ARABIC)
    parts = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in parts if not unicodedata.combining(char) and char != "\x00")


def config(language: str) -> str:
    """PostgreSQL's text search configuration for a language."""
    return CONFIGS.get(language.split("-")[0], "simple")


def direction(language: str) -> str:
    """`ltr` or `rtl`."""
    return DIRECTION.get(language.split("-")[0], "ltr")


def vector(language: str, *parts: tuple[str, str]) -> Any:
    """A search vector over (text, weight) pairs, for saving."""
    found: Any = None
    for text, weight in parts:
        each = SearchVector(Value(fold(text)), weight=weight, config=config(language))
        found = each if found is None else found + each
    return found


def query(words: str, language: str | None) -> SearchQuery | CombinedSearchQuery | None:
    """What a reader typed, as a query in one language or in each; None when no word is left."""
    text = " ".join(re.sub(r"[\x00-\x1f]", " ", fold(words[:LONGEST_QUERY])).split())
    if not re.search(r"\w", text):
        return None
    configs = [config(language)] if language else [*CONFIGS.values(), "simple"]
    asked: SearchQuery | CombinedSearchQuery | None = None
    for name in configs:
        each = SearchQuery(text, config=name, search_type="websearch")
        asked = each if asked is None else asked | each
    return asked

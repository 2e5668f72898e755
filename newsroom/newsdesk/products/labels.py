"""A product's rule in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from babel import Locale
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from newsroom.core.countries import countries
from newsroom.wire.models import Desk, Place, Topic
from newsroom.wire.rules import SIDES
from newsroom.wire.vocabulary import table

DIMENSIONS = {
    "language": gettext_lazy("Language"),
    "desk": gettext_lazy("Desk"),
    "topics": gettext_lazy("Topic, with all below it"),
    "genre": gettext_lazy("Genre"),
    "urgency": gettext_lazy("Urgency"),
    "place": gettext_lazy("Place or country"),
    "media": gettext_lazy("Media"),
    "keywords": gettext_lazy("Keyword"),
}
MEDIA = {"text": gettext_lazy("text"), "picture": gettext_lazy("with a picture")}


@dataclass(frozen=True, slots=True)
class Line:
    """What a rule says of one dimension: what it includes and what it excludes, in words."""

    dimension: str
    include: str
    exclude: str


class Labels:
    """The names of everything that these rules speak of; three queries, however many rules."""

    def __init__(self, rules: Iterable[Any]) -> None:
        self.locale = get_language() or "en"
        codes: dict[str, set[Any]] = {name: set() for name in DIMENSIONS}
        for side in (rule.get(side) for rule in rules if isinstance(rule, dict) for side in SIDES):
            for name, values in side.items() if isinstance(side, dict) else ():
                codes.setdefault(name, set()).update(values if isinstance(values, list) else ())
        self.names: dict[str, dict[Any, str]] = {
            name: {each.code: each.label(self.locale) for each in model.objects.filter(code__in=codes[name])}
            for name, model in (("desk", Desk), ("topics", Topic), ("place", Place))
        }
        self.names["media"] = {code: str(label) for code, label in MEDIA.items()}
        self.names["genre"] = {row["code"]: _in(row["names"], self.locale) for row in table("genres")}
        self.names["place"] = countries(self.locale) | self.names["place"]
        self.names["language"] = {str(code): language_name(str(code), self.locale) for code in codes["language"]}

    def lines(self, rule: Any) -> list[Line]:
        """What the rule says, a line for each dimension; none for one that matches nothing."""
        if not isinstance(rule, dict) or not rule.get("include"):
            return []
        include, exclude = rule["include"], rule.get("exclude") or {}
        found = [Line(str(_("Everything")), str(_("all that is on the wire")), "")] if include == "everything" else []
        include = {} if include == "everything" else include
        for name, label in DIMENSIONS.items():
            if name in include or name in exclude:
                found.append(Line(str(label), self._words(name, include), self._words(name, exclude)))
        return found

    def _words(self, name: str, part: Any) -> str:
        labels = self.names.get(name, {})
        return pgettext("between alternatives", ", ").join(str(labels.get(each, each)) for each in part.get(name, []))


def language_name(tag: str, locale: str) -> str:
    """The language's name in this locale, else its tag."""
    names = Locale.parse(locale.replace("-", "_")).languages
    return str(names.get(tag.replace("-", "_")) or names.get(tag.split("-")[0]) or tag)


def _in(names: dict[str, str], locale: str) -> str:
    return names.get(locale.split("-")[0]) or names["en"]

"""Whether a product's rule speaks of things that there are. `rules.check_rule` looks at its form; this at its values."""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

from babel import Locale
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from newsroom.core.countries import countries, is_country
from newsroom.wire.models import Desk, Place, Topic
from newsroom.wire.rules import MEDIA, SIDES, BadRule, check_rule
from newsroom.wire.vocabulary import table

TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LONGEST_KEYWORD = 60


def check_known(rule: Any) -> list[str]:
    """Raises `BadRule`, naming the field, for what no release could have; answers warnings of what few will.

    A retired topic is allowed with a warning: older stories have it.
    """
    check_rule(rule)
    for side in SIDES:
        part = rule.get(side, {})
        if part != "everything":
            for name, values in part.items():
                _check(side, name, values)
    _check_reach(rule)
    return _warnings(rule)


def _check(side: str, name: str, values: list[Any]) -> None:
    places = set(Place.objects.filter(code__in=values).values_list("code", flat=True)) if name == "place" else set()
    checks: dict[str, Callable[[Any], bool]] = {
        "language": is_language,
        "desk": set(Desk.objects.filter(code__in=values).values_list("code", flat=True)).__contains__,
        "topics": set(Topic.objects.filter(code__in=values).values_list("code", flat=True)).__contains__,
        "genre": {row["code"] for row in table("genres")}.__contains__,
        "place": lambda code: code in places or is_country(code),
        "media": MEDIA.__contains__,
        "keywords": lambda word: len(word) <= LONGEST_KEYWORD,
        "urgency": range(1, 10).__contains__,
    }
    for value in values:
        if not checks[name](value):
            raise BadRule(_("There is no “%(value)s”.") % {"value": value}, side=side, name=name)


def is_language(tag: str) -> bool:
    """Whether this is the tag of a language that has a name."""
    return TAG.fullmatch(tag) is not None and tag.split("-")[0] in Locale("en").languages


def _check_reach(rule: Any) -> None:
    """Raises `BadRule` when everything that is included lies in what is excluded."""
    include, exclude = rule["include"], rule.get("exclude", {})
    if include == "everything":
        return
    topics = Topic.objects.filter(code__in=include.get("topics", []))
    if _all_in([{*topic.lineage} for topic in topics], exclude.get("topics", [])):
        message = _("Every topic that is included lies below one that is excluded.")
        raise BadRule(message, side="exclude", name="topics")
    places = dict(Place.objects.values_list("code", "country").filter(code__in=include.get("place", [])))
    if _all_in([{code, places.get(code, code)} for code in include.get("place", [])], exclude.get("place", [])):
        message = _("Every place that is included lies in a country that is excluded.")
        raise BadRule(message, side="exclude", name="place")


def _all_in(wanted: list[set[str]], unwanted: list[str]) -> bool:
    return bool(wanted) and all(not names.isdisjoint(unwanted) for names in wanted)


def _warnings(rule: Any) -> list[str]:
    named = [code for side in SIDES if isinstance(rule.get(side), dict) for code in rule[side].get("topics", [])]
    retired = Topic.objects.filter(code__in=named, retired=True)
    return [
        _("The topic “%(topic)s” is retired: older stories have it, new ones will not.") % {"topic": topic}
        for topic in retired
    ]


def topic_of(line: str) -> str:
    """The code of the topic with this code or name, in any language. Raises `BadRule` when none or several are meant."""
    found = list(Topic.objects.filter(_named(line)).values_list("code", flat=True))
    return line if line in found else _one(line, found, Topic.objects.values_list("name", flat=True))


def place_of(line: str) -> str:
    """The code of this place, or of this country's. Raises `BadRule` when none or several are meant."""
    if len(line) == 2 and is_country(line.upper()):
        return line.upper()
    found = list(Place.objects.filter(_named(line)).values_list("code", flat=True))
    found = found or [code for code, name in countries("en").items() if name.casefold() == line.casefold()]
    return line if line in found else _one(line, found, Place.objects.values_list("name", flat=True))


def _named(line: str) -> Q:
    by_name = Q(code=line) | Q(name__iexact=line)
    for language, _label in settings.LANGUAGES:
        by_name |= Q(**{f"names__{language}__iexact": line})
    return by_name


def _one(line: str, found: list[str], names: Iterable[str]) -> str:
    if len(found) == 1:
        return found[0]
    if found:
        raise BadRule(_("“%(line)s” may be %(codes)s: write the code.") % {"line": line, "codes": ", ".join(found)})
    near = get_close_matches(line.casefold(), {name.casefold(): name for name in names}, n=1)
    if near:
        raise BadRule(_("There is no “%(line)s”. Is “%(near)s” meant?") % {"line": line, "near": near[0]})
    raise BadRule(_("There is no “%(line)s”.") % {"line": line})

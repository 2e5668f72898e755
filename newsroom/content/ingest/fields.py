"""Typed reading of one object's fields. Each refusal names the field."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from newsroom.content.ingest.problems import BadItem

# What no text may hold: NUL, which PostgreSQL refuses, and halves of surrogate pairs, which no encoding has.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
ZONED = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$", re.IGNORECASE)


def text(item: Mapping[str, Any], key: str, *, at_most: int = 0, where: str = "") -> str:
    """The text in this field, without space around it; empty when absent or null."""
    value = item.get(key)
    field = f"{where}{key}"
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadItem(field, _("expected text, found %(kind)s") % {"kind": kind_of(value)})
    if UNSTORABLE.search(value):
        raise BadItem(field, _("holds a character that no text may hold"))
    value = value.strip()
    if at_most and len(value) > at_most:
        raise BadItem(
            field, _("is %(length)d characters long; at most %(limit)d") % {"length": len(value), "limit": at_most}
        )
    return value


def moment(item: Mapping[str, Any], key: str) -> datetime | None:
    """The moment in this field, with its zone; None when absent."""
    value = text(item, key)
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise BadItem(key, _("“%(value)s” is no date and time") % {"value": value[:40]}) from None
    if found.tzinfo is None or not ZONED.search(value):
        raise BadItem(key, _("“%(value)s” has no time zone") % {"value": value[:40]})
    return found


def objects(item: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The list of objects in this field; empty when absent or null."""
    value = item.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadItem(key, _("expected a list, found %(kind)s") % {"kind": kind_of(value)})
    for number, each in enumerate(value):
        if not isinstance(each, dict):
            raise BadItem(f"{key}[{number}]", _("expected an object, found %(kind)s") % {"kind": kind_of(each)})
    return value


def urgency(item: Mapping[str, Any]) -> int | None:
    """1 (highest) to 9; None when absent."""
    value = item.get("urgency")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadItem("urgency", _("expected a number, found %(kind)s") % {"kind": kind_of(value)})
    if value not in range(1, 10):
        raise BadItem("urgency", _("%(value)s is not a whole number from 1 to 9") % {"value": value})
    return int(value)


def kind_of(value: object) -> str:
    """The JSON name of a value's type."""
    names = {dict: _("an object"), list: _("a list"), str: _("text"), bool: _("true or false"), type(None): _("null")}
    return names.get(type(value), _("a number"))

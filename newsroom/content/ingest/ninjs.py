"""IPTC ninjs 1.x, 2.x and 3.x → NewsItem.

1.x has `headline`, `body_text`, `description_text`; 2.x has lists of objects with lower-case keys; 3.x the same in
camel case. Read without regard to case, 2.x and 3.x are one. Source: the JSON schemas at iptc.org/std/ninjs.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, cast, get_args

from django.utils.translation import gettext as _

from newsroom.content.ingest import bodies
from newsroom.content.ingest.bodies import Text
from newsroom.content.ingest.fields import kind_of, moment, objects, text, urgency
from newsroom.content.ingest.newsitem import NewsItem, Status
from newsroom.content.ingest.problems import BadItem, NoStory

STORIES: Final = {"", "text", "composite", "component", "article"}
NOT_STORIES: Final = {"audio", "video", "event", "planning", "graphic", "picture", "animation", "package"}
LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,6}){0,2}")
MEDIA_TOPIC = re.compile(r"(?:mediatopic/|medtop:|^)(\d{8})$")


def read(raw: object) -> NewsItem:
    """The item as we understand it. Raises NoStory for other kinds, BadItem with the field's name for what is wrong."""
    if not isinstance(raw, dict):
        raise BadItem("item", _("expected an object, found %(kind)s") % {"kind": kind_of(raw)})
    item = _lower(raw)
    uri = text(item, "uri", at_most=500)
    if not uri or re.search(r"\s", uri):
        raise BadItem("uri", _("is missing") if not uri else _("holds white space"))
    texts = _texts(item, "body_", "bodies")
    _check_kind(item, has_body=any(each.value for each in texts))
    body = bodies.body_html(texts)
    summary = bodies.description(_texts(item, "description_", "descriptions"))
    return NewsItem(
        uri=uri,
        headline=_headline(item, uri),
        version=text(item, "version", at_most=100),
        version_created=moment(item, "versioncreated"),
        status=_status(item),
        language=_language(item),
        slugline=text(item, "slugline", at_most=120),
        summary="" if bodies.says_all(summary, body) else summary,
        body_html=body,
        byline=text(item, "byline", at_most=200) or text(item, "by", at_most=200),
        dateline=text(item, "located", at_most=200),
        genre=_name_of_first(item, "genres", "genre")[:60],
        urgency=urgency(item),
        subjects=_subjects(item),
        place=_name_of_first(item, "places", "place"),
        note=text(item, "ednote"),
        usage_terms=text(item, "usageterms"),
        embargo_until=moment(item, "embargoed") or moment(item, "embargoeduntil"),
        provider=text(item, "copyrightholder", at_most=200),
        keywords=_keywords(item),
        expires_at=_expires(item),
        supplier_terms=_supplier_terms(item),
    )


def _expires(item: Mapping[str, Any]) -> datetime | None:
    """`expires`: after it the provider does not stand by the item. It must lie behind the embargo."""
    expires = moment(item, "expires")
    embargo = moment(item, "embargoed") or moment(item, "embargoeduntil")
    if expires is not None and embargo is not None and expires <= embargo:
        raise BadItem("expires", _("lies before the end of the embargo"))
    return expires


def _keywords(item: Mapping[str, Any]) -> tuple[str, ...]:
    """`keywords`, which no version of the standard has and many providers send: texts, or objects with a name."""
    value = item.get("keywords")
    if value is None:
        return ()
    if not isinstance(value, list):
        raise BadItem("keywords", _("expected a list, found %(kind)s") % {"kind": kind_of(value)})
    found = []
    for number, each in enumerate(value):
        named = each if isinstance(each, dict) else {"name": each}
        found.append(text(named, "name", at_most=60, where=f"keywords[{number}]."))
    return tuple(dict.fromkeys(word for word in found if word))


def _supplier_terms(item: Mapping[str, Any]) -> str:
    """The copyright notice, and where or in what language `rightsInfo` states the rights. A person reads them."""
    info = item.get("rightsinfo")
    if info is not None and not isinstance(info, dict | list):
        raise BadItem("rightsInfo", _("expected an object, found %(kind)s") % {"kind": kind_of(info)})
    parts = [text(item, "copyrightnotice", at_most=2000)]
    for each in info if isinstance(info, list) else [info or {}]:
        if not isinstance(each, dict):
            raise BadItem("rightsInfo", _("expected an object, found %(kind)s") % {"kind": kind_of(each)})
        low = {key.lower(): value for key, value in each.items()}
        parts += [text(low, name, at_most=1500, where="rightsInfo.") for name in ("linkedrights", "encodedrights")]
    return "\n".join(part for part in parts if part)[:4000]


def uri_of(raw: object) -> str:
    """The item's uri for a message, as far as there is one."""
    found = raw.get("uri") if isinstance(raw, dict) else None
    return found[:200] if isinstance(found, str) else ""


def _lower(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The item with its keys, and those of the objects in its lists, in lower case."""
    return {key.lower(): _lower_inside(value) if isinstance(value, list) else value for key, value in raw.items()}


def _lower_inside(values: list[Any]) -> list[Any]:
    return [{key.lower(): each for key, each in it.items()} if isinstance(it, dict) else it for it in values]


def _check_kind(item: Mapping[str, Any], *, has_body: bool) -> None:
    kind = text(item, "type").lower()
    if "eventdetails" in item:
        kind = "event"
    elif "plannedcoverage" in item or "newscoveragestatus" in item:
        kind = "planning"
    if kind in STORIES or (kind == "picture" and has_body):
        return
    if kind in NOT_STORIES:
        raise NoStory(kind)
    raise BadItem("type", _("“%(kind)s” is not known") % {"kind": kind[:40]})


def _texts(item: Mapping[str, Any], prefix: str, key: str) -> list[Text]:
    """The texts of 2.x and 3.x (a list), and those of 1.x (`body_text`, `body_xhtml`: the role is in the key)."""
    found = [
        Text(
            value=_value(each, f"{key}[{number}]."),
            role=text(each, "role", where=f"{key}[{number}]."),
            content_type=text(each, "contenttype", where=f"{key}[{number}]."),
        )
        for number, each in enumerate(objects(item, key))
    ]
    ones = sorted(name for name in item if name.startswith(prefix))
    return found + [Text(value=text(item, name), role=name.removeprefix(prefix)) for name in ones]


def _value(each: Mapping[str, Any], where: str) -> str:
    if "value" not in each:
        raise BadItem(f"{where}value", _("is missing"))
    return text(each, "value", where=where)


def _headline(item: Mapping[str, Any], uri: str) -> str:
    """The main headline; without one the title, the slugline, or the end of the uri. Never words of the body."""
    all_of_them = objects(item, "headlines")
    mains = [each for each in all_of_them if each.get("role") == "main"] or all_of_them
    of_list = text(mains[0], "value", at_most=300, where="headlines[].") if mains else ""
    named = of_list or text(item, "headline", at_most=300) or text(item, "title", at_most=300)
    return (
        " ".join(bodies.plain(named).split())
        or text(item, "slugline", at_most=300)
        or re.split(r"[/:]", uri.rstrip("/:"))[-1][:300]
    )


def _status(item: Mapping[str, Any]) -> Status:
    value = text(item, "pubstatus") or "usable"
    if value not in get_args(Status):
        raise BadItem("pubstatus", _("“%(value)s” is none of usable, withheld, canceled") % {"value": value[:40]})
    return cast(Status, value)


def _language(item: Mapping[str, Any]) -> str:
    value = text(item, "language")
    if value and (len(value) > 10 or not LANGUAGE.fullmatch(value)):
        raise BadItem("language", _("“%(value)s” is no language tag") % {"value": value[:40]})
    return value


def _subjects(item: Mapping[str, Any]) -> tuple[str, ...]:
    """The IPTC media topics named, as `medtop:15000000`; other vocabularies are left out."""
    found: dict[str, None] = {}
    for subject in [*objects(item, "subjects"), *objects(item, "subject")]:
        for key in ("uri", "literal", "code"):
            if match := MEDIA_TOPIC.search(text(subject, key)):
                found[f"medtop:{match[1]}"] = None
    return tuple(found)


def _name_of_first(item: Mapping[str, Any], *keys: str) -> str:
    for key in keys:
        for each in objects(item, key):
            if name := text(each, "name") or text(each, "literal"):
                return name
    return ""

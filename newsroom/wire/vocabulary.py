"""The words stories are sorted by: IPTC's Media Topics with our labels, and the desks and places of `data/`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction

from newsroom.wire.models import Desk, Place, Topic

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Subject:
    """One line of `mediatopics.tsv`. `path` holds the codes from the root down, each followed by `/`."""

    code: str
    parent: str
    label: str
    retired: bool
    path: str
    names: dict[str, str]

    @property
    def depth(self) -> int:
        return self.path.count("/")


@lru_cache(maxsize=1)
def subjects() -> tuple[Subject, ...]:
    """Every Media Topic, parents before their children. Raises KeyError when a parent is missing."""
    labels: dict[str, dict[str, str]] = json.loads((DATA / "mediatopics.labels.json").read_text(encoding="utf-8"))
    lines = {line[0]: line for line in _lines()}

    def path(code: str) -> str:
        parent = lines[code][1]
        return f"{path(parent) if parent else ''}{code}/"

    found = [
        Subject(code, parent, label, bool(retired), path(code), {"en": label} | labels.get(code, {}))
        for code, parent, label, retired in lines.values()
    ]
    return tuple(sorted(found, key=lambda subject: subject.depth))


def _lines() -> Iterator[list[str]]:
    text = (DATA / "mediatopics.tsv").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    return (line.split("\t") for line in rows[1:])


def table(name: str) -> list[dict[str, Any]]:
    """The rows of `desks`, `places` or `genres`."""
    found: list[dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


@transaction.atomic
def load() -> int:
    """The topics of the table are in the database as it says, its desks and places are there. Answers what changed."""
    return _load_topics() + _add_desks() + _add_places()


def _load_topics() -> int:
    known = {topic.code: topic for topic in Topic.objects.all()}
    made, changed = 0, []
    for depth in sorted({subject.depth for subject in subjects()}):
        fresh = []
        for subject in (each for each in subjects() if each.depth == depth):
            topic = known.get(subject.code)
            if topic is None:
                known[subject.code] = Topic(code=subject.code)
                fresh.append(_say(known[subject.code], subject, known))
            elif not _says(topic, subject):
                changed.append(_say(topic, subject, known))
        Topic.objects.bulk_create(fresh)
        made += len(fresh)
    Topic.objects.bulk_update(changed, ["name", "names", "parent", "path", "retired"], batch_size=500)
    return made + len(changed)


def _says(topic: Topic, subject: Subject) -> bool:
    held = (topic.name, topic.names, topic.path, topic.retired)
    return held == (subject.label, subject.names, subject.path, subject.retired)


def _say(topic: Topic, subject: Subject, known: dict[str, Topic]) -> Topic:
    topic.name, topic.names = subject.label, subject.names
    topic.parent = known[subject.parent] if subject.parent else None
    topic.path, topic.retired = subject.path, subject.retired
    return topic


def _add_desks() -> int:
    known = set(Desk.objects.values_list("code", flat=True))
    fresh = [
        Desk(code=row["code"], name=row["names"]["en"], names=row["names"], position=position)
        for position, row in enumerate(table("desks"))
        if row["code"] not in known
    ]
    return len(Desk.objects.bulk_create(fresh))


def _add_places() -> int:
    known = set(Place.objects.values_list("code", flat=True))
    fresh = [
        Place(code=row["code"], name=row["names"]["en"], names=row["names"], country=row["country"])
        for row in table("places")
        if row["code"] not in known
    ]
    return len(Place.objects.bulk_create(fresh))

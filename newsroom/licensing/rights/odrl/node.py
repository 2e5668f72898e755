"""A place in a document and what stands there: reading it says where something is wrong."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.utils.dateparse import parse_duration
from django.utils.translation import gettext as _

from newsroom.core.errors import Refused

Value = TypeVar("Value")


class BadRights(Refused):
    """The document does not say rights that we can read. `path`: where, as a JSON pointer."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path or '/'}: {message}")
        self.path = path or "/"


@dataclass(frozen=True, slots=True)
class Node:
    """What stands at `path`."""

    value: Any
    path: str = ""

    def fail(self, message: str) -> BadRights:
        return BadRights(self.path, message)

    def __contains__(self, name: str) -> bool:
        return isinstance(self.value, Mapping) and name in self.value

    def __getitem__(self, name: str) -> "Node":
        if name not in self.known:
            raise BadRights(f"{self.path}/{name}", _("This is missing."))
        return Node(self.value[name], f"{self.path}/{name}")

    @property
    def known(self) -> Mapping[str, Any]:
        if not isinstance(self.value, Mapping):
            raise self.fail(_("An object is needed here."))
        return self.value

    def only(self, *names: str) -> "Node":
        """Nothing but these stands here: what is not understood is not passed over."""
        for name in self.known:
            if name not in names:
                raise BadRights(f"{self.path}/{name}", _("This is not known here."))
        return self

    def each(self, name: str) -> Iterator["Node"]:
        """The members of a list, or the one thing that stands in its place (JSON-LD has both); none when missing."""
        if name not in self:
            return
        inner = self[name]
        if not isinstance(inner.value, list):
            yield inner
            return
        for index, value in enumerate(inner.value):
            yield Node(value, f"{inner.path}/{index}")

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.fail(_("Words are needed here."))
        return self.value

    def number(self) -> int:
        if type(self.value) is not int or self.value < 1:
            raise self.fail(_("A whole number above nothing is needed here."))
        return int(self.value)

    def iri(self) -> str:
        """`{"@id": …}`."""
        return self.only("@id")["@id"].text()

    def below(self, start: str) -> str:
        """What follows this beginning of an IRI."""
        found = self.iri()
        if not found.startswith(start) or found == start:
            raise self.fail(_("An IRI that begins with “%(start)s” is needed here.") % {"start": start})
        return found.removeprefix(start)

    def one_of(self, known: Mapping[str, Value]) -> Value:
        """What the word that stands here means."""
        if not isinstance(self.value, str) or self.value not in known:
            raise self.fail(_("“%(value)s” is not known here.") % {"value": self.value})
        return known[self.value]

    def typed(self, kind: str, parse: Callable[[str], Value | None]) -> Value:
        """`{"@value": …, "@type": kind}`."""
        self.only("@value", "@type")
        if self["@type"].value != kind:
            raise self["@type"].fail(_("The type “%(kind)s” is needed here.") % {"kind": kind})
        try:
            found = parse(self["@value"].text())
        except (ValueError, InvalidOperation):
            found = None
        if found is None:
            raise self["@value"].fail(_("This cannot be read as “%(kind)s”.") % {"kind": kind})
        return found

    def moment(self) -> datetime:
        found = self.typed("xsd:dateTime", datetime.fromisoformat)
        if found.tzinfo is None:
            raise self["@value"].fail(_("A moment needs its zone."))
        return found

    def duration(self) -> timedelta:
        found = self.typed("xsd:duration", parse_duration)
        if found <= timedelta(0) or not self["@value"].text().startswith("P"):
            raise self["@value"].fail(_("A length of time above nothing is needed here."))
        return found

    def decimal(self) -> Decimal:
        found = self.typed("xsd:decimal", Decimal)
        if not found.is_finite() or found <= 0:
            raise self["@value"].fail(_("An amount above nothing is needed here."))
        return found

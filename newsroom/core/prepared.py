"""Querysets that are turned into SQL once.

On a page that asks five short questions Django spends four fifths of its time building the same five texts again:
2.3 ms for the question `access.find` asks, of which PostgreSQL needs 0.1. A `Prepared` keeps the text and fills in
the values.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.query import ValuesListIterable

from newsroom.core.statements import Statement

Row = TypeVar("Row")
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where one value goes: its place in the parameters, and the type Django wraps it in for the driver."""

    place: int
    name: str
    index: int | None
    wrap: Callable[[Any], Any] | None


class Prepared(Generic[Row]):
    """The answer to `make(**values)` as a list; the SQL is built once for each shape of the values.

    Values are strings, integers, moments, None, or collections of these; `make` must hand each on to the database
    unchanged (it sees stand-ins), and may choose nothing by them but None and the length of a collection.
    """

    def __init__(self, make: Callable[..., "QuerySet[Any, Row]"]) -> None:
        self._make = make
        self._ready: dict[tuple[Any, ...], _Text[Row] | None] = {}

    def __call__(self, **values: Any) -> list[Row]:
        shape = tuple((name, _shape(value)) for name, value in sorted(values.items()))
        if shape not in self._ready:
            self._ready[shape] = self._text(values)
        text = self._ready[shape]
        return text.rows(values) if text else []

    def _text(self, values: dict[str, Any]) -> "_Text[Row] | None":
        marks = {name: _stand_in(value, number * 1000) for number, (name, value) in enumerate(values.items(), 1)}
        try:
            return _Text(self._make(**marks), marks)
        except EmptyResultSet:
            return None


class _Text(Generic[Row]):
    """One query's SQL, where its values go, and how its rows become what the queryset would have answered."""

    def __init__(self, found: "QuerySet[Any, Row]", marks: dict[str, Any]) -> None:
        self.compiler = found.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = self.compiler.as_sql()
        self.statement, self.params = Statement(sql), list(params)
        self.slots = [slot for name, mark in marks.items() for slot in self._slots(name, mark)]
        selected = [each[0] for each in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(selected)
        self.tuples = issubclass(found._iterable_class, ValuesListIterable)
        if not self.tuples:
            self.kind = _Kind(self.compiler.klass_info, self.compiler.select, self.converters)
            self.extra = dict(self.compiler.annotation_col_map or {})

    def _slots(self, name: str, mark: Any) -> list[_Slot]:
        found = []
        parts = list(enumerate(mark)) if _many(mark) else [(None, mark)]
        for index, each in parts:
            places = [place for place, value in enumerate(self.params) if each is not None and value == each]
            if each is not None and not places:
                raise ValueError(f"{name} is not among the query's parameters")
            for place in places:
                kind = type(self.params[place])
                found.append(_Slot(place, name, index, None if kind is type(each) else kind))
        return found

    def rows(self, values: dict[str, Any]) -> list[Row]:
        params = list(self.params)
        lists = {name: list(value) if _many(value) else value for name, value in values.items()}
        for slot in self.slots:
            value = lists[slot.name] if slot.index is None else lists[slot.name][slot.index]
            params[slot.place] = slot.wrap(value) if slot.wrap else value
        found: Any = self.statement.rows(params)
        if not self.tuples:
            known: Known = {}
            return [self._object(row, known) for row in found]
        if self.converters:
            found = map(tuple, self.compiler.apply_converters(found, self.converters))
        return list(found)

    def _object(self, row: Any, known: "Known") -> Any:
        made = self.kind.made(row, known)
        for name, place in self.extra.items():
            setattr(made, name, _converted(row[place], *self.converters.get(place, NO_CONVERTER)))
        return made


Known = dict[tuple[int, Any], Any]
NO_CONVERTER: tuple[tuple[Any, ...], None] = ((), None)


class _Kind:
    """How the objects of one model, and those related to them, come out of the rows.

    What several rows are related to is one object, made once: fifty releases of eight desks have eight.
    """

    def __init__(self, info: Any, select: Any, converters: Any) -> None:
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column[0].target.attname for column in select[first:last]]
        self.model, self.span, self.names = info["model"], slice(first, last), frozenset(names)
        self.pk = first + names.index(self.model._meta.pk.attname)
        self.converters = [(place - first, *each) for place, each in converters.items() if first <= place < last]
        self.related = [
            (_Kind(each, select, converters), each["local_setter"], each["remote_setter"])
            for each in info.get("related_klass_infos", ())
        ]

    def made(self, row: Any, known: Known) -> Any:
        """This row's object."""
        values = list(row[self.span])
        for place, functions, expression in self.converters:
            values[place] = _converted(values[place], functions, expression)
        made = self.model.from_db(DEFAULT_DB_ALIAS, self.names, values)
        for kind, tell, tell_back in self.related:
            other = kind.shared(row, known)
            tell(made, other)
            if other is not None:
                tell_back(other, made)
        return made

    def shared(self, row: Any, known: Known) -> Any:
        """What this row is related to; None where it is to nothing."""
        pk = row[self.pk]
        if pk is None:
            return None
        found = known.get((id(self), pk))
        if found is None:
            found = known[id(self), pk] = self.made(row, known)
        return found


def _converted(value: Any, functions: Any, expression: Any) -> Any:
    for each in functions:
        value = each(value, expression, connections[DEFAULT_DB_ALIAS])
    return value


def _many(value: Any) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str)


def _shape(value: Any) -> Any:
    return len(value) if _many(value) else value is None


def _stand_in(value: Any, number: int) -> Any:
    """A value of the same type that stands nowhere else in the query."""
    if _many(value):
        return [_stand_in(each, number + index) for index, each in enumerate(value, 1)]
    match value:
        case None:
            return None
        case bool():
            raise TypeError("a flag changes the query: prepare one for each")
        case str():
            return f"stand-in {number}"
        case int():
            return -(10**12) - number
        case datetime():
            return LONG_AGO + timedelta(microseconds=number)
    raise TypeError(f"{type(value).__name__} cannot be filled in later")

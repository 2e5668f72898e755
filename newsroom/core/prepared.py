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
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.db.models.query import ValuesListIterable, get_related_populators

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
            self._prepare_models()

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

    def _prepare_models(self) -> None:
        info: Any = self.compiler.klass_info
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        self.model, self.span = info["model"], slice(first, last)
        self.names = [column[0].target.attname for column in self.compiler.select[self.span]]
        self.related = get_related_populators(info, self.compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # Django 5.2 has three
        self.extra = dict(self.compiler.annotation_col_map or {})

    def rows(self, values: dict[str, Any]) -> list[Row]:
        params = list(self.params)
        lists = {name: list(value) if _many(value) else value for name, value in values.items()}
        for slot in self.slots:
            value = lists[slot.name] if slot.index is None else lists[slot.name][slot.index]
            params[slot.place] = slot.wrap(value) if slot.wrap else value
        found: Any = self.statement.rows(params)
        if self.converters:
            found = self.compiler.apply_converters(found, self.converters)
        return [tuple(row) if self.tuples else self._object(row) for row in found]  # type: ignore[misc]  # a Row

    def _object(self, row: Any) -> Any:
        made = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.span])
        for each in self.related:
            each.populate(row, made)
        for name, place in self.extra.items():
            setattr(made, name, row[place])
        return made


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

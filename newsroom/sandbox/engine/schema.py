"""Stripe's own types, read from the installed SDK: what may be asked, and what an answer looks like.

The SDK writes many annotations as strings whose names it imports for type checkers only (a plain `get_type_hints`
raises), so names are looked up in the class's module first, then among what that module imports under TYPE_CHECKING.
"""

import ast
import importlib
import inspect
import sys
import types
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any, ClassVar, ForwardRef, Literal, NotRequired, Required, Union, get_args, get_origin

from stripe._list_object import ListObject
from stripe._request_options import RequestOptions
from stripe._stripe_object import StripeObject, UntypedStripeObject
from typing_extensions import is_typeddict


class _Names(dict[str, Any]):
    """A module's names, those it imports for type checkers included."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__(vars(module))
        self.checked = _imported_for_checkers(module)

    def __missing__(self, name: str) -> Any:
        where, what = self.checked[name]
        return getattr(importlib.import_module(where), what)


def _imported_for_checkers(module: ModuleType) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.If):
            for each in node.body:
                if isinstance(each, ast.ImportFrom) and each.module:
                    found |= {alias.asname or alias.name: (each.module, alias.name) for alias in each.names}
    return found


@cache
def _names(module: str) -> _Names:
    return _Names(importlib.import_module(module))


def resolved(annotation: Any, module: str) -> Any:
    """The type an annotation means; its arguments may still be forward references."""
    while isinstance(annotation, str | ForwardRef) or get_origin(annotation) in {NotRequired, Required}:
        if isinstance(annotation, str | ForwardRef):
            text = annotation if isinstance(annotation, str) else annotation.__forward_arg__
            annotation = eval(text, {"__builtins__": vars(sys.modules["builtins"])}, _names(module))  # noqa: S307 the SDK's own source
        else:
            (annotation,) = get_args(annotation)
    return annotation


@cache
def fields(shape: type) -> dict[str, Any]:
    """The fields of a resource or of a parameter hash, with their types."""
    written = inspect.get_annotations(shape)
    names = [name for name in written if not (is_typeddict(shape) and name in RequestOptions.__annotations__)]
    found = {name: resolved(written[name], shape.__module__) for name in names}
    return {name: each for name, each in found.items() if get_origin(each) is not ClassVar and not name.startswith("_")}


@cache
def choices(annotation: Any, module: str) -> tuple[Any, ...]:
    """The members of a union, flattened; anything else by itself."""
    annotation = resolved(annotation, module)
    if get_origin(annotation) in {Union, types.UnionType}:
        return tuple(inner for each in get_args(annotation) for inner in choices(each, module))
    return (annotation,)


def may_be_null(annotation: Any, module: str) -> bool:
    return type(None) in choices(annotation, module)


def is_shape(each: Any) -> bool:
    """A hash with named fields: a StripeObject that is neither a list nor untyped."""
    return (
        isinstance(each, type)
        and issubclass(each, StripeObject)
        and not issubclass(each, UntypedStripeObject | ListObject)
    )


def is_resource(each: Any) -> bool:
    return is_shape(each) and hasattr(each, "OBJECT_NAME")


class Misshapen(TypeError):
    """The sandbox built an object that Stripe's types do not allow: a bug of the sandbox."""


def fill(
    shape: type, facts: Mapping[str, Any], *, omit: frozenset[str] = frozenset(), sparse: bool = False
) -> dict[str, Any]:
    """`facts` with every nullable field that is not given set to null, at every depth.

    `omit` names fields that only appear on request; a `sparse` shape leaves out what is not given (a card has no `sepa_debit`).
    """
    known = fields(shape)
    if strange := set(facts) - set(known):
        raise Misshapen(f"{shape.__qualname__} has no {', '.join(sorted(strange))}")
    full: dict[str, Any] = {}
    for name, annotation in known.items():
        if name in facts:
            full[name] = _filled(annotation, facts[name], shape.__module__)
        elif name in omit or name == "deleted" or (sparse and may_be_null(annotation, shape.__module__)):
            continue
        elif may_be_null(annotation, shape.__module__):
            full[name] = None
        else:
            raise Misshapen(f"{shape.__qualname__} needs {name}")
    return full


def _filled(annotation: Any, fact: Any, module: str) -> Any:
    if isinstance(fact, dict) and fact.get("object") is None:
        for each in choices(annotation, module):
            if is_shape(each) and not is_resource(each):
                return fill(
                    each,
                    fact,
                    sparse=each.__name__
                    in {"PaymentMethodDetails", "NextAction", "PaymentMethodOptions", "DestinationDetails"},
                )
    if isinstance(fact, list):
        for each in choices(annotation, module):
            if get_origin(each) is list:
                return [_filled(get_args(each)[0], one, module) for one in fact]
    return fact


def faults(shape: type, body: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Where a body differs from the SDK's annotations; empty when it agrees at every depth."""
    known = fields(shape)
    for name, fact in body.items():
        where = f"{at}.{name}" if at else f"{shape.__name__}.{name}"
        if name not in known:
            yield f"{where} is unknown to the SDK"
        else:
            yield from _value_faults(known[name], fact, where, shape.__module__)
    for name, annotation in known.items():
        if name not in body and not may_be_null(annotation, shape.__module__):
            yield f"{at or shape.__name__}.{name} is missing"


def _value_faults(annotation: Any, fact: Any, where: str, module: str) -> Iterator[str]:
    reports = [list(_one_faults(each, fact, where, module)) for each in choices(annotation, module)]
    if [] not in reports:
        yield from min(reports, key=len)


def _one_faults(each: Any, fact: Any, where: str, module: str) -> Iterator[str]:
    origin = get_origin(each) or each
    if origin is list:
        yield from _list_faults(get_args(each)[0], fact, where, module)
    elif origin is ListObject:
        yield from _page_faults(get_args(each)[0], fact, where, module)
    elif is_shape(origin):
        yield from faults(origin, fact, where) if isinstance(fact, dict) else [f"{where} is no hash but {fact!r}"]
    elif not _fits(each, origin, fact):
        yield f"{where} is {fact!r}, not {each}"


def _list_faults(inner: Any, fact: Any, where: str, module: str) -> Iterator[str]:
    if not isinstance(fact, list):
        yield f"{where} is no list but {fact!r}"
        return
    for number, one in enumerate(fact):
        yield from _value_faults(inner, one, f"{where}[{number}]", module)


def _page_faults(inner: Any, fact: Any, where: str, module: str) -> Iterator[str]:
    if not isinstance(fact, dict) or not {"object", "data", "has_more", "url"} <= set(fact) or fact["object"] != "list":
        yield f"{where} is no list object but {fact!r}"
        return
    yield from _list_faults(inner, fact["data"], f"{where}.data", module)


def _fits(each: Any, origin: Any, fact: Any) -> bool:
    if origin is Literal:
        return fact in get_args(each)
    if origin is Any:
        return True
    if isinstance(origin, type) and issubclass(origin, UntypedStripeObject):
        return isinstance(fact, dict)
    if origin is float:
        return isinstance(fact, int | float) and not isinstance(fact, bool)
    if getattr(origin, "__name__", "") == "Decimal":
        return isinstance(fact, str)
    return isinstance(fact, origin) and not (origin is int and isinstance(fact, bool))


__all__ = [
    "Misshapen",
    "choices",
    "faults",
    "fields",
    "fill",
    "is_resource",
    "is_shape",
    "is_typeddict",
    "may_be_null",
    "resolved",
]

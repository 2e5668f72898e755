"""Parameters, checked at every depth against the types the SDK sends them with."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, get_args, get_origin

from newsroom.sandbox.engine.errors import StripeError, invalid, not_built
from newsroom.sandbox.engine.schema import choices, fields, is_typeddict

_WHOLE = re.compile(r"^-?\d{1,18}$")


def read(shape: type, raw: dict[str, Any], at: str = "") -> dict[str, Any]:
    """The parameters as typed values. Raises StripeError naming the one that is unknown, missing or of the wrong type."""
    known = fields(shape)
    if strange := [name for name in raw if name not in known]:
        names = ", ".join(_inner(at, name) for name in strange)
        many = "s" if len(strange) > 1 else ""
        raise invalid(
            f"Received unknown parameter{many}: {names}", param=_inner(at, strange[0]), code="parameter_unknown"
        )
    required: frozenset[str] = getattr(shape, "__required_keys__", frozenset())
    for name in known:
        if name in required and name not in raw:
            where = _inner(at, name)
            raise invalid(f"Missing required param: {where}.", param=where, code="parameter_missing")
    return {name: _value(known[name], each, _inner(at, name), shape.__module__) for name, each in raw.items()}


def _inner(at: str, name: str) -> str:
    return f"{at}[{name}]" if at else name


def _value(annotation: Any, raw: Any, at: str, module: str) -> Any:
    options = list(choices(annotation, module))
    if isinstance(raw, str):
        return _scalar(options, raw, at)
    for each in options:
        if is_typeddict(each):
            return read(each, raw, at)
        if get_origin(each) is list:
            return _list(get_args(each)[0], raw, at, module)
        if get_origin(each) is dict:
            inner = get_args(each)[1]  # an empty value takes the key out
            return {name: one and _value(inner, one, _inner(at, name), module) for name, one in raw.items()}
    raise invalid(f"Invalid string: {at} is a hash.", param=at)


def _list(annotation: Any, raw: dict[str, Any], at: str, module: str) -> list[Any]:
    if not all(name.isdigit() for name in raw):
        raise invalid("Invalid array", param=at)
    return [_value(annotation, raw[name], _inner(at, name), module) for name in sorted(raw, key=int)]


def _scalar(options: list[Any], raw: str, at: str) -> Any:
    words = [word for each in options if get_origin(each) is Literal for word in get_args(each)]
    if raw in words:
        return raw
    if raw == "":
        raise _empty(at)
    readers = [reader for each, reader in _READERS.items() if each in options and not (each is str and any(words))]
    if not readers:
        raise _not_one_of(words, at) if any(words) else _no_hash(options, at)
    for number, reader in enumerate(readers, 1):
        try:
            return reader(raw, at)
        except StripeError:
            if number == len(readers):
                raise
    raise AssertionError("unreachable: the last reader answers or raises")


def _empty(at: str) -> StripeError:
    return invalid(
        f"You passed an empty string for '{at}'. We assume empty values are an attempt to unset a parameter; however "
        f"'{at}' cannot be unset. You should remove '{at}' from your request or supply a non-empty value.",
        param=at,
        code="parameter_invalid_empty",
    )


def _not_one_of(words: list[str], at: str) -> StripeError:
    return invalid(f"Invalid {at}: must be one of {', '.join(word for word in words if word)}", param=at)


def _no_hash(options: list[Any], at: str) -> StripeError:
    return invalid("Invalid array" if any(get_origin(each) is list for each in options) else "Invalid object", param=at)


def _read_bool(raw: str, at: str) -> bool:
    if raw not in {"true", "false"}:
        raise invalid(f"Invalid boolean: {raw}", param=at)
    return raw == "true"


def _read_int(raw: str, at: str) -> int:
    if not _WHOLE.match(raw):
        raise invalid(f"Invalid integer: {raw}", param=at, code="parameter_invalid_integer")
    return int(raw)


def _read_decimal(raw: str, at: str) -> str:
    try:
        number = Decimal(raw)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise invalid(f"Invalid decimal: {raw}", param=at)
    return raw


def _read_float(raw: str, at: str) -> float:
    return float(_read_decimal(raw, at))


def _read_str(raw: str, at: str) -> str:
    if len(raw) > 5000:
        raise invalid(f"Invalid string: {raw[:40]}...; must be at most 5000 characters", param=at)
    return raw


_READERS = {bool: _read_bool, int: _read_int, Decimal: _read_decimal, float: _read_float, str: _read_str}


def refuse_unbuilt(values: dict[str, Any], built: frozenset[str]) -> None:
    """Raises StripeError for a parameter that Stripe takes and the stand-in would have to ignore."""
    for path in _paths(values):
        steps = path.split(".")
        if not any(".".join(steps[: depth + 1]) in built for depth in range(len(steps))):
            raise not_built(f"the parameter {path} here", param=path)


def _paths(values: Any, at: str = "") -> Iterator[str]:
    if isinstance(values, list):
        for each in values:
            yield from _paths(each, at)
    elif isinstance(values, dict):
        for name, each in values.items():
            yield from _paths(each, f"{at}.{name}" if at else name)
    else:
        yield at


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def unset(values: dict[str, Any]) -> dict[str, Any]:
    """Empty strings are how a field is cleared; in `metadata` they clear one key."""
    return {name: None if each == "" else each for name, each in values.items()}


def merged(metadata: dict[str, str] | None, given: Any) -> dict[str, str]:
    """Metadata after an update (https://docs.stripe.com/api/metadata). Raises StripeError past 50 keys, 40 and 500 characters."""
    if given in (None, ""):
        return {} if given == "" else dict(metadata or {})
    whole = dict(metadata or {}) | given
    whole = {name: each for name, each in whole.items() if each != ""}
    if len(whole) > 50:
        raise invalid("Metadata can have up to 50 keys.", param="metadata")
    for name, each in whole.items():
        if len(name) > 40 or len(each) > 500:
            raise invalid(
                "Metadata keys can be up to 40 characters and values up to 500.", param=f"metadata[{name[:40]}]"
            )
    return whole

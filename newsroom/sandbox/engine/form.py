"""Stripe's form encoding: `items[0][price]=price_1` is {"items": {"0": {"price": "price_1"}}}.

That "0" counts a list is known only to the types: `schema.read` makes the list.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from newsroom.sandbox.engine.errors import invalid

_KEY = re.compile(r"^[^\[\]]+(\[[^\[\]]*\])*$")
_DEEPEST = 12


def decode(text: str) -> dict[str, Any]:
    """The parameters in a body or query string. Raises StripeError for a key that cannot be read."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict", max_num_fields=5000)
    except ValueError:
        raise invalid("Invalid request body: it is not form-encoded.") from None
    tree: dict[str, Any] = {}
    for key, value in pairs:
        _put(tree, _path(key), value, key)
    return tree


def _path(key: str) -> list[str]:
    if not _KEY.match(key) or key.count("[") > _DEEPEST:
        raise invalid(f"Invalid hash: the parameter name {key[:80]!r} cannot be read.")
    return key.replace("]", "").split("[")


def _put(tree: dict[str, Any], path: list[str], value: str, key: str) -> None:
    branch = tree
    for step in path[:-1]:
        branch = branch.setdefault(step or str(len(branch)), {})
        if not isinstance(branch, dict):
            raise invalid(f"Invalid hash: {key[:80]} is given both as a value and as a hash.")
    last = path[-1] or str(len(branch))
    if isinstance(branch.get(last), dict):
        raise invalid(f"Invalid hash: {key[:80]} is given both as a value and as a hash.")
    branch[last] = value

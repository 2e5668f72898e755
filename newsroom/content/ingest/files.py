"""Files of JSON: one item, a list of items, or JSON lines. Bad lines come out as errors beside the good ones."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from django.utils.translation import gettext as _

from newsroom.content.ingest.problems import BadFile

MEBIBYTE = 1024 * 1024
LONGEST_ITEM = 16 * MEBIBYTE
LONGEST_FILE = 64 * MEBIBYTE
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Found = tuple[int, object | BadFile]


def items(path: Path) -> Iterator[Found]:
    """Each item with its number in the file, from 1; number 0 is a problem of the whole file.

    JSON lines are streamed: a line at a time is in memory. Other files are read whole, up to LONGEST_FILE.
    """
    try:
        with path.open("rb") as file:
            yield from _lines(file) if _is_lines(path, file) else _whole(file)
    except OSError as error:
        yield 0, BadFile(_("cannot be read: %(reason)s") % {"reason": error.strerror or error})


def _is_lines(path: Path, file: BinaryIO) -> bool:
    """True for JSON lines: by the name, or because the first line is an object and so begins the second."""
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        return True
    first = file.readline(LONGEST_ITEM).removeprefix(BYTE_ORDER_MARK).strip()
    second = file.readline(64)
    while second and not second.strip():
        second = file.readline(64)
    file.seek(0)
    return first.startswith(b"{") and len(first) > 1 and second.lstrip().startswith(b"{")


def _whole(file: BinaryIO) -> Iterator[Found]:
    data = file.read(LONGEST_FILE + 1)
    if len(data) > LONGEST_FILE:
        message = _("is larger than %(size)d MB; give big files as JSON lines, one item a line")
        yield 0, BadFile(message % {"size": LONGEST_FILE // MEBIBYTE})
        return
    try:
        content = parse(data)
    except BadFile as error:
        yield 0, error
        return
    if not isinstance(content, list):
        yield 1, content
        return
    yield from enumerate(content, start=1)


def _lines(file: BinaryIO) -> Iterator[Found]:
    number = 0
    while line := file.readline(LONGEST_ITEM + 1):
        if not line.strip():
            continue
        number += 1
        if len(line) > LONGEST_ITEM:
            _skip_line(file, line)
            yield number, BadFile(_("the line is longer than %(size)d MB") % {"size": LONGEST_ITEM // MEBIBYTE})
            continue
        try:
            yield number, parse(line)
        except BadFile as error:
            yield number, error


def _skip_line(file: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = file.readline(MEBIBYTE)


def parse(data: bytes) -> object:
    """The JSON value in these bytes. Stricter than json.loads: no NaN, no key twice. Raises BadFile."""
    try:
        text = data.removeprefix(BYTE_ORDER_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        message = _("is not UTF-8: byte 0x%(byte)02x at position %(at)d")
        raise BadFile(message % {"byte": data[error.start], "at": error.start}) from None
    if not text.strip():
        raise BadFile(_("is empty"))
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        message = _("is not JSON: %(reason)s at line %(line)d, column %(column)d")
        raise BadFile(message % {"reason": error.msg, "line": error.lineno, "column": error.colno}) from None
    except RecursionError:
        raise BadFile(_("is nested too deeply")) from None
    except ValueError as error:  # a number of more digits than Python reads
        raise BadFile(_("is not usable JSON: %(reason)s") % {"reason": error}) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadFile(_("has the key “%(key)s” twice in one object") % {"key": twice[:80]})
    return found


def _constant(name: str) -> NoReturn:
    raise BadFile(_("holds %(name)s, which is not JSON") % {"name": name})

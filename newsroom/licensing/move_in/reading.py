"""From bytes to rows: UTF-8 with or without a mark, else Windows-1254; `;`, `,` or a tabulator between cells. Pure."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from newsroom.core.errors import Refused
from newsroom.licensing.move_in.tables import SHEETS, Sheet

MOST_ROWS = 100_000
MOST_BYTES = 50 * 1024 * 1024
SEPARATORS = ";,\t"
ERRORS = "errors"


class BadFile(Refused):
    """The file as a whole cannot be read."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row by the names of its columns, stripped. `line` counts rows from 2, as a spreadsheet shows them."""

    kind: str
    line: int
    cells: dict[str, str] = field(hash=False)

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(frozen=True, slots=True)
class Read:
    """A file: its kind, its head as it was written, and its rows."""

    sheet: Sheet
    name: str
    head: tuple[str, ...]
    separator: str
    rows: tuple[Row, ...]


def kind_of(name: str) -> str:
    """From a file's name: `2026-licences.csv` holds licences. Raises `BadFile`."""
    for kind in SHEETS:
        if kind in name.lower():
            return kind
    known = ", ".join(SHEETS)
    raise BadFile(_("“%(name)s” names none of %(known)s.") % {"name": name, "known": known})


def decoded(raw: bytes, name: str) -> str:
    """The text. Raises `BadFile` for what is none."""
    if len(raw) > MOST_BYTES:
        raise BadFile(_("“%(name)s” is larger than %(most)d MB.") % {"name": name, "most": MOST_BYTES // 1024 // 1024})
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1254", errors="replace")
    if "\x00" in text or "\ufffd" in text:
        raise BadFile(_("“%(name)s” is no text in UTF-8 or Windows-1254.") % {"name": name})
    return text


def read(text: str, name: str) -> Read:
    """The rows. Raises `BadFile` for a head that cannot be."""
    sheet = SHEETS[kind_of(name)]
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    lines = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        head = tuple(each.strip().lower().lstrip("\ufeff") for each in next(lines, []))
        _check_head(sheet, head, name)
        rows = tuple(_rows(sheet, head, lines))
    except csv.Error as error:
        raise BadFile(_("“%(name)s” is no CSV: %(error)s.") % {"name": name, "error": error}) from None
    if len(rows) > MOST_ROWS:
        raise BadFile(_("“%(name)s” has more than %(most)d rows.") % {"name": name, "most": MOST_ROWS})
    return Read(sheet, name, head, separator, rows)


def _check_head(sheet: Sheet, head: tuple[str, ...], name: str) -> None:
    unknown = [each for each in head if each and each not in (*sheet.columns, ERRORS)]
    if unknown:
        raise BadFile(_("“%(name)s” has a column nobody knows: %(column)s.") % {"name": name, "column": unknown[0]})
    missing = [each for each in sheet.needed if each not in head]
    if missing:
        raise BadFile(_("“%(name)s” lacks the column %(column)s.") % {"name": name, "column": missing[0]})
    if len({*head}) < len(head):
        raise BadFile(_("“%(name)s” has a column twice.") % {"name": name})


def _rows(sheet: Sheet, head: tuple[str, ...], lines: Iterator[list[str]]) -> Iterator[Row]:
    for number, cells in enumerate(lines, 2):
        if any(each.strip() for each in cells):
            padded = [*cells, *[""] * (len(head) - len(cells))]
            named = {name: _unquoted(cell) for name, cell in zip(head, padded, strict=False) if name}
            yield Row(sheet.kind, number, {name: cell for name, cell in named.items() if name != ERRORS})


def _unquoted(cell: str) -> str:
    """Stripped, and without the apostrophe that `core.sheets` puts before what looks like a formula."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@" and cell[1:2] else cell

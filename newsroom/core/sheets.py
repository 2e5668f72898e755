"""Tables for a spreadsheet: CSV in UTF-8 that no program takes for formulas (OWASP, “CSV Injection”)."""

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse

MARK = "\ufeff"
"""Without it, spreadsheet programs read UTF-8 as the machine's own encoding."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Echo:
    def write(self, line: str) -> str:
        return line


def cell(value: Any) -> Any:
    """The value as a cell: words that begin like a formula stand behind an apostrophe; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) or text.startswith(FORMULA) else text


def lines(head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of the file, one after the other: a table of any length passes through."""
    write = csv.writer(_Echo(), lineterminator="\r\n").writerow
    yield MARK + write([cell(each) for each in head])
    for row in rows:
        yield write([cell(each) for each in row])


def download(name: str, head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """The table as a file that is sent while it is read."""
    response = StreamingHttpResponse(lines(head, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response

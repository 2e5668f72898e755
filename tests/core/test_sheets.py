"""CSV: whole, in UTF-8, and nothing a spreadsheet would run."""

import csv
import io

import pytest

from newsroom.core import sheets


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_what_begins_like_a_formula_stands_behind_an_apostrophe(words):
    assert sheets.cell(words) == f"'{words}"


@pytest.mark.parametrize(("value", "said"), [(-3, -3), (2.5, 2.5), ("a=b", "a=b"), (None, ""), (True, "True")])
def test_all_else_stays_what_it_is(value, said):
    assert sheets.cell(value) == said


def test_a_table_is_read_again_as_it_was():
    rows = [["Günlük, Haber", 'says "no"', "two\nlines"], ["صحيفة", "=cmd|' /C calc'!A0", 3]]

    text = "".join(sheets.lines(["a", "b", "c"], rows))

    assert text.startswith("\ufeffa,b,c\r\n")
    assert list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))[1:] == [
        ["Günlük, Haber", 'says "no"', "two\nlines"],
        ["صحيفة", "'=cmd|' /C calc'!A0", "3"],
    ]

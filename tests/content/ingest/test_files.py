"""Reading files of JSON, whatever is wrong with them."""

import json

import pytest

from newsroom.content.ingest import files
from newsroom.content.ingest.files import parse
from newsroom.content.ingest.problems import BadFile


def found_in(path) -> list[tuple[int, object]]:
    return [(number, str(each) if isinstance(each, BadFile) else each) for number, each in files.items(path)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"uri": "a"}', [(1, {"uri": "a"})]),
        (b'\xef\xbb\xbf{"uri": "a"}', [(1, {"uri": "a"})]),
        (b'[{"uri": "a"}, {"uri": "b"}]', [(1, {"uri": "a"}), (2, {"uri": "b"})]),
        (b'{"uri": "a"}\n{"uri": "b"}\n', [(1, {"uri": "a"}), (2, {"uri": "b"})]),
        (b'{"uri": "a"}\n\n\n{"uri": "b"}', [(1, {"uri": "a"}), (2, {"uri": "b"})]),
        (b'{\n  "uri": "a",\n  "of": {"b": 1}\n}', [(1, {"uri": "a", "of": {"b": 1}})]),
        (b"[]", []),
        (b"", [(0, "is empty")]),
        (b" \n ", [(0, "is empty")]),
        (b'{"uri": "a"', [(0, "is not JSON: Expecting ',' delimiter at line 1, column 12")]),
        (
            b'[{"uri": "a"}, {"uri"',
            [(0, "is not JSON: Expecting ':' delimiter at line 1, column 22")],
        ),
        (b'{"uri": "caf\xe9"}', [(0, "is not UTF-8: byte 0xe9 at position 12")]),
        ('{"uri": "a"}'.encode("utf-16"), [(0, "is not UTF-8: byte 0xff at position 0")]),
        (b'{"urgency": NaN}', [(0, "holds NaN, which is not JSON")]),
        (b'{"urgency": -Infinity}', [(0, "holds -Infinity, which is not JSON")]),
        (b'{"uri": "a", "uri": "b"}', [(0, "has the key “uri” twice in one object")]),
        (b'{"a":' * 100_000, [(0, "is nested too deeply")]),
        (b"[" * 100_000, [(0, "is nested too deeply")]),
    ],
)
def test_a_file_is_read_or_its_fault_is_named(tmp_path, content, expected):
    path = tmp_path / "items.json"
    path.write_bytes(content)

    assert found_in(path) == expected


def test_a_number_of_too_many_digits_is_named():
    with pytest.raises(BadFile, match="not usable JSON: Exceeds the limit"):
        parse(b'{"urgency": ' + b"9" * 10_000 + b"}")


def test_a_bad_line_stands_beside_the_good_ones(tmp_path):
    path = tmp_path / "items.jsonl"
    path.write_bytes(b'{"uri": "a"}\n{"uri": \n{"uri": "\xe9"}\n{"uri": "d"}\n')

    assert found_in(path) == [
        (1, {"uri": "a"}),
        (2, "is not JSON: Expecting value at line 2, column 1"),
        (3, "is not UTF-8: byte 0xe9 at position 9"),
        (4, {"uri": "d"}),
    ]


def test_an_overlong_line_is_skipped_without_being_held(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LONGEST_ITEM", 2 * files.MEBIBYTE)
    path = tmp_path / "items.jsonl"
    with path.open("wb") as file:
        file.write(b'{"uri": "a"}\n{"uri": "' + b"x" * (5 * files.MEBIBYTE) + b'"}\n{"uri": "c"}\n')

    assert found_in(path) == [
        (1, {"uri": "a"}),
        (2, "the line is longer than 2 MB"),
        (3, {"uri": "c"}),
    ]


def test_a_file_too_large_to_be_read_whole_says_how_to_give_it(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LONGEST_FILE", 1000)
    path = tmp_path / "items.json"
    path.write_text(json.dumps([{"uri": "x" * 100}] * 20))

    assert found_in(path) == [(0, "is larger than 0 MB; give big files as JSON lines, one item a line")]


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert found_in(tmp_path / "nothing.json") == [(0, "cannot be read: No such file or directory")]

"""The detector itself: a matrix that cannot see proves nothing."""

import base64
import gzip
import html
import json
import zlib
from urllib.parse import quote

import pytest

from tests.leaks.canaries import words_in

WORD = "zqbcdfghjklm"  # one word for every process, so that the names of the tests agree


def every_character(form):
    return "".join(form(ord(char)) for char in WORD)


@pytest.mark.parametrize(
    "written",
    [
        WORD,
        WORD.upper(),
        f"<p>Before{WORD}after</p>",
        json.dumps({"body": [WORD]}),
        html.escape(f"“{WORD}” & <b>{WORD}</b>"),
        every_character("&#{};".format),
        every_character("&#x{:x};".format),
        every_character("\\u{:04x}".format),
        every_character("%{:02x}".format),
        quote(every_character("%{:02x}".format)),
        WORD.encode().hex(),
        *(base64.b64encode(b"x" * offset + WORD.encode() + b" and more").decode() for offset in range(3)),
        *(base64.urlsafe_b64encode(b"\xff" * offset + WORD.encode()).decode() for offset in range(3)),
        "data:text/html;base64," + base64.b64encode(f"<p>{WORD}</p>".encode()).decode(),
        quote(base64.b64encode(f"<p>??{WORD}>></p>".encode()).decode()),
    ],
)
def test_a_canary_is_found_however_it_is_written(written):
    assert words_in(written.encode()) == {WORD}


@pytest.mark.parametrize("packed", [gzip.compress, zlib.compress])
def test_a_canary_is_found_in_what_is_compressed(packed):
    assert words_in(packed(f"<p>{WORD}</p>".encode())) == {WORD}


def test_what_holds_no_canary_is_silent():
    assert (
        words_in(
            b"\x1f\x8bnot gzip", b"x\x9cnot zlib", b"a" * 5000, json.dumps({"ferry": "şu ılık %zz \\u12"}).encode()
        )
        == set()
    )

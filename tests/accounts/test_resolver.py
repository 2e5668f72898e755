"""The gateway to the Domain Name System, against a server of the test's own."""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from newsroom.accounts.resolver import Resolver, Unresolved, resolver

NAME = b"\x09_newsroom\x03uni\x07example\x00"


@contextmanager
def a_server(answer: Callable[[bytes], bytes]) -> Iterator[str]:
    """Answers one question, over TCP."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            line, _peer = listening.accept()
            with line:
                (length,) = struct.unpack(">H", line.recv(2))
                message = answer(line.recv(length))
                line.sendall(struct.pack(">H", len(message)) + message)

        thread = Thread(target=serve)
        thread.start()
        yield f"127.0.0.1#{listening.getsockname()[1]}"
        thread.join(timeout=5)


def answering(*records: bytes, code: int = 0) -> Callable[[bytes], bytes]:
    """The records, each for the name that was asked; the question is repeated, as servers do."""

    def answer(question: bytes) -> bytes:
        (number,) = struct.unpack_from(">H", question)
        head = struct.pack(">6H", number, 0x8180 | code, 1, len(records), 0, 0)
        return head + question[12:] + b"".join(records)

    return answer


def a_record(data: bytes, kind: int = 16, name: bytes = b"\xc0\x0c") -> bytes:
    return name + struct.pack(">2HIH", kind, 1, 300, len(data)) + data


def texts(settings, answer) -> list[str]:
    with a_server(answer) as server:
        settings.DNS_SERVERS = [server]
        return resolver().texts("_newsroom.uni.example")


def test_the_name_is_asked_for_and_its_texts_are_read(settings):
    asked = []

    def answer(question: bytes) -> bytes:
        asked.append(question[12:])
        records = (a_record(b"\x05alias", kind=5), a_record(b"\x03abc\x03def"), a_record(b"\x02hi", name=NAME))
        return answering(*records)(question)

    assert texts(settings, answer) == ["abcdef", "hi"]
    assert asked == [NAME + struct.pack(">2H", 16, 1)]


def test_a_name_that_is_not_there_has_no_texts(settings):
    assert texts(settings, answering(code=3)) == []


@pytest.mark.parametrize(
    "answer",
    [
        answering(code=2),
        lambda question: b"\0\0" + answering(a_record(b"\x02hi"))(question)[2:] if question[:2] != b"\0\0" else b"",
        lambda question: question,
        lambda question: answering(a_record(b"\x02hi"))(question)[:-4],
        lambda question: b"\x01",
    ],
)
def test_what_is_no_answer_proves_nothing(settings, answer):
    with pytest.raises(Unresolved):
        texts(settings, answer)


def test_the_next_server_is_asked_when_one_is_away(settings):
    with a_server(answering(a_record(b"\x02hi"))) as server:
        settings.DNS_SERVERS = ["127.0.0.1#9", server]
        assert Resolver().texts("_newsroom.uni.example") == ["hi"]

"""The gateway to the Domain Name System: it is asked for the TXT records of a name, and for nothing else.

Over TCP, which every resolver speaks (RFC 7766) and nobody answers in another's place; messages as RFC 1035 says.
"""

import secrets
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from newsroom.core.errors import TryAgain

TXT, IN, TIMEOUT, PORT = 16, 1, 4.0, 53
NAME_ERROR = 3
RESOLV_CONF = Path("/etc/resolv.conf")


class Unresolved(TryAgain):
    """No resolver answered."""


class Resolver:
    """What we ask of the Domain Name System, in our words."""

    def texts(self, name: str) -> list[str]:
        """The TXT records of this name, in IDNA form; empty where there is none. Raises `Unresolved`."""
        for server in settings.DNS_SERVERS or _servers():
            try:
                return self._ask(server, name)
            except (OSError, ValueError, struct.error, IndexError):
                continue
        raise Unresolved(name)

    def _ask(self, server: str, name: str) -> list[str]:
        host, _bracket, port = server.partition("#")
        number = secrets.randbelow(1 << 16)
        question = struct.pack(">6H", number, 0x0100, 1, 0, 0, 0) + _labels(name) + struct.pack(">2H", TXT, IN)
        with socket.create_connection((host, int(port or PORT)), timeout=TIMEOUT) as line:
            line.sendall(struct.pack(">H", len(question)) + question)
            (length,) = struct.unpack(">H", _exactly(line, 2))
            return list(_answers(_exactly(line, length), number))


def _servers() -> list[str]:
    lines = RESOLV_CONF.read_text().splitlines() if RESOLV_CONF.exists() else []
    return [line.split()[1] for line in lines if line.startswith("nameserver ")]


def _labels(name: str) -> bytes:
    return b"".join(bytes([len(each)]) + each.encode("ascii") for each in name.split(".")) + b"\0"


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        more = line.recv(count - len(found))
        if not more:
            raise ValueError("the line was closed")
        found += more
    return found


def _answers(message: bytes, number: int) -> Iterator[str]:
    """The texts of the answer section; each may be written in several strings, which belong together."""
    named, flags, questions, answers, _authority, _more = struct.unpack_from(">6H", message)
    code = flags & 0xF
    if named != number or not flags & 0x8000 or code not in {0, NAME_ERROR}:
        raise ValueError("no answer to this question")
    place = 12
    for _ in range(questions):
        place = _past_name(message, place) + 4
    for _ in range(answers):
        place = _past_name(message, place)
        kind, _class, _life, length = struct.unpack_from(">2HIH", message, place)
        place += 10
        if kind == TXT:
            yield _text(message[place : place + length])
        place += length


def _past_name(message: bytes, place: int) -> int:
    """The place after a name: labels, or a pointer to where they stand."""
    while message[place]:
        if message[place] & 0xC0:
            return place + 2
        place += message[place] + 1
    return place + 1


def _text(data: bytes) -> str:
    parts, place = [], 0
    while place < len(data):
        parts.append(data[place + 1 : place + 1 + data[place]])
        place += data[place] + 1
    return b"".join(parts).decode("utf-8", "replace")


def resolver() -> Resolver:
    """The resolver of this installation; tests name another in the settings."""
    made: Resolver = import_string(settings.DOMAIN_RESOLVER)()
    return made

"""A small closed-loop HTTP load: N connections, each asks again as soon as it was answered.

It reads Content-Length and nothing else, so that on two cores the server and not this file is what is measured.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Run:
    """Requests a second, and percentiles of the time of one in milliseconds."""

    rps: float
    p50: float
    p95: float
    p99: float
    bad: int


class _Asker(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], expected: bytes, until: float, done: "asyncio.Future[None]") -> None:
        self.requests, self.expected, self.until, self.done = requests, expected, until, done
        self.times: list[float] = []
        self.bad = 0
        self.buffer = bytearray()
        self.wanted = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._ask()

    def _ask(self) -> None:
        self.buffer.clear()
        self.wanted = -1
        self.began = time.perf_counter()
        self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.wanted < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self.buffer[:end]).lower()
            mark = head.find(b"content-length:")
            length = int(head[mark + 15 :].split(b"\r\n", 1)[0])
            self.wanted = end + 4 + length
        if len(self.buffer) >= self.wanted:
            now = time.perf_counter()
            self.times.append(now - self.began)
            if self.buffer[9:12] != b"200" or self.expected not in self.buffer:
                self.bad += 1
            if now < self.until:
                self._ask()
            else:
                self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def _run(port: int, requests: Iterator[bytes], expected: bytes, connections: int, seconds: float) -> Run:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    askers = []
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        asker = _Asker(requests, expected, began + seconds, done)
        await loop.create_connection(lambda asker=asker: asker, "127.0.0.1", port)  # type: ignore[misc]  # a bound default
        askers.append(asker)
    await asyncio.gather(*(asker.done for asker in askers))
    took = time.perf_counter() - began
    times = sorted(value * 1000 for asker in askers for value in asker.times)
    marks = quantiles(times, n=100)
    return Run(len(times) / took, median(times), marks[94], marks[98], sum(asker.bad for asker in askers))


def run(
    port: int,
    path: str,
    *,
    expected: str,
    cookies: Sequence[str] = ("",),
    connections: int = 16,
    seconds: float = 4.0,
) -> Run:
    """Ask for `path` for `seconds`, by each of the readers in turn.

    An answer that is not 200 or lacks `expected` counts as bad.
    """
    head = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept: text/html", "Accept-Language: en"]
    texts = ["\r\n".join([*head, f"Cookie: {cookie}"] if cookie else head) + "\r\n\r\n" for cookie in cookies]
    requests = cycle([text.encode() for text in texts])
    return asyncio.run(_run(port, requests, expected.encode(), connections, seconds))

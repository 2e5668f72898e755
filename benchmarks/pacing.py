"""An open-loop HTTP load: requests leave at a fixed rate, whether or not the earlier ones were answered.

The time of a request counts from the moment at which it was due, so that a server that falls behind cannot hide it.
"""

import asyncio
import gc
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from statistics import median, quantiles

from benchmarks.load import Run

PATIENCE = 2.0  # seconds after the last request was due in which its answer may come


class _Line(asyncio.Protocol):
    """One connection, kept open; asks one thing at a time."""

    def __init__(self, pace: "_Pace") -> None:
        self.pace = pace
        self.buffer = bytearray()
        self.wanted = -1
        self.due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def ask(self, due: float, request: bytes) -> None:
        self.buffer.clear()
        self.wanted = -1
        self.due = due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.wanted < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self.buffer[:end]).lower()
            mark = head.find(b"content-length:")
            self.wanted = end + 4 + int(head[mark + 15 :].split(b"\r\n", 1)[0])
        if len(self.buffer) >= self.wanted:
            good = self.buffer[9:12] == b"200" and self.pace.expected in self.buffer
            self.pace.answered(self, time.perf_counter() - self.due, good)


class _Pace:
    def __init__(self, requests: Iterator[bytes], expected: bytes, rate: float, seconds: float) -> None:
        self.requests, self.expected, self.rate = requests, expected, rate
        self.count = int(rate * seconds)
        self.idle: deque[_Line] = deque()
        self.waiting: deque[float] = deque()
        self.times: list[float] = []
        self.bad = 0
        self.done = asyncio.Event()

    def answered(self, line: _Line, took: float, good: bool) -> None:
        self.times.append(took)
        self.bad += not good
        if self.waiting:
            line.ask(self.waiting.popleft(), next(self.requests))
        else:
            self.idle.append(line)
        if len(self.times) == self.count:
            self.done.set()

    async def run(self) -> float:
        began = time.perf_counter()
        sent = 0
        while sent < self.count:
            now = time.perf_counter()
            while sent < self.count and began + sent / self.rate <= now:
                due = began + sent / self.rate
                sent += 1
                if self.idle:
                    self.idle.popleft().ask(due, next(self.requests))
                else:
                    self.waiting.append(due)
            await asyncio.sleep(max(0.0, min(0.001, began + sent / self.rate - time.perf_counter())))
        with suppress(TimeoutError):  # what is not answered by then was wrong
            await asyncio.wait_for(self.done.wait(), PATIENCE)
        self.bad += self.count - len(self.times)
        return time.perf_counter() - began


async def _paced(port: int, pace: _Pace, connections: int) -> Run:
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        _transport, line = await loop.create_connection(lambda: _Line(pace), "127.0.0.1", port)
        pace.idle.append(line)
    gc.disable()
    took = await pace.run()
    gc.enable()
    for line in pace.idle:
        line.transport.close()
    times = sorted(value * 1000 for value in pace.times)
    marks = quantiles(times, n=100)
    return Run(len(times) / took, median(times), marks[94], marks[98], pace.bad)


def paced(
    port: int, requests: Iterator[bytes], *, expected: str, rate: float, seconds: float, connections: int = 16
) -> Run:
    """So many requests a second for so long. An answer that is not 200 or lacks `expected` counts as bad."""
    return asyncio.run(_paced(port, _Pace(requests, expected.encode(), rate, seconds), connections))

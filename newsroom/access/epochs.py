"""Epochs: one mark a subject in Valkey. While it stands, what a process remembers of the subject is still so.

A mark is a random word that whoever finds none puts there; a change takes it away. So a mark that was lost, evicted
or put back by an old snapshot never makes something remembered look fresh: a process forgets all it knows whenever it
connects anew (`on_connect`), because it cannot know what it missed.
"""

import secrets
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

KEY = "newsroom:epoch:"
COUNTER = "newsroom:rate:"
LIVE = 86_400  # seconds a mark lives; what was remembered under it is then read anew
WAIT = 0.5  # seconds to wait for an answer
REST = 1.0  # seconds in which nobody asks after there was none


class Away(Exception):
    """Valkey does not answer."""


@dataclass(frozen=True, slots=True)
class Counting:
    """Something to be counted in the same round trip, over so many seconds."""

    name: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the marks were, all at one moment. `life`: which connection they were read over. `count`: with this one."""

    marks: dict[str, bytes] = field(default_factory=dict)
    life: int = 0
    count: int | None = None


class Epochs:
    """The marks, by a client of their own: nobody waits long for them, and each new connection is noticed."""

    def __init__(self) -> None:
        self.life = 0
        self.on_connect: list[Callable[[], None]] = []
        self._client: redis.Redis | None = None
        self._resting_until = 0.0

    def read(self, subjects: Collection[str], counting: Counting | None = None) -> Reading:
        """The mark of each subject; who has none is given one. One round trip when all have. Raises `Away`."""
        if time.monotonic() < self._resting_until:
            raise Away
        keys = [KEY + each for each in subjects]
        try:
            found, count = self._read(keys, counting)
            lacking = [key for key, mark in zip(keys, found, strict=True) if mark is None]
            if lacking:
                given = dict(zip(lacking, self._give(lacking), strict=True))
                found = [given.get(key, mark) for key, mark in zip(keys, found, strict=True)]
        except RedisError as error:
            self._resting_until = time.monotonic() + REST
            self._renewed()
            raise Away from error
        return Reading(dict(zip(subjects, found, strict=True)), self.life, count)

    def drop(self, subjects: Iterable[str]) -> None:
        """Take the marks away: nobody believes any longer what he remembered under them. Raises `Away`."""
        try:
            self.client.delete(*(KEY + each for each in subjects))
        except RedisError as error:
            raise Away from error

    @property
    def client(self) -> redis.Redis:
        if self._client is None:
            self._client = redis.Redis.from_url(
                str(settings.CACHES["default"]["LOCATION"]),
                socket_timeout=WAIT,
                socket_connect_timeout=WAIT,
                retry=Retry(NoBackoff(), 1),
                redis_connect_func=self._connected,
            )
        return self._client

    def forget(self) -> None:
        """Begin anew: the address may be another one."""
        if self._client is not None:
            self._client.close()
        self._client, self._resting_until = None, 0.0
        self._renewed()

    def _read(self, keys: list[str], counting: Counting | None) -> tuple[list[Any], int | None]:
        if counting is None:
            return list(self.client.mget(keys)) if keys else [], None
        name = COUNTER + counting.name
        with self.client.pipeline(transaction=False) as pipe:
            if keys:
                pipe.mget(keys)
            pipe.incr(name)
            pipe.expire(name, counting.seconds)
            answers = pipe.execute()
        return (list(answers[0]) if keys else []), int(answers[-2])

    def _give(self, keys: list[str]) -> list[bytes]:
        mark = secrets.token_hex(8)
        with self.client.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.set(key, mark, ex=LIVE, nx=True)
            pipe.mget(keys)
            # One that was taken away again in between stays unknown: it equals nothing.
            return [each or secrets.token_bytes(8) for each in pipe.execute()[-1]]

    def _connected(self, connection: Any) -> None:
        connection.on_connect()
        self._renewed()

    def _renewed(self) -> None:
        self.life += 1
        for each in self.on_connect:
            each()


epochs = Epochs()

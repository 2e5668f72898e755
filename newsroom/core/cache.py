"""Django's Redis cache, with one client a connection pool instead of one an operation."""

from typing import Any

from django.core.cache.backends import redis


class Client(redis.RedisCacheClient):
    """Django makes a client for each get and set; in redis-py that costs more than the round trip."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]  # not in the stubs
        if id(pool) not in self._clients:
            self._clients[id(pool)] = self._client(connection_pool=pool)  # type: ignore[attr-defined]  # nor this
        return self._clients[id(pool)]


class Cache(redis.RedisCache):
    """The cache of the site. Clients of redis-py may be shared by threads; its pool hands out the connections."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = Client

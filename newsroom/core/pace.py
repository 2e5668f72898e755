"""How often one asker may do something that costs us or annoys others."""

from django.core.cache import cache
from redis.exceptions import RedisError


def too_often(*, what: str, who: str, most: int, seconds: int) -> bool:
    """Count this try; whether it is more than `most` within so many seconds. Without the cache nothing is too often."""
    key = f"pace:{what}:{who}"
    try:
        cache.add(key, 0, seconds)
        return int(cache.incr(key)) > most
    except (RedisError, ValueError):
        return False

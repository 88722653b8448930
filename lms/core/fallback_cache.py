"""The cache on Valkey that goes on in the database while Valkey is away."""

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from lms.core.outages import cache_outage

# Where `lms.core.models.CacheEntry` is stored.
TABLE = "core_cacheentry"


class FallbackCache(BaseCache):
    """Asks Valkey, and the database where Valkey does not answer in time: slower, but limits hold.

    Nothing is carried from one to the other: at the beginning and the end of an outage counters
    begin anew, and what was kept is made again.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._valkey = RedisCache(location, params)
        self._table = DatabaseCache(TABLE, {**params, "OPTIONS": {"MAX_ENTRIES": 20_000}})

    def _ask(self, operation: str, *call: Any, **options: Any) -> Any:
        if cache_outage.is_to_be_tried():
            try:
                answer = getattr(self._valkey, operation)(*call, **options)
            except (RedisError, OSError) as error:
                cache_outage.begin(error)
            else:
                cache_outage.end()
                return answer
        return getattr(self._table, operation)(*call, **options)

    # Whatever else a cache can do is made of these.

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return bool(self._ask("add", key, value, timeout, version))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask("get", key, default, version)

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._ask("set", key, value, timeout, version)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._ask("touch", key, timeout, version))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._ask("delete", key, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return int(self._ask("incr", key, delta, version))

    def clear(self) -> None:
        """Empty both: what the database holds from an outage is no longer wanted either."""
        self._ask("clear")
        self._table.clear()

"""How long the suite waits for Valkey, and what it does without."""

from typing import Any, Final

# Seconds; Valkey answers within a millisecond.
_CACHE_TIMEOUT: Final = 1.0
#: For the broker, as Celery's `broker_transport` and its options. Kombu would try to connect again and again while a request waits; workers have
#: retries of their own (`broker_connection_retry`).
BROKER_TRANSPORT: Final = "lms.core.broker:ValkeyTransport"
BROKER_OPTIONS: Final = {
    "socket_timeout": 2.0,
    "socket_connect_timeout": 2.0,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "connect_retries_timeout": 2,
}


def with_fallback(cache: dict[str, Any]) -> dict[str, Any]:
    """Return the cache with its time limits, and with the database behind it where it is Valkey."""
    if not cache["BACKEND"].endswith(".RedisCache"):
        return cache
    limits = {"socket_timeout": _CACHE_TIMEOUT, "socket_connect_timeout": _CACHE_TIMEOUT}
    return {
        **cache,
        "BACKEND": "lms.core.fallback_cache.FallbackCache",
        "OPTIONS": limits | cache.get("OPTIONS", {}),
    }

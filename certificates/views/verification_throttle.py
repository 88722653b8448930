"""How often somebody asked for codes that do not exist: guessing is slowed down.

allauth's limits pass over GET requests, and this page is only ever read. A cache that forgets or
counts loosely does no harm: a code has 57 bits.
"""

from typing import Final

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

# A whole office may sit behind one address and misread a stack of papers.
ALLOWED: Final = 30
WINDOW_SECONDS: Final = 10 * 60


def is_throttled(request: HttpRequest) -> bool:
    missed: int = cache.get(_key(request), 0)
    return missed >= ALLOWED


def count_miss(request: HttpRequest) -> None:
    """Count one more; the first opens the window."""
    key = _key(request)
    if cache.add(key, 1, WINDOW_SECONDS):
        return
    try:
        cache.incr(key)
    except ValueError:
        # The window closed between the two calls.
        cache.set(key, 1, WINDOW_SECONDS)


def _key(request: HttpRequest) -> str:
    return f"certificates:misses:{get_adapter(request).get_client_ip(request)}"

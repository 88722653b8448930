"""How often somebody asked for codes that do not exist: guessing is slowed down.

allauth's limits pass over GET requests, and this page is only ever read. A code has 57 bits.
"""

from typing import Final

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from lms.core.throttle import Throttle

# A whole office may sit behind one address and misread a stack of papers.
_MISSES: Final = Throttle("certificates:misses", allowed=30, seconds=10 * 60)


def is_throttled(request: HttpRequest) -> bool:
    return _MISSES.is_closed(_address(request))


def count_miss(request: HttpRequest) -> None:
    """Count one more; the first opens the window."""
    _MISSES.count(_address(request))


def _address(request: HttpRequest) -> str:
    return str(get_adapter(request).get_client_ip(request))

"""How many requests a server in this process has begun and not ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from django.core.signals import request_finished, request_started


class RequestsUnderWay:
    def __init__(self) -> None:
        self._count = 0
        self._lock = Lock()

    @contextmanager
    def counted(self) -> Iterator[None]:
        request_started.connect(self._begin)
        request_finished.connect(self._end)
        try:
            yield
        finally:
            request_started.disconnect(self._begin)
            request_finished.disconnect(self._end)

    def are_over(self) -> bool:
        with self._lock:
            return self._count <= 0

    def _begin(self, **_told: Any) -> None:
        with self._lock:
            self._count += 1

    def _end(self, **_told: Any) -> None:
        with self._lock:
            self._count -= 1

"""Servers that the suite does without for a while: its cache and its broker.

Whoever asks one that does not answer waits a second or two. Each process remembers that for a
moment, so that only one request now and then tries again, and the others go on without.
"""

import logging
import time
from threading import Lock

# How long a server that did not answer is left alone.
RETRY_SECONDS = 10.0

logger = logging.getLogger(__name__)


class Outage:
    """Remembers in this process whether a server is away; shared by its threads."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._next_try = 0.0
        self._lock = Lock()

    @property
    def is_on(self) -> bool:
        """Whether the server was away when it was asked last."""
        return self._next_try > 0

    def is_to_be_tried(self) -> bool:
        """Return whether to ask the server; during an outage one caller at a time may."""
        if not self.is_on:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._next_try:
                return False
            # The next one waits for the outcome of this try.
            self._next_try = now + RETRY_SECONDS
            return True

    def begin(self, error: Exception) -> None:
        """Note that the server did not answer; the first time in the log, too."""
        with self._lock:
            if not self.is_on:
                logger.error("The %s does not answer; going on without it. %s", self.name, error)
            self._next_try = time.monotonic() + RETRY_SECONDS

    def end(self) -> None:
        """Note that the server answers."""
        if self.is_on:
            with self._lock:
                self._next_try = 0.0
            logger.warning("The %s answers again.", self.name)


cache_outage = Outage("cache")
broker_outage = Outage("broker")

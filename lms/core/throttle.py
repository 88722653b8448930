"""How often something may happen in a while: guessing and polling are slowed down.

A cache that forgets or counts loosely does no harm: behind each of these stands a long secret.
"""

from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Throttle:
    """`allowed` times within `seconds`, counted for each of those who ask."""

    name: str
    allowed: int
    seconds: int

    def is_closed(self, who: object) -> bool:
        """Return whether it has happened as often as it may."""
        happened: int = cache.get(self._key(who), 0)
        return happened >= self.allowed

    def count(self, who: object) -> None:
        """Count one more; the first opens the window."""
        key = self._key(who)
        if cache.add(key, 1, self.seconds):
            return
        try:
            cache.incr(key)
        except ValueError:
            # The window closed between the two calls.
            cache.set(key, 1, self.seconds)

    def _key(self, who: object) -> str:
        return f"{self.name}:{who}"

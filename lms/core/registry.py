"""The one way in which an upper layer tells a lower one what it offers."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured


class Keyed(Protocol):
    """Anything with a `key`: short, ASCII, stable, since it is stored in the database."""

    @property
    def key(self) -> str: ...


Entry = TypeVar("Entry", bound=Keyed)


class Registry(Generic[Entry]):
    """Entries by key, in the order of registration; filled in `AppConfig.ready()`.

    A second entry under a taken key stops the start: two plug-ins that answer to
    one name would make stored rows ambiguous.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, Entry] = {}

    def register(self, *entries: Entry) -> None:
        """Add entries; raises ImproperlyConfigured when a key is taken."""
        for entry in entries:
            if entry.key in self._entries:
                taken = f"{self.name}: the key {entry.key!r} is registered twice."
                raise ImproperlyConfigured(taken)
            self._entries[entry.key] = entry

    def get(self, key: str) -> Entry | None:
        """Return the entry under this key, or None when its app is not installed."""
        return self._entries.get(key)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __len__(self) -> int:
        return len(self._entries)

"""Spellings that nobody can look up: a person says once what each means, for all rows with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from lms.core.text import fold

Key = tuple[str, str]

#: Longer texts are no names of anything: nobody is asked about them.
LONGEST_SPELLING = 150
_MOST_ASKED = 200


@dataclass
class OpenSpelling:
    """A spelling as it came first, and in how many rows it stands."""

    kind: str
    text: str
    rows: int = 0


class Spellings:
    """What the spellings of a list mean, by kind; those that nobody has told are gathered in `open`."""

    def __init__(self, meanings: Mapping[Key, str] | None = None) -> None:
        self._meanings = meanings or {}
        self.open: dict[Key, OpenSpelling] = {}
        #: The meanings that were asked for.
        self.used: set[Key] = set()

    def meaning(self, kind: str, text: str) -> str | None:
        """Return what a person has said that it means; None where nobody has."""
        key = (kind, fold(text))
        if key not in self._meanings:
            return None
        self.used.add(key)
        return self._meanings[key]

    def ask(self, kind: str, text: str) -> None:
        """Count a row that waits for an answer. Beyond some hundred spellings none is added: then
        the column is a wrong one.
        """
        key = (kind, fold(text))
        is_new = key not in self.open
        if len(text) <= LONGEST_SPELLING and not (is_new and len(self.open) >= _MOST_ASKED):
            self.open.setdefault(key, OpenSpelling(kind, text)).rows += 1

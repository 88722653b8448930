"""What follows from the kept figures of a programme alone: a process remembers it until they are counted anew.

And from the units of a map, of which nothing but names changes once it is loaded.
"""

from collections.abc import Hashable
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from lms.core.compiled_queries import CompiledQuery

Told = TypeVar("Told")

#: So many answers of a kind are remembered; the largest, for a country, take some two megabytes.
MOST: Final = 16


class Remembered(Generic[Told]):
    """Answers by question. A question names the version of the figures (`TallyState`), read in the same moment as
    the answer. Nobody changes an answer.
    """

    def __init__(self) -> None:
        self.answers: dict[Hashable, Told] = {}
        _kinds.append(self)

    def known(self, question: Hashable) -> Told | None:
        return self.answers.get(question)

    def remember(self, question: Hashable, answer: Told) -> Told:
        if len(self.answers) >= MOST:
            self.answers.clear()
        self.answers[question] = answer
        return answer


_kinds: list[Remembered[Any]] = []


class RememberedQuery(Generic[Told]):
    """A compiled query whose rows are remembered under a version."""

    def __init__(self, query: CompiledQuery[Told]) -> None:
        self.query = query
        self.rows: Remembered[list[Told]] = Remembered()

    def ask(self, version: UUID, *shape: Hashable, **values: Any) -> list[Told]:
        """Return the rows; one query, or none."""
        told = tuple((k, tuple(v) if isinstance(v, list) else v) for k, v in values.items())
        question = version, shape, told
        known = self.rows.known(question)
        if known is None:
            known = self.rows.remember(question, self.query.ask(*shape, **values))
        return known

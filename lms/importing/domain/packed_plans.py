"""Planned rows that wait to be written, packed: those of a long list would fill the memory."""

import pickle
import zlib
from collections.abc import Iterator, Sequence

from lms.spreadsheets.import_rows import PlannedRow

#: The quickest: what repeats in the rows is most of them.
_LEVEL = 1


class PackedPlans:
    """Rows in the order in which they are added, given back in portions to be written together.

    Rows of two portions share no object afterwards. `at_once` None: all of them are one portion.
    """

    def __init__(self, *, at_once: int | None) -> None:
        self._at_once = at_once
        self._loose: list[PlannedRow] = []
        self._packed: list[bytes] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, plans: Sequence[PlannedRow]) -> None:
        for plan in plans:
            # What only words are made of.
            plan.diff, plan.changes = None, []
        self._count += len(plans)
        self._loose += plans
        while self._at_once and len(self._loose) >= self._at_once:
            portion, self._loose = self._loose[: self._at_once], self._loose[self._at_once :]
            self._packed.append(zlib.compress(pickle.dumps(portion), _LEVEL))

    def unpack(self) -> Iterator[Sequence[PlannedRow]]:
        """Yield the portions and forget each; can be asked once."""
        self._packed.reverse()
        while self._packed:
            # Made above, and it never left this process.
            yield pickle.loads(zlib.decompress(self._packed.pop()))  # noqa: S301
        if self._loose:
            yield self._loose

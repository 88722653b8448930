"""Which column is meant by which field, by the names that offices give to columns."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from lms.importing.reading.cells import as_text
from lms.importing.reading.sheets import Cell, Row
from lms.importing.reading.vocabulary import heading, is_known

#: The column of a field, or the columns that are joined in this order.
Places = int | list[int]

_SAME, _SAME_PART, _BEGINS = 3, 2, 1
# “Họ và tên người tham dự lớp”: further words say whose, not what.
_MOST_FURTHER_WORDS = 4
_BETWEEN = " / "


class MappedField(Protocol):
    """What a column can be mapped to; `aliases` are spelled out, abbreviations are known."""

    @property
    def key(self) -> str: ...

    @property
    def aliases(self) -> Sequence[str]: ...


def suggest_mapping(labels: Sequence[str], fields: Iterable[MappedField]) -> dict[str, int]:
    """Return the column of each field that a label clearly means;
    the surest first, each column once.

    A field without such a column is left out: a person decides.
    """
    found = [
        (-sureness, column, order, field.key)
        for order, field in enumerate(fields)
        for column, label in enumerate(labels)
        if (sureness := _sureness(label, field.aliases))
    ]
    mapping: dict[str, int] = {}
    for _sure, column, _order, key in sorted(found):
        if key not in mapping and column not in mapping.values():
            mapping[key] = column
    return mapping


def columns_of(places: Places) -> list[int]:
    """Return the columns as a list."""
    return [places] if isinstance(places, int) else places


def joined_cell(cells: Row, places: Places) -> Cell:
    """Return the cell of a field; the cells of several columns as one text, blanks between them."""
    if isinstance(places, int):
        return cells[places]
    return " ".join(text for place in places if (text := as_text(cells[place]))) or None


def _sureness(label: str, aliases: Sequence[str]) -> int:
    """Return how surely the label means the field: 0 for not at all."""
    named = {heading(str(alias)) for alias in aliases} - {""}
    if heading(label) in named:
        return _SAME
    if heading(label.rsplit(_BETWEEN, 1)[-1]) in named:
        return _SAME_PART
    if _BETWEEN not in label and any(_begins(heading(label), name) for name in named):
        return _BEGINS
    return 0


def _begins(label: str, name: str) -> bool:
    """Return whether the label is the name and further words,
    none of which name another column.
    """
    if " " not in name or not label.startswith(f"{name} "):
        return False
    further = label.removeprefix(f"{name} ").split()
    others = (
        " ".join(further[start:end])
        for start in range(len(further))
        for end in range(start + 1, len(further) + 1)
    )
    return len(further) <= _MOST_FURTHER_WORDS and not any(is_known(other) for other in others)

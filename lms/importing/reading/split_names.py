"""A person's name over several columns: “Họ và tên đệm | Tên”, or two columns under one label."""

from collections.abc import Sequence

from lms.core.text import fold
from lms.importing.reading.cells import as_text
from lms.importing.reading.sheets import Row
from lms.importing.reading.vocabulary import heading

_WHOLE, _FAMILY, _MIDDLE, _GIVEN = "ho va ten", "ho", "ten dem", "ten"
_FAMILY_AND_MIDDLE = "ho ten dem"
# By the words of their headings; the longest is looked for first.
_IN_THREE = (_FAMILY, _MIDDLE, _GIVEN)
_IN_TWO = ((_FAMILY_AND_MIDDLE, _GIVEN), (_FAMILY, _GIVEN), (_WHOLE, _GIVEN), (_WHOLE, _WHOLE))
# A column without a label beside the names that tells the sex holds these alone.
_SEXES = {"nam", "nu"}
# “Họ | Tên đệm và tên”
_REST = {"ten dem va ten", "dem va ten", "chu dem va ten", "chu lot va ten", "ten lot va ten"}


def find_name_columns(labels: Sequence[str], rows: Sequence[Row]) -> list[int]:
    """Return the columns that make a name when they are joined, in their order; none for no such.

    The headings tell, or a column without one that holds single words beside the names. Where
    the names end with the next column already, nothing is joined.
    """
    meanings = [_meaning(label) for label in labels]
    for place in range(len(labels) - 1):
        if tuple(meanings[place : place + 3]) == _IN_THREE:
            return [place, place + 1, place + 2]
        left, right = meanings[place : place + 2]
        told = (left, right) in _IN_TWO or (left == _FAMILY and right in _REST)
        shared = left in (_WHOLE, _FAMILY_AND_MIDDLE) and not labels[place + 1]
        if (told or (shared and _are_words(rows, place))) and not _repeats(rows, place):
            return [place, place + 1]
    return []


def _meaning(label: str) -> str:
    """Return what a label says, or the lower of two: “Họ và tên / Tên” is the given name."""
    return heading(label.rsplit(" / ", 1)[-1])


def _are_words(rows: Sequence[Row], place: int) -> bool:
    """Return whether most names are followed by a single word."""
    beside = [as_text(row[place + 1]) for row in rows if row[place] is not None]
    words = [text for text in beside if text.isalpha()]
    if {fold(word) for word in words} <= _SEXES:
        return False
    # A tick, such as x in every row, is one letter; names such as Ý are rare.
    longer = sum(len(word) > 1 for word in words)
    return len(words) * 2 > len(beside) and longer * 2 > len(words)


def _repeats(rows: Sequence[Row], place: int) -> bool:
    """Return whether most names end with the word beside them: the column is there to sort by."""
    pairs = [(fold(as_text(row[place])), fold(as_text(row[place + 1]))) for row in rows]
    filled = [(name, last) for name, last in pairs if name and last]
    ending = sum(name == last or name.endswith(f" {last}") for name, last in filled)
    return ending * 2 > len(filled)

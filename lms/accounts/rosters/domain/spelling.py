"""Which of two spellings of a name is the better one."""

import re
from functools import lru_cache
from typing import Final

from lms.core.text import fold, nfc, spoken, with_plain_apostrophes

# Not in a code that stands in for a name.
_WORD: Final = re.compile(r"[^\W\d_]+")


def ordinary_case(name: str) -> str:
    """Return the name with small letters after the first of each word that is all in capitals,
    and with capitals where there is none.
    """
    if any(char.isdigit() for char in name):
        return name
    if name == name.lower():
        return _WORD.sub(lambda word: word[0][:1].upper() + word[0][1:], name)
    return " ".join(_calm(word) for word in name.split(" "))


def better_spelling(*, stored: str, told: str) -> str:
    """Return how a person is written whose name is `stored` and who is `told` by a list.

    The register keeps its own where the list has no marks at all, places a tone elsewhere or shouts.
    It takes the list's where that has marks at last, or ordinary case. A name with another letter or
    another tone is a change of the name, and taken.
    """
    if fold(stored) != fold(told):
        return ordinary_case(told)
    if spoken(stored) == spoken(told):
        is_better = ordinary_case(stored) != stored and ordinary_case(told) == told
        return told if is_better else stored
    return ordinary_case(told) if has_marks(told) else stored


def is_same_name(*, one: str, other: str, without_marks: bool = False) -> bool:
    """Return whether two spellings are of one name, wherever the tone is placed.

    One that has no marks at all is the same as one with marks when more than one word lacks them, or
    when nothing beside it has any (`without_marks`). Else Hoa is not Hòa, and Hà is not Hạ.
    """
    if fold(one) != fold(other):
        return False
    words, others = spoken(one).split(), spoken(other).split()
    different = sum(word != second for word, second in zip(words, others, strict=True))
    if different and has_marks(one) and has_marks(other):
        return False
    return different != 1 or without_marks


# Asked again and again about the cells of one row.
@lru_cache(maxsize=1024)
def has_marks(text: str) -> bool:
    return fold(text) != with_plain_apostrophes(nfc(text)).lower()


def _calm(word: str) -> str:
    if len(word) < len("Ôn") or word != word.upper():
        return word
    return _WORD.sub(lambda part: part[0][:1] + part[0][1:].lower(), word)

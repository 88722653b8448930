"""A number of ours as a code on paper: six signs are the number, six check them."""

from collections.abc import Callable
from typing import Final

from lms.core.codes import ALPHABET, LENGTH, normalise_code

_HALF: Final = LENGTH // 2

Check = Callable[[int], bytes]


def code_of(number: int, *, check: Check) -> str:
    """Return the code of a number: the same each time."""
    return _signs(number) + _signs(int.from_bytes(check(number)))


def number_in(text: str, *, check: Check) -> int | None:
    """Return the number of a code that somebody typed or scanned, None when it is none."""
    code = normalise_code(text)
    if code is None or not set(code) <= set(ALPHABET):
        return None
    number = 0
    for sign in code[:_HALF]:
        number = number * len(ALPHABET) + ALPHABET.index(sign)
    return number if code_of(number, check=check) == code else None


def _signs(number: int) -> str:
    """Return the last six figures of the number, as signs of the alphabet of codes."""
    signs = ""
    for _place in range(_HALF):
        number, figure = divmod(number, len(ALPHABET))
        signs = ALPHABET[figure] + signs
    return signs

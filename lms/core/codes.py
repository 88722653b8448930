"""Codes that people read from paper and type: not guessable, no sign taken for another."""

import re
import secrets
import unicodedata
from typing import Final

# Without what a Vietnamese keyboard changes (Telex and VNI turn AA into Â, DD into Đ, W into Ư: A,
# D, E, O, U, W and Y are out) and without what is mixed up on paper (0 and O, 1, I and L).
# Twelve signs are 55 bits.
ALPHABET: Final = "23456789BCFGHJKMNPQRSTVXZ"
LENGTH: Final = 12
GROUP: Final = 4

# Certificates printed before the alphabets became one may hold a 0 or a 1.
_READ: Final = frozenset(ALPHABET + "01")
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def group_code(code: str) -> str:
    """Return the code as it is printed: 7K3M-HX42-PQ9C."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalise_code(text: str) -> str | None:
    """Return the code that somebody typed or pasted, None when it cannot be one.

    Case, spaces, dashes and the like do not matter, O is read as 0, I and L as 1; the whole
    address from the paper does as well.
    """
    typed = unicodedata.normalize("NFKC", text).strip().rstrip("/").rpartition("/")[2]
    code = re.sub(r"[\W_]+", "", typed).upper().translate(_MISREAD)
    return code if len(code) == LENGTH and set(code) <= _READ else None

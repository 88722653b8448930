"""Verification codes: not guessable, tell nothing, and survive being typed by hand."""

import re
import secrets
import unicodedata
from typing import Final

# Upper-case base 27: digits and letters that a Vietnamese keyboard leaves alone. Telex and VNI
# turn AA into Â, DD into Đ, W into Ư, so A, D, E, O, U, W and Y are out; I, L and O, which are
# read as digits, are taken for digits. Twelve signs are 57 bits.
ALPHABET: Final = "0123456789BCFGHJKMNPQRSTVXZ"
LENGTH: Final = 12
GROUP: Final = 4

_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def group_code(code: str) -> str:
    """The code as it is printed: 7K3M-HX42-PQ9C."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalise_code(text: str) -> str | None:
    """The code that somebody typed or pasted, None when it cannot be one.

    Case, spaces and dashes do not matter, O is read as 0, I and L as 1; the whole
    address from the paper does as well.
    """
    typed = unicodedata.normalize("NFKC", text).strip().rstrip("/").rpartition("/")[2]
    kept = "".join(char for char in typed.upper() if unicodedata.category(char) not in _PASSED_OVER)
    code = kept.translate(_MISREAD)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    return code


def is_like_a_serial(text: str) -> bool:
    """Whether somebody typed the register number instead: "12/2026/GCN-SLĐTBXH", "Số: 12"."""
    return _SERIAL.match(unicodedata.normalize("NFKC", text).strip()) is not None


# A short number with a word for "number" before it, and with year and issuer behind it.
_SERIAL: Final = re.compile(
    r"(?:số|so|no|nº|n°)?[\s.:]*\d{1,6}\s*(?:[/-]\s*\d{4}\b.*)?$", re.IGNORECASE
)
# Dashes of every length, spaces, line ends and the invisible signs that copying brings along.
_PASSED_OVER: Final = frozenset({"Pd", "Zs", "Zl", "Zp", "Cc", "Cf"})

"""Vietnamese text: one spelling to store, one to search by, one to sort by.

Every database must agree, so the keys are made here and stored in columns.
"""

import re
import unicodedata
from functools import lru_cache

# The Vietnamese alphabet with the four foreign letters at their usual places.
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Tones in dictionary order: ngang, huyền, hỏi, ngã, sắc, nặng.
TONE_MARKS = "\u0300\u0309\u0303\u0301\u0323"

_RANKS = {letter: f"{rank:02x}" for rank, letter in enumerate("0123456789" + ALPHABET, start=1)}
_WORD_END = "00"

# Pasted along from chats, PDF files and address books; Vietnamese has no word that needs one. A NUL
# cannot be stored at all.
_INVISIBLE = "\0\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
# The đ of Iceland, of Ewe and of old fonts, and spaces that do not break.
_LOOK_ALIKES = str.maketrans("ÐƉðɖ\u00a0\u2007\u202f", "ĐĐđđ   ")
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u02b9\u00b4\u2032\u0060\uff07", "'"))
_STRIP_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
# 2014–2020 is two numbers in an address as well.
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
_PLAIN_LETTERS = {**_DASHES, **str.maketrans({"đ": "d", "Đ": "D", "…": "...", "·": "-"})}
# The blocks with the letters of all Latin alphabets, spaces and dashes, and a few signs.
_FOLDED_IN_BROWSERS = (*range(0xA0, 0x250), *range(0x1E00, 0x2070), *range(0x2100, 0x2220))
# Signs between words that stand without a space: cha mẹ/người chăm sóc, 24/7, TP.HCM.
_BETWEEN_WORDS = r"[/\\.,:;+&|·…]"
_NOT_IN_SLUGS = r"[^A-Za-z0-9_\s-]"
_SLUG_ENDS = r"^[\s_-]+|[\s_-]+$"


def without_look_alikes(text: str) -> str:
    """Return text composed (NFC), without invisible signs, with the one Đ and plain spaces.

    Line breaks and typographic quotes stay: prose passes through here, too.
    """
    if text.isascii() and "\0" not in text:
        return text
    visible = _STRIP_INVISIBLE.sub("", text).translate(_LOOK_ALIKES)
    return unicodedata.normalize("NFC", visible)


def with_plain_apostrophes(text: str) -> str:
    """Return text with the apostrophe of the keyboard for those that look like it: H'Hen."""
    return text.translate(_APOSTROPHES)


def nfc(text: str) -> str:
    """Return text as it is stored: without look-alikes, trimmed, single spaces."""
    return " ".join(without_look_alikes(text).split())


# A list of people asks for the same names again and again: matched, compared, stored.
@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return text as it is searched by: lower case without any mark, đ as d.

    "Nguyễn Thị Hương" and "nguyen thi huong" fold to the same string, and so do
    "Hòa" and "Hoà". Apostrophes are one.
    """
    lowered = with_plain_apostrophes(without_look_alikes(text)).lower().replace("đ", "d")
    decomposed = unicodedata.normalize("NFD", lowered)
    return nfc("".join(char for char in decomposed if not unicodedata.combining(char)))


@lru_cache(maxsize=8192)
def spoken(text: str) -> str:
    """Return text in small letters with the tone of each word behind it: "Hoà" and "Hòa" are one,
    "Hoa" and "Hạ" are others.
    """
    return " ".join(map(_spoken_word, nfc(with_plain_apostrophes(text)).lower().split()))


def _spoken_word(word: str) -> str:
    signs = unicodedata.normalize("NFD", word)
    letters = "".join(sign for sign in signs if sign not in TONE_MARKS)
    tones = "".join(sign for sign in signs if sign in TONE_MARKS)
    return unicodedata.normalize("NFC", letters) + tones


def unmarked(text: str) -> str:
    """Return the text in ASCII, letter for letter: "Tập huấn" is "Tap huan", 08:00–11:30 keeps a dash
    and does not run together; what has no such letter is left out.
    """
    plain = unicodedata.normalize("NFD", without_look_alikes(text).translate(_PLAIN_LETTERS))
    return plain.encode("ascii", "ignore").decode()


def given_name(full_name: str) -> str:
    """Return the last word of a Vietnamese name: the one people are called and sorted by."""
    words = nfc(full_name).split(" ")
    return words[-1]


@lru_cache(maxsize=4096)
def sort_key(full_name: str) -> str:
    """Return a key that sorts names as a Vietnamese roster does: given, middle, family name.

    Each of the three is compared as a whole before the next one counts, as the columns of a
    roster are: every Anh stands before every Ánh. Inside one of them letters weigh
    first and tones break ties (ICU `vi`). The key holds hexadecimal digits alone, so that
    SQLite and PostgreSQL sort it alike under any collation. Other signs are passed over.
    """
    words = nfc(full_name).lower().split(" ")
    given, middle, family = words[-1:], words[1:-1], words[:1] if len(words) > 1 else []
    return "".join(_part_key(part) for part in (given, middle, family))


def place_key(name: str) -> str:
    """Return a key that sorts places as a list of communes does: by their first word,
    as `sort_key` weighs.
    """
    return _part_key(nfc(name).lower().split(" "))


def _part_key(words: list[str]) -> str:
    """Return letters, word by word, then an end that weighs less than any letter,
    then the tones.
    """
    letters: list[str] = []
    tones: list[str] = []
    for word in words:
        for letter, tone in _letters(word):
            letters.append(_RANKS[letter])
            tones.append(str(tone))
        letters.append(_WORD_END)
    return "".join([*letters, _WORD_END, *tones])


def slug(text: str) -> str:
    """Return an ASCII slug that keeps đ as d: "Đức Lý" gives "duc-ly"; "" for no letter at all."""
    words = re.sub(_BETWEEN_WORDS, " ", _folded_for_slug(text))
    kept = re.sub(_NOT_IN_SLUGS, "", words, flags=re.ASCII)
    return re.sub(r"[-\s]+", "-", re.sub(_SLUG_ENDS, "", kept, flags=re.ASCII))


@lru_cache(maxsize=1)
def slug_replacements() -> tuple[tuple[str, str], ...]:
    """Return `slug` as patterns with what replaces each, in order, for a browser.

    What they leave needs hyphens for its spaces and small letters, and is what `slug` returns.
    """
    groups: dict[str, list[str]] = {}
    for char in map(chr, _FOLDED_IN_BROWSERS):
        folded = " " if char.isspace() else _folded_for_slug(char)
        if folded.isascii() and (folded.isalnum() or folded in {" ", "-"}):
            groups.setdefault(folded, []).append(char)
    letters = [(f"[{''.join(chars)}]", folded) for folded, chars in groups.items()]
    return (*letters, (_BETWEEN_WORDS, " "), (_NOT_IN_SLUGS, ""), (_SLUG_ENDS, ""))


def _folded_for_slug(text: str) -> str:
    return fold(text.translate(_DASHES))


def _letters(word: str) -> list[tuple[str, int]]:
    """Return each known letter of a word without its tone, and the tone's rank (0 for none)."""
    found: list[tuple[str, int]] = []
    for char in word:
        decomposed = unicodedata.normalize("NFD", char)
        tone = next((TONE_MARKS.index(m) + 1 for m in decomposed if m in TONE_MARKS), 0)
        plain = unicodedata.normalize("NFC", "".join(m for m in decomposed if m not in TONE_MARKS))
        if plain not in _RANKS:
            plain = decomposed[0]
        if plain in _RANKS:
            found.append((plain, tone))
    return found

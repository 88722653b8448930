"""How a question and its answers are written in the cells of a list, and read from them."""

import re
from collections.abc import Collection, Mapping
from typing import Final

from django.utils.translation import gettext as _

from lms.core.refusal import Refusal
from lms.core.text import fold, nfc

#: The letters of the answers on offer, one column each.
SIGNS: Final = "abcdefgh"

_NUMBERS: Final = {str(place): sign for place, sign in enumerate(SIGNS, start=1)}

# What people write before the letter or number: “Phương án B”, “Chọn D”, “Câu trả lời đúng là C”.
_WORDS_BEFORE: Final = frozenset(
    [
        "phuong",
        "an",
        "dap",
        "chon",
        "cau",
        "tra",
        "loi",
        "lua",
        "y",
        "thu",
        "so",
        "la",
        "dung",
        "va",
        "option",
        "answer",
        "choice",
        "no",
        "and",
    ]
)
_SEPARATORS = re.compile(r"[\s,;/&+]+")
_AROUND = " .:()[]"
# AC and BD, in capital letters and in order: “Ba” is a word.
_JOINED_LETTERS = re.compile(rf"[{SIGNS.upper()}]{{2,}}")
_NAME_OF_AN_ANSWER: Final = r"(?:(?:phương án|đáp án|lựa chọn)\s+)?"
# “A. ”, “A.”, “A / ”, “Phương án A: ”; a figure or a dash needs a space: “1.5” and “A-B” are texts.
_AFTER_A_LETTER: Final = r"(?:[.):]\s*|\s*[/–-]\s+)"
_AFTER_A_FIGURE: Final = r"[.):]\s+"
_LETTER_AND_TEXT = re.compile(
    rf"\(?{_NAME_OF_AN_ANSWER}([{SIGNS}])(?:{_AFTER_A_LETTER}|[/-])(\S.*)", re.IGNORECASE
)
# A figure after the sign belongs to the question: “Câu 1.2 triệu”.
_QUESTION_NUMBER = re.compile(
    r"(câu(\s+hỏi)?|question|q)\s*(số\s*)?\d+\s*[.:)/\-–](?!\d)\s*", re.IGNORECASE
)
# “Cả A và B”, “Cả 3 ý trên”, “Tất cả các đáp án trên”: an answer that is made of others.
_ALL_OF_THEM = re.compile(r"(?:ca|tat ca|all)\b(.*)")
_WORDS_OF_TRUTH: Final = {
    **dict.fromkeys(("đúng", "đ", "true", "t"), True),
    **dict.fromkeys(("sai", "s", "false", "f"), False),
}


def tidy_question(text: str) -> str:
    """Return the text without the number that the list gave it: “Câu 1. ”."""
    return _QUESTION_NUMBER.sub("", text, count=1) if _QUESTION_NUMBER.match(text) else text


def tidy_options(options: Mapping[str, str]) -> dict[str, str]:
    """Return the answers by sign without “A. ” or “1) ”, where each begins with its own.

    One alone may be a name: “A. Nguyễn”.
    """
    for signs, after in ((SIGNS, _AFTER_A_LETTER), ("12345678", _AFTER_A_FIGURE)):
        found = {
            sign: re.fullmatch(
                rf"\(?{_NAME_OF_AN_ANSWER}{signs[SIGNS.index(sign)]}{after}(\S.*)",
                text,
                re.IGNORECASE | re.DOTALL,
            )
            for sign, text in options.items()
        }
        if len(found) > 1 and all(found.values()):
            return {sign: match[1] for sign, match in found.items() if match}
    return dict(options)


def is_true_or_false(texts: Collection[str]) -> bool:
    """Return whether these are the two answers “Đúng” and “Sai”, in any order."""
    return sorted(str(_WORDS_OF_TRUTH.get(_plain(text))) for text in texts) == ["False", "True"]


def read_right(cell: str, options: Mapping[str, str]) -> str:
    """Return the signs of the right answers that a cell means, in order: “ac”.

    A cell with the text of an answer means that answer, whatever else it could mean. Otherwise it
    holds letters or numbers, with a known word before them or none. Raises Refusal
    `answer_unreadable` or `answer_missing`.
    """
    signs = _read(cell, options)
    missing = sorted(signs - options.keys())
    if missing:
        raise Refusal(
            "answer_missing", _("There is no answer %(sign)s.") % {"sign": missing[0].upper()}
        )
    return "".join(sorted(signs))


def write_right(right: str, options: Mapping[str, str]) -> str:
    """Return a cell that `read_right` reads as these signs: “A, C”."""
    letters = ", ".join(right.upper())
    named = f"Phương án {letters}"
    texts = "; ".join(options[sign] for sign in right if sign in options)
    for cell in (letters, named, texts):
        try:
            if read_right(cell, options) == right:
                return cell
        except Refusal:
            continue
    return letters


def could_mean_another(cell: str, options: Mapping[str, str]) -> bool:
    """Return whether the cell is the text of one answer and the letter or number of another, or
    names together what one answer says in words: “A và B” beside “Cả A và B”.
    """
    by_text, by_sign = _by_text(cell, options), _by_signs(cell)
    if by_text:
        return bool(by_sign and by_text != by_sign and by_sign <= options.keys())
    return len(by_sign) > 1 and any(
        _says_together(text, by_sign, options.keys() - {sign})
        for sign, text in options.items()
        if sign not in by_sign
    )


def _says_together(text: str, signs: set[str], others: Collection[str]) -> bool:
    """Return whether an answer stands for these others: by their letters, or for all there are."""
    found = _ALL_OF_THEM.match(fold(text))
    if found is None:
        return False
    return _by_signs(found[1]) == signs or signs == set(others)


def _read(cell: str, options: Mapping[str, str]) -> set[str]:
    if found := _by_text(cell, options) or _by_truth(cell, options) or _by_signs(cell):
        return found
    if found := _by_letter_and_text(cell, options):
        return found
    if ";" in cell:
        return set().union(*(_read(part, options) for part in cell.split(";") if part.strip()))
    raise Refusal(
        "answer_unreadable",
        _(
            "“%(cell)s” is neither the text of one of the answers nor its letter or number. Please "
            "write the letters, such as B or A, C."
        )
        % {"cell": cell},
    )


def _by_text(cell: str, options: Mapping[str, str]) -> set[str]:
    wanted = _plain(cell)
    return {sign for sign, text in options.items() if wanted and _plain(text) == wanted}


def _by_truth(cell: str, options: Mapping[str, str]) -> set[str]:
    """Read Đ, S, True and False where the answers are true and false."""
    truth = _WORDS_OF_TRUTH.get(_plain(cell))
    if truth is None or not is_true_or_false(options.values()):
        return set()
    return {sign for sign, text in options.items() if _WORDS_OF_TRUTH[_plain(text)] is truth}


def _by_letter_and_text(cell: str, options: Mapping[str, str]) -> set[str]:
    """Read “B. Xao nhãng”, where B is that answer."""
    found = _LETTER_AND_TEXT.fullmatch(nfc(cell))
    sign = found[1].lower() if found else ""
    return {sign} if found and sign in _by_text(found[2], options) else set()


def _by_signs(cell: str) -> set[str]:
    """Read letters and numbers; nothing where there is a word that is not known."""
    found: set[str] = set()
    for token in _SEPARATORS.split(nfc(cell)):
        bare = token.strip(_AROUND)
        if bare.lower() in set(SIGNS):
            found.add(bare.lower())
        elif number := _NUMBERS.get(bare.lstrip("0")):
            found.add(number)
        elif _JOINED_LETTERS.fullmatch(bare) and list(bare) == sorted(set(bare)):
            found |= set(bare.lower())
        elif bare and fold(bare) not in _WORDS_BEFORE:
            return set()
    return found


def _plain(text: str) -> str:
    return nfc(text).casefold().rstrip(" .;")

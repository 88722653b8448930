"""Questions in GIFT, Moodle's text form of questions, as the rows of a list.

https://docs.moodle.org/en/GIFT_format. A blank line parts the questions; `::name::text{answers}`,
where `=` begins a right answer and `~` a wrong one, `%50%` gives a part of the points, `#` a
comment on an answer and `####` one on the question; a backslash takes a sign for itself. `#` begins
a number, `->` parts a pair, and `>` begins the items of an ordering as Moodle's plug-in writes them.
"""

import re
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from courses.resources.gift_answers import read_answers
from courses.resources.gift_text import FORMAT, GiftQuestion, hide_signs, plain
from courses.resources.question_records import FEEDBACK_COLUMNS, SURROUNDINGS
from lms.core.refusal import Refusal
from lms.importing.extensions import TextForm, TextRow

#: What the suite knows of a question and GIFT does not: in comments, which Moodle passes over.
IN_COMMENTS: Final = (
    "kind",
    "source",
    "as_of",
    "difficulty",
    "tags",
    "module",
    "lesson",
    *SURROUNDINGS,
)
#: What GIFT knows of most kinds, in comments where it does not know it of this one.
ALSO_IN_COMMENTS: Final = ("explanation", *FEEDBACK_COLUMNS.values())

_ID = re.compile(r"\[id:([A-Za-z0-9_-]+)\]")
_COMMENT = re.compile(rf"//\s*({'|'.join((*IN_COMMENTS, *ALSO_IN_COMMENTS))}):\s*(.*)")
_CATEGORY: Final = "$CATEGORY:"
_TITLE = re.compile(r"::(.*?)::", re.DOTALL)


def looks_like_gift(text: str) -> bool:
    """Return whether a text holds answers in braces, as no table does."""
    return bool(re.search(r"(?<!\\)\{\s*(#|=|~|>|(T|F|TRUE|FALSE)\s*[#}])", text))


def read_gift(text: str) -> list[TextRow]:
    """Return the questions in their order; one that cannot be taken in with its fault."""
    return [_read(*block) for block in _blocks(text)]


def _blocks(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield each question with the line where it begins and the comments above it."""
    lines: list[str] = []
    comments: list[str] = []
    start = 0
    # Other signs that end a line, such as those of word processors, belong to the text.
    ended = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate([*ended.split("\n"), ""], start=1):
        bare = line.strip()
        if bare.startswith("//"):
            comments.append(bare)
        elif bare and not (bare.startswith(_CATEGORY) and not lines):
            start = start or number
            lines.append(line)
        elif lines:
            yield start, "\n".join(lines), comments
            lines, comments, start = [], [], 0


def _read(line: int, block: str, comments: list[str]) -> GiftQuestion:
    question = GiftQuestion(line, _cells_of(comments))
    # Signs that stand for themselves are kept out of sight until all others are read.
    hidden = hide_signs(block)
    title = _TITLE.match(hidden.lstrip())
    # A name that is not closed is none.
    body = hidden.lstrip()[title.end() :] if title else hidden.lstrip().removeprefix("::")
    form = FORMAT.match(body)
    question.form = form[1].lower() if form else ""
    parts = re.fullmatch(r"([^{}]*)\{([^{}]*)\}([^{}]*)", body, re.DOTALL)
    if parts is None:
        question.cells["text"] = plain(body, question)
        question.fault = (
            _("The braces { } around the answers are not complete: please correct this question.")
            if "{" in body or "}" in body
            else _("This is a text without a question, which is left out.")
        )
        return question
    before, inside, after = parts.groups()
    if after.strip():
        # The answers fill a gap in the sentence.
        before, after = f"{before.rstrip()} _____", re.sub(r"^\s*(?=[^\s.,;:?!])", " ", after)
    question.cells["text"] = plain(before + after, question)
    try:
        read_answers(inside, question)
    except Refusal as refusal:
        question.fault = refusal.message
    return question


def _cells_of(comments: list[str]) -> dict[str, str]:
    cells = {found[1]: found[2] for one in comments if (found := _COMMENT.fullmatch(one))}
    ids = [found[1] for one in comments if (found := _ID.search(one))]
    return cells | ({"key": ids[-1]} if ids else {})


# Moodle calls its files .txt.
GIFT: Final = TextForm(
    key="gift",
    label="GIFT",
    endings=(".gift", ".txt"),
    recognises=looks_like_gift,
    read=read_gift,
)

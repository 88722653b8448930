"""Questions in GIFT, Moodle's text form of questions, as the rows of a list.

https://docs.moodle.org/en/GIFT_format. A blank line parts the questions; `::name::text{answers}`,
where `=` begins a right answer and `~` a wrong one, `%50%` gives a part of the points, `#` a
comment on an answer and `####` one on the question; a backslash takes a sign for itself.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.domain.question_cells import SIGNS, write_right
from courses.enums import QuestionKind
from lms.core.refusal import Refusal
from lms.importing.extensions import TextForm, TextRow

TRUE, FALSE = "Đúng", "Sai"
#: What the suite knows of a question and GIFT does not: in comments, which Moodle passes over.
IN_COMMENTS: Final = ("source", "as_of", "module", "lesson")

# The first of the signs that nobody has given a meaning.
_HIDDEN: Final = "\ue000"
_ESCAPED = re.compile(r"\\([~=#{}:\\])")
_ID = re.compile(r"\[id:([A-Za-z0-9_-]+)\]")
_COMMENT = re.compile(rf"//\s*({'|'.join(IN_COMMENTS)}):\s*(.*)")
_TITLE = re.compile(r"::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown|auto)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(-?\d+(?:\.\d+)?)%")
_TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?:#.*)?", re.IGNORECASE | re.DOTALL)
_BLOCK_TAG = re.compile(r"</?(p|br|div|li|ul|ol|h\d)\b[^>]*>", re.IGNORECASE)
_PICTURE = re.compile(r"<(img|audio|video|object|iframe)\b", re.IGNORECASE)


@dataclass
class _Question(TextRow):
    #: How the texts are written where none says so: html, plain and so on.
    form: str = ""

    def remark(self, sentence: str) -> None:
        if sentence not in self.remarks:
            self.remarks.append(sentence)


@dataclass(frozen=True)
class _Answer:
    is_marked_right: bool
    weight: float | None
    text: str
    comment: str


def looks_like_gift(text: str) -> bool:
    """Return whether a text holds answers in braces, as no table does."""
    return bool(re.search(r"(?<!\\)\{\s*(#|=|~|(T|F|TRUE|FALSE)\s*[#}])", text))


def read_gift(text: str) -> list[TextRow]:
    """Return the questions in their order; one that cannot be taken in with its fault."""
    return [_read(*block) for block in _blocks(text)]


def _blocks(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield each question with the line where it begins and the comments above it."""
    lines: list[str] = []
    comments: list[str] = []
    start = 0
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        bare = line.strip()
        if bare.startswith("//"):
            comments.append(bare)
        elif bare and not (bare.startswith("$") and not lines):
            start = start or number
            lines.append(line)
        elif lines:
            yield start, "\n".join(lines), comments
            lines, comments, start = [], [], 0


def _read(line: int, block: str, comments: list[str]) -> _Question:
    question = _Question(line, _cells_of(comments))
    # Signs that stand for themselves are kept out of sight until all others are read.
    hidden = _ESCAPED.sub(lambda sign: chr(ord(_HIDDEN) + ord(sign[1])), block)
    title = _TITLE.match(hidden.lstrip())
    body = hidden.lstrip()[title.end() :] if title else hidden
    form = _FORMAT.match(body)
    question.form = form[1].lower() if form else ""
    parts = re.fullmatch(r"([^{}]*)\{([^{}]*)\}([^{}]*)", body, re.DOTALL)
    if parts is None:
        question.cells["text"] = _plain(body, question)
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
    question.cells["text"] = _plain(before + after, question)
    try:
        _read_answers(inside, question)
    except Refusal as refusal:
        question.fault = refusal.message
    return question


def _cells_of(comments: list[str]) -> dict[str, str]:
    cells = {found[1]: found[2] for one in comments if (found := _COMMENT.fullmatch(one))}
    ids = [found[1] for one in comments if (found := _ID.search(one))]
    return cells | ({"key": ids[-1]} if ids else {})


def _read_answers(inside: str, question: _Question) -> None:
    """Read what stands between the braces. Raises Refusal `other_kind` or `too_many_options`."""
    inside, _sign, general = inside.partition("####")
    comment = _plain(general, question)
    truth = _TRUTH.fullmatch(inside)
    if truth:
        comment = _read_truth(inside, question, truth[1], comment)
    else:
        answers = _answers(inside, question)
        _refuse_other_kinds(inside, answers)
        comment = comment or _comment_on_right(answers)
        _tell_what_is_left_out(answers, question, comment)
        _offer(answers, question)
    if comment:
        question.cells["explanation"] = comment


def _read_truth(inside: str, question: _Question, word: str, comment: str) -> str:
    """Read true or false; return the comment on the question, else one on an answer."""
    right = "A" if word.upper().startswith("T") else "B"
    question.cells |= {"option_a": TRUE, "option_b": FALSE, "right": right}
    _word, *written = inside.split("#")
    comments = [text for one in written if (text := _plain(one, question))]
    explained = comment or (comments[-1] if comments else "")
    if any(one != explained for one in comments):
        question.remark(_("Comments on single answers are left out."))
    return explained


def _answers(inside: str, question: _Question) -> list[_Answer]:
    answers = []
    for sign, written in re.findall(r"([=~])([^=~]*)", inside):
        weight = _WEIGHT.match(written)
        text, _sign, comment = written[weight.end() if weight else 0 :].partition("#")
        answers.append(
            _Answer(
                sign == "=",
                float(weight[1]) if weight else None,
                _plain(text, question),
                _plain(comment, question),
            )
        )
    return answers


def _refuse_other_kinds(inside: str, answers: list[_Answer]) -> None:
    has_wrong = any(not answer.is_marked_right for answer in answers)
    if inside.lstrip().startswith("#"):
        kind = pgettext("kind of question", "number")
    elif not inside.strip():
        kind = pgettext("kind of question", "essay")
    elif answers and not has_wrong and all("->" in answer.text for answer in answers):
        kind = pgettext("kind of question", "matching")
    elif not has_wrong:
        kind = pgettext("kind of question", "short text")
    elif len(answers) > len(SIGNS):
        raise Refusal(
            "too_many_options",
            _("A question can have at most %(most)d answers.") % {"most": len(SIGNS)},
        )
    else:
        return
    raise Refusal(
        "other_kind",
        _("This kind of question (%(kind)s) cannot be asked here yet; it is left out.")
        % {"kind": kind},
    )


def _is_right(answer: _Answer, *, has_marked: bool) -> bool:
    return answer.is_marked_right if has_marked else (answer.weight or 0) > 0


def _offer(answers: list[_Answer], question: _Question) -> None:
    has_marked = any(answer.is_marked_right for answer in answers)
    offered = {sign: answer.text for sign, answer in zip(SIGNS, answers, strict=False)}
    rights = [
        sign
        for sign, answer in zip(SIGNS, answers, strict=False)
        if _is_right(answer, has_marked=has_marked)
    ]
    question.cells |= {f"option_{sign}": text for sign, text in offered.items()}
    question.cells["right"] = write_right("".join(rights), offered) if rights else ""
    if not has_marked or len(rights) > 1:
        question.cells["kind"] = QuestionKind.MULTIPLE.value


def _comment_on_right(answers: list[_Answer]) -> str:
    has_marked = any(answer.is_marked_right for answer in answers)
    right = (answer for answer in answers if _is_right(answer, has_marked=has_marked))
    return " ".join(answer.comment for answer in right if answer.comment)


def _tell_what_is_left_out(answers: list[_Answer], question: _Question, comment: str) -> None:
    if any(answer.comment and answer.comment not in comment for answer in answers):
        question.remark(_("Comments on single answers are left out."))
    has_marked = any(answer.is_marked_right for answer in answers)
    if has_marked and any(0 < (answer.weight or 0) < 100 for answer in answers):  # noqa: PLR2004 (per cent)
        question.remark(_("Points for a half-right answer are left out: it counts as wrong."))


def _plain(written: str, question: _Question) -> str:
    """Return a text without its format, with the signs that stood for themselves."""
    form = _FORMAT.match(written)
    text = written[form.end() :] if form else written
    text = text.replace("\\n", "\n")
    text = re.sub(f"[{_HIDDEN}-{chr(ord(_HIDDEN) + 127)}]", _shown, text)
    if (form[1].lower() if form else question.form) in {"html", "moodle"}:
        if _PICTURE.search(text):
            question.remark(_("A picture or a recording in this question is left out."))
        text = html.unescape(strip_tags(_BLOCK_TAG.sub("\n", text)))
    return text.strip()


def _shown(sign: re.Match[str]) -> str:
    return chr(ord(sign[0]) - ord(_HIDDEN))


# Moodle calls its files .txt.
GIFT: Final = TextForm(
    key="gift",
    label="GIFT",
    endings=(".gift", ".txt"),
    recognises=looks_like_gift,
    read=read_gift,
)

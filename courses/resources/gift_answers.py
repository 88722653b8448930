"""What stands between the braces of a question in GIFT: its kind, its answers, what is right."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.domain.numbers import write_number
from courses.domain.option_cells import write_option
from courses.domain.question_cells import SIGNS, write_right
from courses.domain.question_options import ARROW, WrittenOption
from courses.enums import QuestionKind
from courses.resources.gift_text import GiftQuestion, plain
from courses.resources.question_records import FEEDBACK_COLUMNS, OPTION_COLUMNS
from lms.core.refusal import Refusal

TRUE, FALSE = "Đúng", "Sai"

# With a backslash before it, it is one of the text.
_ANYTHING = re.compile(r"(?<!\\)\*")
_WEIGHT = re.compile(r"\s*%(-?\d+(?:\.\d+)?)%")
_TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?:#.*)?", re.IGNORECASE | re.DOTALL)
# How many are shown, which, in which direction, and how it is marked.
_ORDERING = re.compile(r"\s*>\s*\d*(?:[ \t]+[A-Z_\d]+)*[ \t]*(?:\n|$)", re.IGNORECASE)
_ALL_POINTS: Final = 100
# Figures before and after the point: 1e999999 would fill the memory when it is written out.
_FIGURES: Final = range(-10, 15)


@dataclass(frozen=True)
class _Answer:
    is_marked_right: bool
    weight: float | None
    #: As it stands, with what `plain` takes away.
    written: str
    comment: str

    @property
    def is_accepted(self) -> bool:
        """Return whether a number or a text gets all points."""
        return self.is_marked_right and self.weight in (None, _ALL_POINTS)

    @property
    def is_half_right(self) -> bool:
        return 0 < (self.weight or 0) < _ALL_POINTS


def read_answers(inside: str, question: GiftQuestion) -> None:
    """Read what stands between the braces into the cells of the question.

    Raises Refusal `other_kind`, `too_many_options`, `arrow_in_text`, `arrow_missing`,
    `number_unreadable` or `sign_missing`.
    """
    if _ORDERING.match(inside):
        _read_ordering(inside, question)
        return
    # The last of them, as Moodle has it: a comment may be empty, or begin with such signs.
    answers, sign, general = inside.rpartition("####")
    inside = answers if sign else general
    truth = _TRUTH.fullmatch(inside)
    if truth:
        rights = _read_truth(inside, question, truth[1])
    elif inside.lstrip().startswith("#"):
        rights = _read_numbers(inside.lstrip()[1:], question)
    else:
        rights = _read_marked(inside, question)
    # Elsewhere the comment on the right answer is what explains it.
    explained = plain(general, question) if sign else _comment_on(rights, question)
    if explained:
        question.cells["explanation"] = explained


def _read_marked(inside: str, question: GiftQuestion) -> str:
    is_choice = "~" in inside
    answers = _answers(inside, question, has_points_of_right=not is_choice)
    if not inside.strip():
        raise Refusal(
            "other_kind",
            _("This kind of question (%(kind)s) cannot be asked here yet; it is left out.")
            % {"kind": pgettext("kind of question", "essay")},
        )
    if is_choice:
        return _read_choice(answers, question)
    is_text = question.cells.get("kind") == QuestionKind.SHORT_TEXT
    if not is_text and any("->" in answer.written for answer in answers):
        return _read_pairs(answers, question)
    return _read_texts(answers, question)


def _read_truth(inside: str, question: GiftQuestion, word: str) -> str:
    """Read true or false, a comment for who is wrong and one for who is right."""
    right, wrong = ("a", "b") if word.upper().startswith("T") else ("b", "a")
    question.cells |= {"option_a": TRUE, "option_b": FALSE, "right": right.upper()}
    _word, *comments = [plain(one, question) for one in inside.split("#")]
    if len(comments) == 1:
        # One for everybody explains the question.
        _comment(question, right, comments[0])
    elif comments:
        _comment(question, wrong, comments[0])
        _comment(question, right, comments[1])
    return right


def _read_numbers(inside: str, question: GiftQuestion) -> str:
    # The first one may stand without its sign, also before a comment on all wrong ones.
    marked = inside if re.match(r"\s*[=~]", inside) else f"={inside}"
    answers = _accepted(_answers(marked, question), question)
    question.cells["kind"] = QuestionKind.NUMBER.value
    return _offer(
        [write_option(QuestionKind.NUMBER, _number(one.written.strip())) for one in answers],
        answers,
        question,
    )


def _read_texts(answers: list[_Answer], question: GiftQuestion) -> str:
    accepted = _accepted(answers, question)
    question.cells["kind"] = QuestionKind.SHORT_TEXT.value
    texts = [plain(one.written, question) for one in accepted]
    if any(_ANYTHING.search(text) for text in texts):
        question.remark(_("An asterisk stands for nothing but itself here, not for any text."))
    return _offer([text.replace(r"\*", "*") for text in texts], accepted, question)


def _read_pairs(answers: list[_Answer], question: GiftQuestion) -> str:
    cells = []
    for answer in answers:
        left, arrow, right = answer.written.partition("->")
        if not arrow:
            raise Refusal(
                "arrow_missing",
                _("“%(text)s” has no -> before what belongs to it: please correct this question.")
                % {"text": plain(left, question)},
            )
        text, match = plain(left, question), plain(right, question, may_name_format=False)
        if ARROW.search(text):
            raise Refusal(
                "arrow_in_text",
                _(
                    "An arrow cannot stand in the left text: in lists it parts the two texts of a "
                    "pair."
                ),
            )
        if text:
            cells.append(write_option(QuestionKind.MATCHING, WrittenOption(text, match=match)))
        else:
            question.remark(_("An answer that belongs to no row is left out."))
    question.cells["kind"] = QuestionKind.MATCHING.value
    return _offer(cells, [], question)


def _read_ordering(inside: str, question: GiftQuestion) -> None:
    items = [plain(line, question) for line in _ORDERING.sub("", inside, count=1).splitlines()]
    question.cells["kind"] = QuestionKind.ORDERING.value
    _offer([item for item in items if item], [], question)


def _read_choice(answers: list[_Answer], question: GiftQuestion) -> str:
    has_marked = any(answer.is_marked_right for answer in answers)
    offered = _offer([plain(one.written, question) for one in answers], answers, question)
    rights = "".join(
        sign
        for sign, answer in zip(offered, answers, strict=True)
        if (answer.is_marked_right if has_marked else (answer.weight or 0) > 0)
    )
    texts = {sign: question.cells[OPTION_COLUMNS[sign]] for sign in offered}
    question.cells["right"] = write_right(rights, texts) if rights else ""
    if not has_marked or len(rights) > 1:
        question.cells["kind"] = QuestionKind.MULTIPLE.value
    if has_marked and any(answer.is_half_right for answer in answers):
        _remark_half_points(question)
    return rights


def _answers(
    inside: str, question: GiftQuestion, *, has_points_of_right: bool = True
) -> list[_Answer]:
    before = plain(re.split("[=~]", inside, maxsplit=1)[0], question)
    if before:
        raise Refusal(
            "sign_missing",
            _("“%(text)s” has neither = nor ~ before it: please correct this question.")
            % {"text": before},
        )
    answers = []
    for sign, written in re.findall(r"([=~])([^=~]*)", inside):
        weight = _WEIGHT.match(written) if sign == "~" or has_points_of_right else None
        text, _sign, comment = written[weight.end() if weight else 0 :].partition("#")
        points = float(weight[1]) if weight else None
        answers.append(_Answer(sign == "=", points, text, plain(comment, question)))
    return answers


def _accepted(answers: list[_Answer], question: GiftQuestion) -> list[_Answer]:
    """Return the answers with all points; say it of those with some, and of lost comments."""
    if any(answer.is_half_right for answer in answers):
        _remark_half_points(question)
    if any(answer.comment and not answer.is_accepted for answer in answers):
        question.remark(_("Comments on wrong answers are left out."))
    return [answer for answer in answers if answer.is_accepted]


def _offer(cells: list[str], answers: list[_Answer], question: GiftQuestion) -> str:
    """Put the answers and the comments on them into their cells; return their signs."""
    if len(cells) > len(SIGNS):
        raise Refusal(
            "too_many_options",
            _("A question can have at most %(most)d answers.") % {"most": len(SIGNS)},
        )
    signs = SIGNS[: len(cells)]
    question.cells |= {OPTION_COLUMNS[sign]: cell for sign, cell in zip(signs, cells, strict=True)}
    for sign, answer in zip(signs, answers, strict=False):
        _comment(question, sign, answer.comment)
    return signs


def _comment(question: GiftQuestion, sign: str, text: str) -> None:
    if text:
        question.cells[FEEDBACK_COLUMNS[sign]] = text


def _comment_on(rights: str, question: GiftQuestion) -> str:
    """Take the comments on the right answers out of their cells, as one text."""
    taken = [question.cells.pop(FEEDBACK_COLUMNS[sign], "") for sign in rights]
    return " ".join(dict.fromkeys(text for text in taken if text))


def _remark_half_points(question: GiftQuestion) -> None:
    question.remark(_("Points for a half-right answer are left out: it counts as wrong."))


def _number(written: str) -> WrittenOption:
    """Read “3”, “3:0.5” or “1..5”, always with a dot before decimals."""
    try:
        if ".." in written:
            least, most = (_decimal(one) for one in written.split("..", maxsplit=1))
            number, tolerance = (least + most) / 2, (most - least) / 2
        else:
            text, _colon, near = written.partition(":")
            number, tolerance = _decimal(text), _decimal(near.strip() or "0")
        return WrittenOption(
            write_number(number), tolerance=write_number(tolerance) if tolerance else ""
        )
    except InvalidOperation as error:
        raise Refusal(
            "number_unreadable",
            _("“%(text)s” is no number that can be read: please correct this question.")
            % {"text": written},
        ) from error


def _decimal(written: str) -> Decimal:
    number = Decimal(written.strip())
    if not number.is_finite() or number.adjusted() not in _FIGURES:
        raise InvalidOperation
    return number

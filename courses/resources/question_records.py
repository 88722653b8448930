"""A question as one row of a list, in both directions: out of the bank and into it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from wagtail.images.models import AbstractImage

from courses.domain.option_cells import are_same_numbers, read_option, write_option
from courses.domain.question_cells import SIGNS, tidy_options, tidy_question, write_right
from courses.domain.question_options import WrittenOption, written
from courses.domain.questions import SORTED_BY
from courses.enums import CHOICE_KINDS, Difficulty, QuestionKind
from courses.models import Question
from courses.models.titles import plain_title
from lms.core.text import fold
from lms.importing.reading.cells import as_text

#: The texts of the question itself, as the columns of the table are called.
TEXTS: Final = ("text", "explanation", "source", "as_of")
OPTION_COLUMNS: Final = {sign: f"option_{sign}" for sign in SIGNS}
FEEDBACK_COLUMNS: Final = {sign: f"feedback_{sign}" for sign in SIGNS}
#: Of a new question alone: a list changes no picture and no case.
SURROUNDINGS: Final = ("picture", "picture_alt", "case", "case_step")
#: What of the bank has to be fetched with each question.
FETCHED: Final = ("options", "in_quizzes__quiz__module", "lesson", "picture", "case")


@dataclass
class QuestionRecord:
    """A question as the bank or the list has it; `right` are the signs of the right answers."""

    pk: int | None = None
    key: str = ""
    kind: str = ""
    text: str = ""
    option_a: str = ""
    option_b: str = ""
    option_c: str = ""
    option_d: str = ""
    option_e: str = ""
    option_f: str = ""
    option_g: str = ""
    option_h: str = ""
    feedback_a: str = ""
    feedback_b: str = ""
    feedback_c: str = ""
    feedback_d: str = ""
    feedback_e: str = ""
    feedback_f: str = ""
    feedback_g: str = ""
    feedback_h: str = ""
    right: str = ""
    explanation: str = ""
    source: str = ""
    as_of: str = ""
    difficulty: str = ""
    tags: str = ""
    module: str = ""
    lesson: str = ""
    picture: str = ""
    picture_alt: str = ""
    case: str = ""
    case_step: str = ""

    def __deepcopy__(self, _memo: Any) -> "QuestionRecord":
        return replace(self)

    def __str__(self) -> str:
        return self.key

    @property
    def offered(self) -> dict[str, str]:
        """The answers on offer by sign."""
        texts = {sign: getattr(self, column) for sign, column in OPTION_COLUMNS.items()}
        return {sign: text for sign, text in texts.items() if text}

    @property
    def is_choice(self) -> bool:
        """Return whether one ticks; so it is while no kind is known."""
        return self.kind in ("", *CHOICE_KINDS)

    def options(self) -> tuple[WrittenOption, ...]:
        """Return the answers as they are written in the cells."""
        return tuple(
            read_option(
                self.kind,
                text,
                is_correct=not self.is_choice or sign in self.right,
                feedback=getattr(self, FEEDBACK_COLUMNS[sign]),
            )
            for sign, text in self.offered.items()
        )

    def as_told(self) -> "QuestionRecord":
        """Return the cells that leave the bank: the right answers as people write them."""
        told = replace(self)
        for one in fields(self):
            if one.name != "pk":
                setattr(told, one.name, str(getattr(self, one.name)).strip())
        told.kind = str(QuestionKind(self.kind).label) if self.kind else ""
        told.difficulty = str(Difficulty(self.difficulty).label) if self.difficulty else ""
        told.right = write_right(self.right, self.offered) if self.is_choice else ""
        return told


def record_of(question: Question) -> QuestionRecord:
    """Return a question of the bank as a row; no query where `FETCHED` was fetched."""
    record = QuestionRecord(question.pk, question.key, question.kind)
    for name in (*TEXTS, *SORTED_BY):
        setattr(record, name, getattr(question, name))
    for sign, option in zip(SIGNS, question.options.all(), strict=False):
        setattr(record, OPTION_COLUMNS[sign], write_option(question.kind, written(option)))
        setattr(record, FEEDBACK_COLUMNS[sign], option.feedback)
        record.right += sign if record.is_choice and option.is_correct else ""
    places = sorted(question.in_quizzes.all(), key=lambda place: place.quiz.module.path)
    record.module = places[0].quiz.module.code if places else ""
    record.lesson = plain_title(question.lesson) if question.lesson else ""
    record.picture = file_name(question.picture) if question.picture else ""
    record.picture_alt = question.picture_alt
    record.case = question.case.title if question.case else ""
    record.case_step = str(question.case_step or "")
    return record


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a row without what the list adds to question and answers."""
    tidy = dict(values)
    if "text" in tidy:
        tidy["text"] = tidy_question(tidy["text"])
    given = {sign: tidy[name] for sign, name in OPTION_COLUMNS.items() if tidy.get(name)}
    return tidy | {OPTION_COLUMNS[sign]: text for sign, text in tidy_options(given).items()}


def listed_values(record: QuestionRecord) -> dict[str, Any]:
    """Return texts and answers as they come back from a list: in one line, without “A. ”."""
    names = (*TEXTS, "tags", *OPTION_COLUMNS.values(), *FEEDBACK_COLUMNS.values(), *SURROUNDINGS)
    held = {name: getattr(record, name) for name in names}
    return tidied({name: text for name, stored in held.items() if (text := as_text(stored))})


def words_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the words by which one knows a question without a key: its own and its answers'."""
    return tuple(str(values.get(name, "")) for name in ("text", *OPTION_COLUMNS.values()))


def keep_same(values: dict[str, Any], known: QuestionRecord) -> None:
    """Put what the bank holds into the values that differ from it in spaces, signs or lines alone.

    A cell holds one line, and no “A. ” before an answer; the bank may hold both.
    """
    listed = listed_values(known)
    same = (name for name, text in listed.items() if values.get(name) == text)
    values |= {name: getattr(known, name) for name in same}
    if known.kind == QuestionKind.NUMBER:
        _keep_same_numbers(values, known)


def _keep_same_numbers(values: dict[str, Any], known: QuestionRecord) -> None:
    """Put the numbers of the bank where the list has the same ones, written in another way."""
    listed = {name: str(values[name]) for name in OPTION_COLUMNS.values() if values.get(name)}
    held = {OPTION_COLUMNS[sign]: text for sign, text in known.offered.items()}
    if listed.keys() == held.keys() and are_same_numbers([*listed.values()], [*held.values()]):
        values |= held


def file_name(picture: AbstractImage) -> str:
    """Return the name of the file of a picture: what a list calls it by."""
    return Path(picture.file.name).name


def kind_meant(cell: str) -> str:
    """Return the kind that a cell names, "" for none that is known."""
    return _KINDS.get(fold(cell), "")


def difficulty_meant(cell: str) -> str:
    """Return the difficulty that a cell names, "" for none that is known."""
    return _DIFFICULTIES.get(fold(cell), "")


_DIFFICULTIES: Final = {
    fold(words): difficulty.value
    for difficulty, named in {
        Difficulty.EASY: ("Dễ", "Nhận biết", "Easy"),
        Difficulty.MEDIUM: ("Trung bình", "Vừa", "Thông hiểu", "Medium"),
        Difficulty.HARD: ("Khó", "Vận dụng", "Hard", "Difficult"),
    }.items()
    for words in named
}
_KINDS: Final = {
    fold(words): kind.value
    for kind, named in {
        QuestionKind.SINGLE: (
            "Một phương án đúng",
            "Một đáp án đúng",
            "Một đáp án",
            "Chọn một",
            "One correct answer",
        ),
        QuestionKind.MULTIPLE: (
            "Nhiều phương án đúng",
            "Nhiều đáp án đúng",
            "Nhiều đáp án",
            "Chọn nhiều",
            "Several correct answers",
        ),
        QuestionKind.TRUE_FALSE: (
            "Đúng hay sai",
            "Đúng/Sai",
            "Đúng - Sai",
            "Đúng sai",
            "True or false",
        ),
        QuestionKind.MATCHING: ("Ghép cặp", "Ghép đôi", "Nối", "Nối cột", "Matching"),
        QuestionKind.ORDERING: ("Sắp xếp thứ tự", "Sắp xếp", "Put in order", "Ordering"),
        QuestionKind.NUMBER: ("Điền số", "Số", "Number", "Numerical"),
        QuestionKind.SHORT_TEXT: (
            "Trả lời ngắn",
            "Điền từ",
            "Điền khuyết",
            "Short text",
            "Short answer",
        ),
    }.items()
    for words in (*named, kind.value, kind.value.replace("_", " "))
}

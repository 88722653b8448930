"""Questions with their answers, as a list that is imported."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.question_import import (
    ListedQuestion,
    kind_of,
    take_back_questions,
    write_questions,
)
from courses.domain.questions import check_options
from courses.models import Question, QuestionOption, Quiz
from courses.permissions import AUTHORS
from lms.accounts.models import User
from lms.core.change_journal import Change
from lms.core.text import fold
from lms.importing.extensions import ImportKind
from lms.spreadsheets.import_rows import (
    ImportColumn,
    PlannedRow,
    RefusalOnRow,
    RowResource,
    SheetRow,
)

_OPTIONS = "abcdef"
_CELLS = ("text", "explanation", "source", "as_of")
_LONGEST = {"key": 40, "source": 500, "as_of": 60} | {f"option_{sign}": 500 for sign in _OPTIONS}
_NEEDED = {
    "text": gettext_lazy("The question is missing."),
    "explanation": gettext_lazy("The explanation is missing."),
    "source": gettext_lazy("The source of the fact is missing."),
    "as_of": gettext_lazy("Please give the date to which the fact refers."),
}


@dataclass
class QuestionRecord:
    """A question as the register or the list has it; `answers` in words, for the comparison."""

    pk: int | None = None
    key: str = ""
    text: str = ""
    option_a: str = ""
    option_b: str = ""
    option_c: str = ""
    option_d: str = ""
    option_e: str = ""
    option_f: str = ""
    right: str = ""
    explanation: str = ""
    source: str = ""
    as_of: str = ""
    module: str = ""

    def __deepcopy__(self, _memo: Any) -> "QuestionRecord":
        return replace(self)

    def __str__(self) -> str:
        return self.key

    def options(self) -> tuple[tuple[str, bool], ...]:
        """Return the answers on offer, each with whether it is right."""
        offered = [(sign, getattr(self, f"option_{sign}")) for sign in _OPTIONS]
        return tuple((text, sign in self.right.lower()) for sign, text in offered if text)


def _option(sign: str) -> ImportColumn:
    return ImportColumn(
        f"option_{sign}",
        {
            "a": gettext_lazy("Answer A"),
            "b": gettext_lazy("Answer B"),
            "c": gettext_lazy("Answer C"),
            "d": gettext_lazy("Answer D"),
            "e": gettext_lazy("Answer E"),
            "f": gettext_lazy("Answer F"),
        }[sign],
        aliases=(
            f"Phương án {sign}",
            f"Đáp án {sign}",
            f"Lựa chọn {sign}",
            f"Trả lời {sign}",
            sign,
        ),
    )


class QuestionResource(RowResource):
    """Each row is a question, known by its key; answers of a known one are never changed."""

    key = ImportColumn(
        "key", gettext_lazy("Question key"), aliases=("Mã câu hỏi", "Mã câu"), required=True
    )
    text = ImportColumn(
        "text", gettext_lazy("Question"), aliases=("Câu hỏi", "Nội dung câu hỏi"), required=True
    )
    option_a = _option("a")
    option_b = _option("b")
    option_c = _option("c")
    option_d = _option("d")
    option_e = _option("e")
    option_f = _option("f")
    right = ImportColumn(
        "right",
        gettext_lazy("Correct answers"),
        aliases=("Đáp án đúng", "Đáp án", "Phương án đúng", "Trả lời đúng"),
    )
    explanation = ImportColumn(
        "explanation", gettext_lazy("Explanation"), aliases=("Giải thích", "Giải thích đáp án")
    )
    source = ImportColumn(
        "source", gettext_lazy("Source"), aliases=("Nguồn", "Căn cứ", "Trích nguồn")
    )
    as_of = ImportColumn(
        "as_of",
        gettext_lazy("The fact holds as of"),
        aliases=("Thời điểm", "Tính đến", "Năm áp dụng"),
    )
    module = ImportColumn(
        "module", gettext_lazy("Module"), aliases=("Chuyên đề", "Mã chuyên đề", "Bài", "Mô đun")
    )

    def __init__(self, *, by: User, day: date, edition_id: int | None) -> None:
        super().__init__(by=by, day=day, edition_id=edition_id)
        self._known: dict[str, QuestionRecord] = {}
        self._taken: dict[str, int] = {}
        self._quizzes: dict[str, list[int]] = {}
        for pk, code, title in Quiz.objects.visible_to(by).values_list(
            "pk", "module__code", "module__title"
        ):
            for name in {fold(code), fold(title)}:
                self._quizzes.setdefault(name, []).append(pk)

    @classmethod
    def candidate_scope(cls, by: User) -> QuerySet[Any]:
        # Nobody is meant by a question.
        return User.objects.none()

    def load(self, rows: Sequence[SheetRow]) -> None:
        keys = {_key(row) for row in rows}
        questions = Question.objects.visible_to(self.by).filter(key__in=keys)
        self._known = {
            one.key: QuestionRecord(
                one.pk, one.key, **{name: getattr(one, name) for name in _CELLS}
            )
            for one in questions
        }
        by_pk = {record.pk: record for record in self._known.values()}
        offered: dict[int, int] = {}
        options = QuestionOption.objects.filter(question__in=by_pk).order_by("sort_order", "pk")
        for option in options:
            place = offered.setdefault(option.question_id, 0)
            offered[option.question_id] += 1
            if place < len(_OPTIONS):
                sign, record = _OPTIONS[place], by_pk[option.question_id]
                setattr(record, f"option_{sign}", option.text)
                record.right += sign.upper() if option.is_correct else ""

    def find(self, row: SheetRow) -> QuestionRecord | None:
        row.values["right"] = _signs(str(row.values.get("right", "")))
        known = self._known.get(_key(row))
        if known is None:
            return None
        found = replace(known)
        # The place in a quiz is said once, when the question is new.
        found.module = str(row.values.get("module", ""))
        return found

    def init_instance(self, row: Any = None) -> QuestionRecord:
        return QuestionRecord()

    def check(self, row: SheetRow, record: QuestionRecord, original: QuestionRecord) -> None:
        for name, most in _LONGEST.items():
            if len(getattr(record, name)) > most:
                row.refuse(
                    name, _("This is too long: %(most)s characters at most.") % {"most": str(most)}
                )
        if re.fullmatch(r"[A-Za-z0-9_-]+", record.key) is None:
            row.refuse("key", _("A key consists of letters, digits and hyphens, such as M01-Q01."))
        if record.key in self._taken:
            number = str(self._taken[record.key])
            row.refuse("key", _("Same as row %(number)s.") % {"number": number})
        if record.pk is None:
            self._check_new(row, record)
        elif (record.options(), record.right) != (original.options(), original.right):
            row.refuse(
                "right",
                _("People have already chosen answers of this question: change them by hand."),
            )

    def claim(self, row: SheetRow, record: QuestionRecord) -> None:
        self._taken[record.key] = row.number

    def write(self, planned: Sequence[PlannedRow]) -> dict[int, list[Change]]:
        return write_questions(rows=[self._listed(plan) for plan in planned])

    @classmethod
    def take_back(cls, *, written: Sequence[Change], by: User) -> dict[int, str]:
        return take_back_questions(written=written)

    def _check_new(self, row: SheetRow, record: QuestionRecord) -> None:
        for name, sentence in _NEEDED.items():
            if not getattr(record, name):
                row.refuse(name, str(sentence))
        options = record.options()
        missing = [sign for sign in record.right.lower() if not getattr(record, f"option_{sign}")]
        if missing:
            row.refuse("right", _("There is no answer %(sign)s.") % {"sign": missing[0].upper()})
        with RefusalOnRow(row, "right"):
            check_options(kind=kind_of(options), rights=[right for _text, right in options])
        if record.module and len(self._quizzes.get(fold(record.module), [])) != 1:
            row.refuse("module", _("There is no such module with a quiz, or there are several."))

    def _listed(self, plan: PlannedRow) -> ListedQuestion:
        record: QuestionRecord = plan.instance
        quizzes = self._quizzes.get(fold(record.module), []) if record.module else []
        return ListedQuestion(
            number=plan.row.number,
            key=record.key,
            cells={name: getattr(record, name) for name in _CELLS},
            options=record.options(),
            question_id=record.pk,
            quiz_id=quizzes[0] if quizzes else None,
        )


def _key(row: SheetRow) -> str:
    return str(row.values.get("key", ""))


def _signs(text: str) -> str:
    """Read “A, C” and “a và c” as “AC”; numbers count from A."""
    words = re.findall(r"[a-f]+|[1-6]", fold(text).replace("va", " ").replace("dap an", " "))
    signs = [_OPTIONS[int(word) - 1] if word.isdigit() else word for word in words]
    return "".join(sorted(set("".join(signs)))).upper()


QUESTIONS = ImportKind(
    key="questions",
    label=gettext_lazy("Questions of the bank"),
    order=300,
    help=gettext_lazy(
        "One row for each question: its key, the question, the answers A to F, which of them are "
        "correct, the explanation, the source and its date; if a module is given, the question "
        "is added at the end of that module's quiz."
    ),
    roles=AUTHORS,
    resource_class=QuestionResource,
)

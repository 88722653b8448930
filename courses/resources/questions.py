"""Questions with their answers, as a list that is imported."""

import re
from collections import ChainMap
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.question_cells import could_mean_another, is_true_or_false, read_right
from courses.domain.question_import import (
    ListedQuestion,
    kind_of,
    take_back_questions,
    write_questions,
)
from courses.domain.question_options import WrittenOption, check_options
from courses.domain.question_rights import not_yours_to_publish
from courses.domain.questions import defaults_of_lesson, free_key, why_held
from courses.enums import CHOICE_KINDS, Difficulty, QuestionKind
from courses.models import Question
from courses.permissions import AUTHORS
from courses.resources.gift_reading import GIFT
from courses.resources.question_columns import QuestionColumns
from courses.resources.question_places import QuestionPlaces
from courses.resources.question_records import (
    FEEDBACK_COLUMNS,
    FETCHED,
    OPTION_COLUMNS,
    SURROUNDINGS,
    TEXTS,
    QuestionRecord,
    difficulty_meant,
    keep_same,
    kind_meant,
    listed_values,
    record_of,
    tidied,
    words_of,
)
from lms.accounts.models import User
from lms.core.change_journal import Change
from lms.importing.extensions import ImportKind
from lms.spreadsheets.import_rows import PlannedRow, RefusalOnRow, SheetRow

_LONGEST = (
    {"key": 40, "source": 500, "as_of": 60, "picture_alt": 300, "tags": 200}
    | dict.fromkeys(OPTION_COLUMNS.values(), 500)
    | dict.fromkeys(FEEDBACK_COLUMNS.values(), 500)
)
_CAN_FOLLOW = {
    "explanation": gettext_lazy("the explanation"),
    "source": gettext_lazy("the source"),
    "as_of": gettext_lazy("the date to which the fact refers"),
}
#: Begins the proposed keys of questions without a module: câu hỏi.
_NO_MODULE = "CH"


class QuestionResource(QuestionColumns):
    """Each row is a question, known by its key, without one by its words; the answers of a known
    one are never changed.
    """

    def __init__(self, *, by: User, day: date, edition_id: int | None) -> None:
        super().__init__(by=by, day=day, edition_id=edition_id)
        self._known: dict[str, QuestionRecord] = {}
        self._worded: dict[tuple[str, ...], QuestionRecord] = {}
        #: Why a list may not change a known question now, by its id.
        self._held: dict[int, str] = {}
        self._taken: dict[str, int] = {}
        self._taken_words: dict[tuple[str, ...], int] = {}
        self._bank: dict[str, int] = {}
        #: The last number that was taken, by what stands before it.
        self._last: dict[str, int] = {}
        self._places = QuestionPlaces(by)

    @classmethod
    def candidate_scope(cls, by: User) -> QuerySet[Any]:
        # Nobody is meant by a question.
        return User.objects.none()

    def load(self, rows: Sequence[SheetRow]) -> None:
        for row in rows:
            row.values = tidied(row.values)
        keys = {_key(row) for row in rows} - {""}
        nameless = [row for row in rows if not _key(row)]
        if nameless and not self._bank:
            self._bank = dict.fromkeys(Question.objects.values_list(Lower("key"), flat=True), 0)
        texts = {row.values.get("text", "") for row in nameless}
        found = (
            Question.objects.visible_to(self.by)
            .annotate(small_key=Lower("key"))
            .filter(Q(small_key__in=keys) | Q(text__in=texts))
            .select_related("locked_by")
            .prefetch_related(*FETCHED)
        )
        mine = Question.objects.publishable_by(self.by).filter(pk__in=[one.pk for one in found])
        own = set(mine.values_list("pk", flat=True))
        self._held = {
            question.pk: why_held(question=question, by=self.by)
            if question.pk in own
            else not_yours_to_publish()
            for question in found
        }
        records = [record_of(question) for question in found]
        self._known = {record.key.lower(): record for record in records}
        self._worded = {words_of(listed_values(record)): record for record in records}

    def find(self, row: SheetRow) -> QuestionRecord | None:
        values = row.values
        known = self._known.get(_key(row)) if _key(row) else self._worded.get(words_of(values))
        self._read_kind(row)
        _read_difficulty(row)
        if known is None:
            self._propose_key(row)
        else:
            keep_same(values, known)
            values["key"] = known.key
        self._read_right(row, known)
        if known is None:
            self._add_what_the_lesson_says(row)
            return None
        # The place in a quiz and in a course is said once, when the question is new.
        module, lesson = str(values.get("module", "")), str(values.get("lesson", ""))
        return replace(known, module=module, lesson=lesson)

    def init_instance(self, row: Any = None) -> QuestionRecord:
        return QuestionRecord()

    def check(self, row: SheetRow, record: QuestionRecord, original: QuestionRecord) -> None:
        for name, most in _LONGEST.items():
            if len(getattr(record, name)) > most:
                row.refuse(
                    name,
                    "too_long",
                    _("This is too long: %(most)s characters at most.") % {"most": str(most)},
                )
        if "text" in row.errors:
            # It cannot be taken in at all, and the reason is said.
            return
        if re.fullmatch(r"[A-Za-z0-9_-]+", record.key) is None:
            row.refuse(
                "key",
                "key_wrong",
                _("A key consists of letters, digits and hyphens, such as M01-Q01."),
            )
        if record.key.lower() in self._taken:
            number = str(self._taken[record.key.lower()])
            row.refuse("key", "same_row", _("Same as row %(number)s.") % {"number": number})
        if record.pk is None:
            self._check_new(row, record)
        else:
            _refuse_changes(row, record, original)
            if record != original and self._held.get(record.pk):
                row.refuse("key", "held", self._held[record.pk])

    def claim(self, row: SheetRow, record: QuestionRecord) -> None:
        self._taken[record.key.lower()] = row.number
        if numbered := re.fullmatch(r"(.*?)(\d+)", record.key.lower()):
            self._last[numbered[1]] = int(numbered[2])
        self._taken_words[words_of(listed_values(record))] = row.number

    def write(self, planned: Sequence[PlannedRow]) -> dict[int, list[Change]]:
        rows = [self._listed(plan) for plan in planned]
        return write_questions(rows=rows, by=self.by, at=timezone.now())

    @classmethod
    def take_back(cls, *, written: Sequence[Change], by: User) -> dict[int, str]:
        return take_back_questions(written=written, by=by, at=timezone.now())

    def _read_kind(self, row: SheetRow) -> None:
        cell = str(row.values.pop("kind", ""))
        meant = kind_meant(cell)
        if meant:
            row.values["kind"] = meant
            label = str(QuestionKind(meant).label)
            if label != cell:
                # GIFT tells it in a word for the machine.
                row.notes["kind"] = label
        elif cell:
            row.warn(
                "kind",
                _("“%(kind)s” is no kind of question here; the correct answers tell the kind.")
                % {"kind": cell},
            )

    def _read_right(self, row: SheetRow, known: QuestionRecord | None) -> None:
        """Read which answers are right, and say it in their own words."""
        cell = str(row.values.pop("right", ""))
        kind = str(row.values.get("kind", known.kind if known else ""))
        if kind not in ("", *CHOICE_KINDS):
            _read_accepted(row, cell, kind)
            return
        offered = dict(known.offered) if known else {}
        offered |= {
            sign: str(row.values[name])
            for sign, name in OPTION_COLUMNS.items()
            if row.values.get(name)
        }
        if not cell:
            return
        with RefusalOnRow(row, "right"):
            signs = read_right(cell, offered)
            row.values["right"] = signs
            texts = "; ".join(f"“{offered[sign]}”" for sign in signs)
            row.notes["right"] = _("Correct: %(answers)s") % {"answers": texts}
            if could_mean_another(cell, offered):
                row.warn(
                    "right",
                    _(
                        "The cell could also mean another answer, by its letter or by its words: "
                        "please check."
                    ),
                )

    def _add_what_the_lesson_says(self, row: SheetRow) -> None:
        lesson = self._places.lesson(row.values)
        for name, text in defaults_of_lesson(lesson=lesson).items() if lesson else ():
            if text and not row.values.get(name):
                row.values[name] = text
                row.notes[name] = _("From the lesson: %(text)s") % {"text": text}

    def _propose_key(self, row: SheetRow) -> None:
        """Give a row without a key the next one of its module that nobody has; `claim` takes it."""
        if row.values.get("key"):
            return
        prefix = self._places.module_code(str(row.values.get("module", ""))) or _NO_MODULE
        series = f"{prefix}-Q"
        key = free_key(
            prefix=series,
            taken=ChainMap(self._bank, self._taken),
            after=self._last.get(series.lower(), 0),
        )
        row.values["key"] = key
        row.notes["key"] = _("Gets the key %(key)s.") % {"key": key}

    def _check_new(self, row: SheetRow, record: QuestionRecord) -> None:
        if not record.text:
            row.refuse("text", "text_missing", _("The question is missing."))
        elif (twin := self._taken_words.get(words_of(listed_values(record)))) is not None:
            row.refuse("text", "same_row", _("Same as row %(number)s.") % {"number": twin})
        missing = [str(label) for name, label in _CAN_FOLLOW.items() if not getattr(record, name)]
        if missing:
            row.warn(
                "missing",
                _("Still missing, to be added in the question bank: %(parts)s.")
                % {"parts": ", ".join(missing)},
            )
        record.kind = record.kind or _kind_of(record.options())
        if "right" not in row.errors:
            with RefusalOnRow(row, "right"):
                check_options(kind=record.kind, options=record.options())
        self._places.check_picture(row, record)
        self._places.check_case(row, record)
        if record.module and self._places.quiz(record.module) is None:
            row.refuse(
                "module",
                "unknown_module",
                _("There is no such module with a quiz, or there are several."),
            )
        if record.lesson and self._places.lesson(row.values) is None:
            row.refuse(
                "lesson", "unknown_lesson", _("There is no such lesson, or there are several.")
            )
        if not self._places.may_publish(row.values):
            row.refuse("key", "not_publishable", not_yours_to_publish())

    def _more(self, record: QuestionRecord) -> dict[str, Any]:
        case = self._places.case_of(record.case)
        picture = self._places.picture_id(record.picture)
        return {
            "picture_id": picture,
            "picture_alt": record.picture_alt if picture else "",
            "case": case,
            "case_step": int(record.case_step) if case else None,
        }

    def _listed(self, plan: PlannedRow) -> ListedQuestion:
        record: QuestionRecord = plan.instance
        quiz = self._places.quiz(record.module)
        lesson = self._places.lesson({"module": record.module, "lesson": record.lesson})
        return ListedQuestion(
            number=plan.row.number,
            key=record.key,
            kind=record.kind,
            cells={name: getattr(record, name) for name in (*TEXTS, "tags")}
            | {"difficulty": record.difficulty or Difficulty.MEDIUM.value},
            options=record.options(),
            more=self._more(record),
            question_id=record.pk,
            quiz_id=quiz.pk if quiz else None,
            lesson_id=lesson.pk if lesson else None,
        )


def _key(row: SheetRow) -> str:
    return str(row.values.get("key", "")).lower()


def _read_difficulty(row: SheetRow) -> None:
    cell = str(row.values.pop("difficulty", ""))
    if meant := difficulty_meant(cell):
        row.values["difficulty"] = meant
    elif cell:
        row.warn(
            "difficulty",
            _("“%(text)s” is no difficulty here: easy, medium or hard. Left out.") % {"text": cell},
        )


def _refuse_changes(row: SheetRow, record: QuestionRecord, original: QuestionRecord) -> None:
    """Refuse what a list does not change: people have answered the question as it is."""
    if (record.options(), record.kind) != (original.options(), original.kind):
        row.refuse(
            "right",
            "answers_by_hand",
            _("A list never changes the answers of a known question: please do it by hand."),
        )
    for name in SURROUNDINGS:
        if getattr(record, name) != getattr(original, name):
            row.refuse(
                name,
                "surroundings_by_hand",
                _("A list never changes picture or case of a known question: do it by hand."),
            )


def _read_accepted(row: SheetRow, cell: str, kind: str) -> None:
    """Read a number or accepted texts that stand where others name the right answer."""
    if not cell:
        return
    has_answers = any(row.values.get(name) for name in OPTION_COLUMNS.values())
    if has_answers or kind not in (QuestionKind.NUMBER, QuestionKind.SHORT_TEXT):
        row.warn("right", _("Left out: all answers of this kind of question are right."))
        return
    texts = [text.strip() for text in cell.split(";") if text.strip()]
    row.values |= dict(zip(OPTION_COLUMNS.values(), texts, strict=False))


def _kind_of(options: tuple[WrittenOption, ...]) -> str:
    truth = is_true_or_false([one.text for one in options])
    return QuestionKind.TRUE_FALSE if truth else kind_of(options)


QUESTIONS = ImportKind(
    key="questions",
    label=gettext_lazy("Questions of the bank"),
    order=300,
    help=gettext_lazy(
        "One row for each question: the question, the answers A to H and which of them are correct, "
        "in letters, numbers or words. In a matching each answer is a pair such as “text → what belongs "
        "to it”; in an ordering the answers stand in the right order; a number may have a tolerance, "
        "such as “1,5 ± 0,5”. Key, explanation, source and its date may follow later; if a "
        "module is given, the question is added at the end of that module's quiz. The list that "
        "leaves the question bank has the same columns. Questions in GIFT (Moodle) are taken in as well."
    ),
    roles=AUTHORS,
    resource_class=QuestionResource,
    text_forms=(GIFT,),
    examples=(
        {
            "text": "Số điện thoại của Tổng đài quốc gia bảo vệ trẻ em là số nào?",
            "option_a": "111",
            "option_b": "113",
            "option_c": "115",
            "right": "A",
            "explanation": "111 nhận cuộc gọi cả ngày lẫn đêm.",
        },
        {
            "text": "Ai có trách nhiệm bảo vệ trẻ em?",
            "option_a": "Gia đình",
            "option_b": "Nhà trường",
            "option_c": "Không ai trong số này",
            "right": "A, B",
            "explanation": "Bảo vệ trẻ em là trách nhiệm của mọi người.",
        },
    ),
)

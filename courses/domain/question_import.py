"""Questions of a list written to the bank at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from courses.enums import QuestionKind
from courses.models import Question, QuestionOption, Quiz, QuizAnswer, QuizQuestion
from lms.core.fields import with_derived
from lms.spreadsheets.import_rows import WrittenObject

_CELLS = ("text", "explanation", "source", "as_of")


@dataclass(frozen=True)
class ListedQuestion:
    """A question as a list has it; `options` are answer and whether it is right.

    `question_id` None: a new one, put at the end of the quiz where there is one.
    """

    number: int
    key: str
    cells: dict[str, str]
    options: tuple[tuple[str, bool], ...]
    question_id: int | None = None
    quiz_id: int | None = None


def kind_of(options: Sequence[tuple[str, bool]]) -> QuestionKind:
    several = sum(right for _text, right in options) > 1
    return QuestionKind.MULTIPLE if several else QuestionKind.SINGLE


def write_questions(*, rows: Sequence[ListedQuestion]) -> dict[int, list[WrittenObject]]:
    """Write these questions; by row number what was written. The caller holds the transaction.

    New ones with their answers, and at the end of their quiz; of known ones the changed texts
    alone: people have chosen among their answers.
    """
    written: dict[int, list[WrittenObject]] = {row.number: [] for row in rows}
    new = [row for row in rows if row.question_id is None]
    made = Question.objects.bulk_create(
        Question(key=row.key, kind=kind_of(row.options), **row.cells) for row in new
    )
    for row, question in zip(new, made, strict=True):
        fields = {name: [None, getattr(question, name)] for name in ("key", "kind", *_CELLS)}
        written[row.number].append(WrittenObject("courses.question", question.pk, True, fields))
    _add_options(new, made)
    _add_to_quizzes(new, made)
    _change([row for row in rows if row.question_id is not None], written)
    return written


def _add_options(rows: list[ListedQuestion], made: list[Question]) -> None:
    QuestionOption.objects.bulk_create(
        QuestionOption(question=question, text=text, is_correct=right, sort_order=place)
        for row, question in zip(rows, made, strict=True)
        for place, (text, right) in enumerate(row.options)
    )


def _add_to_quizzes(rows: list[ListedQuestion], made: list[Question]) -> None:
    ids = {row.quiz_id for row in rows if row.quiz_id is not None}
    # Held, so that two lists do not take the same place.
    list(Quiz.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    last: dict[int, int] = dict.fromkeys(ids, -1)
    for quiz_id, order in QuizQuestion.objects.filter(quiz__in=ids).values_list(
        "quiz", "sort_order"
    ):
        last[quiz_id] = max(last[quiz_id], order or 0)
    placed = []
    for row, question in zip(rows, made, strict=True):
        if row.quiz_id is not None:
            last[row.quiz_id] += 1
            placed.append(
                QuizQuestion(quiz_id=row.quiz_id, question=question, sort_order=last[row.quiz_id])
            )
    QuizQuestion.objects.bulk_create(placed)


def _change(rows: list[ListedQuestion], written: dict[int, list[WrittenObject]]) -> None:
    ids = [row.question_id for row in rows]
    held = Question.objects.select_for_update(no_key=True).filter(pk__in=ids)
    known = {question.pk: question for question in held}
    changed = []
    for row in rows:
        question = known[row.question_id]
        pairs: dict[str, list[Any]] = {
            name: [getattr(question, name), text]
            for name, text in row.cells.items()
            if text and text != getattr(question, name)
        }
        for name, (_old, text) in pairs.items():
            setattr(question, name, text)
        changed.append(question)
        written[row.number].append(WrittenObject("courses.question", question.pk, False, pairs))
    if changed:
        Question.objects.bulk_update(changed, with_derived(changed, set(_CELLS)), batch_size=500)


def take_back_questions(*, written: Sequence[WrittenObject]) -> dict[int, str]:
    """Undo `write_questions`; by question id why one was left.

    A new question goes with its answers and its place in quizzes, unless somebody has answered it
    or changed it since; a changed text comes back unless it was changed again.
    """
    ids = [one.pk for one in written]
    known = Question.objects.select_for_update(no_key=True).in_bulk(ids)
    answers = QuizAnswer.objects.filter(question__in=ids)
    answered = set(answers.values_list("question", flat=True).distinct())
    left: dict[int, str] = {}
    gone: list[int] = []
    restored: list[Question] = []
    for one in written:
        question = known.get(one.pk)
        if question is None or _is_changed(question, one):
            left[one.pk] = _("This question has since been changed or deleted.")
        elif one.is_new and one.pk in answered:
            left[one.pk] = _("This question has been answered in the meantime.")
        elif one.is_new:
            gone.append(one.pk)
        else:
            for name, (old, _new) in one.fields.items():
                setattr(question, name, old)
            restored.append(question)
    QuizQuestion.objects.filter(question__in=gone).delete()
    Question.objects.filter(pk__in=gone).delete()
    if restored:
        Question.objects.bulk_update(restored, with_derived(restored, set(_CELLS)), batch_size=500)
    return left


def _is_changed(question: Question, written: WrittenObject) -> bool:
    return any(getattr(question, name) != new for name, (_old, new) in written.fields.items())

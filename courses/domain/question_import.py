"""Questions of a list written to the bank at once."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from courses.domain.question_options import WrittenOption
from courses.domain.question_publishing import publish_questions
from courses.domain.questions import SORTED_BY
from courses.enums import QuestionKind
from courses.models import Question, QuestionOption, Quiz, QuizAnswer, QuizQuestion
from lms.accounts.models import User
from lms.core.change_journal import Change, record_new, set_columns
from lms.core.databases import lock_rows
from lms.core.fields import with_derived
from lms.core.take_back import take_back

# Why a question stays as a list wrote it.
ANSWERED_SINCE = gettext_lazy("This question has been answered in the meantime.")
CHANGED_SINCE = gettext_lazy("This question has since been changed or deleted.")
_CELLS = ("text", "explanation", "source", "as_of", *SORTED_BY)


@dataclass(frozen=True)
class ListedQuestion:
    """A question as a list has it. `more`: further columns of a new one.

    `question_id` None: a new one, put at the end of the quiz where there is one.
    """

    number: int
    key: str
    kind: str
    cells: dict[str, str]
    options: tuple[WrittenOption, ...]
    more: dict[str, Any] = field(default_factory=dict)
    question_id: int | None = None
    quiz_id: int | None = None
    lesson_id: int | None = None


def kind_of(options: Sequence[WrittenOption]) -> QuestionKind:
    several = sum(one.is_correct for one in options) > 1
    return QuestionKind.MULTIPLE if several else QuestionKind.SINGLE


def write_questions(
    *, rows: Sequence[ListedQuestion], by: User, at: datetime
) -> dict[int, list[Change]]:
    """Write and publish these questions; by row number what was written. The caller holds the
    transaction.

    New ones with their answers, and at the end of their quiz; of known ones the changed texts
    alone: people have chosen among their answers.
    """
    written: dict[int, list[Change]] = {row.number: [] for row in rows}
    new = [row for row in rows if row.question_id is None]
    made = Question.objects.bulk_create(
        Question(key=row.key, kind=row.kind, lesson_id=row.lesson_id, **row.cells, **row.more)
        for row in new
    )
    for row, question in zip(new, made, strict=True):
        written[row.number].append(record_new(question, ("key", "kind", *_CELLS)))
    _add_options(new, made)
    _add_to_quizzes(new, made)
    _change([row for row in rows if row.question_id is not None], written)
    changed = {change.pk for changes in written.values() for change in changes if change.fields}
    publish_questions(ids=changed, by=by, at=at)
    return written


def _add_options(rows: list[ListedQuestion], made: list[Question]) -> None:
    QuestionOption.objects.bulk_create(
        QuestionOption(question=question, sort_order=place, **asdict(option))
        for row, question in zip(rows, made, strict=True)
        for place, option in enumerate(row.options)
    )


def _add_to_quizzes(rows: list[ListedQuestion], made: list[Question]) -> None:
    ids = {row.quiz_id for row in rows if row.quiz_id is not None}
    # Held, so that two lists do not take the same place.
    lock_rows(Quiz.objects.all(), pks=ids)
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


def _change(rows: list[ListedQuestion], written: dict[int, list[Change]]) -> None:
    ids = [row.question_id for row in rows]
    known = lock_rows(Question.objects.all(), pks=ids)
    changed = []
    for row in rows:
        question = known[row.question_id]
        texts = {
            name: text
            for name, text in row.cells.items()
            if text and text != getattr(question, name)
        }
        changed.append(question)
        written[row.number].append(set_columns(question, texts))
    if changed:
        Question.objects.bulk_update(changed, with_derived(changed, set(_CELLS)), batch_size=500)


def take_back_questions(*, written: Sequence[Change], by: User, at: datetime) -> dict[int, str]:
    """Undo `write_questions`; by question id why one was left. Texts that come back are published.

    A new question goes with its answers and its place in quizzes, unless somebody has answered it
    or changed it since; a changed text comes back unless it was changed again.
    """
    left = take_back(changes=written, whole=True, owned=(QuestionOption, QuizQuestion))
    restored = {
        one.pk
        for one, reasons in zip(written, left, strict=True)
        if one.fields and not one.is_new and not reasons
    }
    publish_questions(ids=restored, by=by, at=at)
    answers = QuizAnswer.objects.filter(question__in=[one.pk for one in written if one.is_new])
    answered = set(answers.values_list("question", flat=True))
    return {
        one.pk: str(ANSWERED_SINCE if one.pk in answered else CHANGED_SINCE)
        for one, reasons in zip(written, left, strict=True)
        if reasons
    }

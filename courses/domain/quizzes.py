"""Quizzes: begun, answered, submitted, explained."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, When
from django.utils.translation import gettext as _

from courses.domain.access import require_study
from courses.domain.answer_parts import AnswerPart, parts_of
from courses.domain.completion import evaluate
from courses.domain.given_answers import check_answer, tidy
from courses.domain.judged_again import judged_again_at
from courses.domain.judging import is_right
from courses.domain.pass_mark import pass_percent
from courses.domain.quiz_pairs import check_order
from courses.domain.quiz_questions import put_questions
from courses.domain.quiz_time import deadline_of, handed_in_at, is_late, require_open
from courses.domain.quiz_tries import check_another_try
from courses.enums import CHOICE_KINDS
from courses.models import (
    CourseRun,
    EditionQuiz,
    Enrolment,
    QuestionVersion,
    Quiz,
    QuizAnswer,
    QuizAttempt,
)
from lms.core.refusal import Refusal


@dataclass(frozen=True)
class ResultLine:
    """One question of a submitted attempt as it was put, with what was answered and what counted.

    `lesson_id`: of the lesson that teaches the fact now. `judged_again_at`: when its key was
    changed afterwards and results followed.
    """

    version: QuestionVersion
    chosen: list[Any]
    typed: str
    is_correct: bool
    lesson_id: int | None
    judged_again_at: datetime | None

    @property
    def is_given(self) -> bool:
        return bool(self.chosen or self.typed)

    @property
    def is_choice(self) -> bool:
        return self.version.kind in CHOICE_KINDS

    @property
    def parts(self) -> list[AnswerPart]:
        return parts_of(version=self.version, answer=self)


@dataclass(frozen=True)
class QuizResult:
    attempt: QuizAttempt
    pass_percent: int
    lines: list[ResultLine]

    @property
    def is_passed(self) -> bool:
        return (self.attempt.percent or 0) >= self.pass_percent


def asked_quiz(*, run: CourseRun, quiz: Quiz) -> EditionQuiz | None:
    """Return the quiz as the class asks it, None when it does not; one query."""
    return EditionQuiz.objects.filter(edition=run.edition_id, quiz=quiz).first()


def start_attempt(*, enrolment: Enrolment, quiz: Quiz, at: datetime) -> QuizAttempt:
    """Begin a quiz, or go on with the attempt that is still open.

    Asked are the questions of the class's edition in their present wording; the attempt keeps them
    as they are put now. An open one whose time is over is handed in first. Raises Refusal as
    `require_study`, `check_another_try` and `check_order`, and `quiz_not_in_run`.
    """
    require_study(enrolment)
    open_attempts = QuizAttempt.objects.filter(enrolment=enrolment, quiz=quiz, submitted_at=None)
    for attempt in open_attempts:
        # Not under the lock of the enrolment: handing in takes that of the attempt first.
        close_when_late(attempt=attempt, at=at)
    return _begin_or_go_on(enrolment, quiz, at)


@transaction.atomic
def _begin_or_go_on(enrolment: Enrolment, quiz: Quiz, at: datetime) -> QuizAttempt:
    # Held, so that two taps begin one attempt.
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    attempts = QuizAttempt.objects.filter(enrolment=enrolment, quiz=quiz)
    open_attempt = attempts.filter(submitted_at__isnull=True).first()
    if open_attempt is not None:
        return open_attempt
    asked = asked_quiz(run=enrolment.run, quiz=quiz)
    if asked is None:
        raise Refusal("quiz_not_in_run", _("This quiz is not part of your class."))
    last = attempts.select_related("enrolment__run").last()
    check_another_try(last=last, asked=asked, at=at)
    check_order(enrolment=enrolment, asked=asked)
    attempt = QuizAttempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        number=last.number + 1 if last else 1,
        started_at=at,
        deadline=deadline_of(asked=asked, at=at),
    )
    put_questions(attempt=attempt, asked=asked, at=at)
    return attempt


def answers_of(*, attempt: QuizAttempt) -> list[QuizAnswer]:
    """Return the questions of an attempt in their order, as they were put; one query."""
    return list(attempt.answers.select_related("version__picture").order_by("position", "pk"))


@transaction.atomic
def answer_question(
    *,
    attempt: QuizAttempt,
    question_id: int,
    chosen: Collection[Any] = (),
    typed: str = "",
    at: datetime,
) -> QuizAnswer:
    """Keep what was answered to a question; a second answer replaces the first.

    Whether it is right is told on submission only. Raises Refusal as `require_open`, and
    `question_not_in_quiz`, `answer_empty`, `answer_foreign` or `answer_not_single`.
    """
    require_open(attempt=_locked(attempt), at=at)
    put = attempt.answers.filter(question=question_id).select_related("version").first()
    if put is None:
        raise Refusal("question_not_in_quiz", _("This question is not part of the quiz."))
    given = tidy(version=put.version, chosen=chosen, typed=typed)
    check_answer(version=put.version, answer=given)
    put.chosen, put.typed, put.answered_at = given.chosen, given.typed, at
    put.save(update_fields=["chosen", "typed", "answered_at"])
    return put


@transaction.atomic
def submit_attempt(*, attempt: QuizAttempt, at: datetime) -> QuizAttempt:
    """Score an attempt and evaluate the enrolment. A repeat returns the first result.

    A question without an answer is wrong. Who began while the class was open may still hand in.
    """
    locked = _locked(attempt)
    if locked.submitted_at is not None:
        return locked
    answers = list(locked.answers.select_related("version"))
    right = [one.pk for one in answers if is_right(version=one.version, answer=one)]
    # Not `bulk_update`, which builds an expression for each answer: a class hands in at once.
    locked.answers.update(is_correct=Case(When(pk__in=right, then=True), default=False))
    locked.score = len(right)
    locked.max_score = len(answers)
    locked.percent = percent_of(score=locked.score, max_score=locked.max_score)
    locked.submitted_at = handed_in_at(attempt=locked, at=at)
    locked.save(update_fields=["score", "max_score", "percent", "submitted_at"])
    evaluate(enrolment_id=locked.enrolment_id, at=at)
    return locked


def close_when_late(*, attempt: QuizAttempt, at: datetime) -> QuizAttempt:
    """Hand in an open attempt whose time is over, with what was answered in time; return it as it
    is now.
    """
    if attempt.submitted_at is None and is_late(attempt=attempt, at=at):
        return submit_attempt(attempt=attempt, at=at)
    return attempt


def percent_of(*, score: int, max_score: int) -> int:
    """Return whole percent, rounded down: 49.9 % does not pass a mark of 50."""
    return score * 100 // max_score if max_score else 0


def result_of(*, attempt: QuizAttempt) -> QuizResult:
    """Return a submitted attempt, question by question, as it was put.

    Raises Refusal `attempt_open`: an open attempt tells nobody what is right.
    """
    if attempt.submitted_at is None:
        raise Refusal("attempt_open", _("This quiz has not been handed in yet."))
    # An answer that was never judged is to a question that left the quiz before submission.
    judged = attempt.answers.filter(is_correct__isnull=False)
    lines = judged.select_related("version__picture", "question").order_by("position", "pk")
    # Their sizes in one query, not in one for each.
    answers = list(lines.prefetch_related("version__picture__renditions"))
    again = judged_again_at(
        questions=[answer.question_id for answer in answers], since=attempt.submitted_at
    )
    return QuizResult(
        attempt=attempt,
        pass_percent=pass_percent(run=attempt.enrolment.run),
        lines=[
            ResultLine(
                version=answer.version,
                chosen=answer.chosen,
                typed=answer.typed,
                is_correct=bool(answer.is_correct),
                lesson_id=answer.question.lesson_id,
                judged_again_at=again.get(answer.question_id),
            )
            for answer in answers
        ],
    )


def _locked(attempt: QuizAttempt) -> QuizAttempt:
    return QuizAttempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)

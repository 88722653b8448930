"""Quizzes: begun, answered, submitted, explained."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from courses.domain.access import require_study
from courses.domain.completion import evaluate
from courses.domain.runs import requirements_in_force
from courses.enums import QuestionKind
from courses.models import (
    CourseRun,
    EditionQuiz,
    Enrolment,
    Question,
    QuestionOption,
    Quiz,
    QuizAnswer,
    QuizAttempt,
    QuizQuestion,
)
from lms.core.refusal import Refusal

# The key of the criterion whose parameter `pass_percent` is the pass mark.
QUIZZES_KEY = "quizzes"
# 5 of 10 points, customary in Vietnamese training rules; a setting of each class.
DEFAULT_PASS_PERCENT = 50


@dataclass(frozen=True)
class ResultLine:
    """One question of a submitted attempt with what was chosen and what is right."""

    question: Question
    options: list[QuestionOption]
    chosen: list[QuestionOption]
    correct: list[QuestionOption]
    is_correct: bool
    explanation: str
    source: str


@dataclass(frozen=True)
class QuizResult:
    attempt: QuizAttempt
    pass_percent: int
    lines: list[ResultLine]

    @property
    def is_passed(self) -> bool:
        return (self.attempt.percent or 0) >= self.pass_percent


def pass_percent(*, run: CourseRun) -> int:
    """Return the share of right answers, in percent, that passes a quiz in this class;
    one query.
    """
    for row in requirements_in_force(run=run):
        if row.criterion == QUIZZES_KEY:
            return int(row.params.get("pass_percent", DEFAULT_PASS_PERCENT))
    return DEFAULT_PASS_PERCENT


def questions_of(*, quiz: Quiz) -> list[Question]:
    """Return the questions of a quiz in their order, with their options; two queries."""
    questions = Question.objects.filter(in_quizzes__quiz=quiz)
    return list(questions.order_by("in_quizzes__sort_order", "pk").prefetch_related("options"))


@transaction.atomic
def start_attempt(*, enrolment: Enrolment, quiz: Quiz, at: datetime) -> QuizAttempt:
    """Begin a quiz, or go on with the attempt that is still open.

    Raises Refusal as `require_study`, and `quiz_not_in_run` or `attempts_used_up`.
    """
    require_study(enrolment)
    # Held, so that two taps begin one attempt.
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    attempts = QuizAttempt.objects.filter(enrolment=enrolment, quiz=quiz)
    open_attempt = attempts.filter(submitted_at__isnull=True).first()
    if open_attempt is not None:
        return open_attempt
    asked = EditionQuiz.objects.filter(edition=enrolment.run.edition_id, quiz=quiz).first()
    if asked is None:
        raise Refusal("quiz_not_in_run", _("This quiz is not part of your class."))
    used = attempts.aggregate(last=Max("number"))["last"] or 0
    if asked.max_attempts and used >= asked.max_attempts:
        raise Refusal(
            "attempts_used_up",
            _("You have used all %(count)d attempts of this quiz.") % {"count": asked.max_attempts},
        )
    return QuizAttempt.objects.create(
        enrolment=enrolment, quiz=quiz, number=used + 1, started_at=at
    )


@transaction.atomic
def answer_question(
    *, attempt: QuizAttempt, question: Question, option_ids: Collection[int], at: datetime
) -> QuizAnswer:
    """Keep what was chosen for a question; a second answer replaces the first.

    Whether it is right is told on submission only. Raises Refusal `attempt_submitted`,
    `question_not_in_quiz`, `answer_empty`, `answer_foreign` or `answer_not_single`.
    """
    if _locked(attempt).submitted_at is not None:
        raise Refusal(
            "attempt_submitted",
            _("This quiz has been handed in; its answers can no longer be changed."),
        )
    chosen = sorted(set(option_ids))
    _check_answer(attempt=attempt, question=question, chosen=chosen)
    answer, _created = QuizAnswer.objects.update_or_create(
        attempt=attempt, question=question, defaults={"chosen": chosen, "answered_at": at}
    )
    return answer


@transaction.atomic
def submit_attempt(*, attempt: QuizAttempt, at: datetime) -> QuizAttempt:
    """Score an attempt and evaluate the enrolment. A repeat returns the first result.

    A question without an answer is wrong; a question with several right answers is right
    when exactly those were chosen. Who began while the class was open may still hand in.
    """
    locked = _locked(attempt)
    if locked.submitted_at is not None:
        return locked
    questions = questions_of(quiz=locked.quiz)
    answers = {answer.question_id: answer for answer in locked.answers.all()}
    unanswered = [
        QuizAnswer(attempt=locked, question=question, chosen=[], answered_at=at)
        for question in questions
        if question.pk not in answers
    ]
    answers |= {answer.question_id: answer for answer in unanswered}
    for question in questions:
        answer = answers[question.pk]
        answer.is_correct = is_right(question=question, option_ids=answer.chosen)
    QuizAnswer.objects.bulk_update([a for a in answers.values() if a.pk], ["is_correct"])
    # Kept as well, so that the attempt says what was asked, whatever becomes of the quiz.
    QuizAnswer.objects.bulk_create(unanswered)
    locked.score = sum(bool(answers[question.pk].is_correct) for question in questions)
    locked.max_score = len(questions)
    locked.percent = percent_of(score=locked.score, max_score=locked.max_score)
    locked.submitted_at = at
    locked.save(update_fields=["score", "max_score", "percent", "submitted_at"])
    evaluate(enrolment_id=locked.enrolment_id, at=at)
    return locked


def is_right(*, question: Question, option_ids: Collection[int]) -> bool:
    """Return whether exactly the right options were chosen."""
    correct = {option.pk for option in question.options.all() if option.is_correct}
    return bool(correct) and set(option_ids) == correct


def percent_of(*, score: int, max_score: int) -> int:
    """Return whole percent, rounded down: 49.9 % does not pass a mark of 50."""
    return score * 100 // max_score if max_score else 0


def result_of(*, attempt: QuizAttempt) -> QuizResult:
    """Return a submitted attempt, question by question, in the order of the quiz.

    Raises Refusal `attempt_open`: an open attempt tells nobody what is right.
    """
    if attempt.submitted_at is None:
        raise Refusal("attempt_open", _("This quiz has not been handed in yet."))
    in_order = QuizQuestion.objects.filter(quiz=attempt.quiz_id).values_list("question", flat=True)
    place = {question_id: number for number, question_id in enumerate(in_order)}
    # An answer that was never judged is to a question that left the quiz before submission.
    judged = attempt.answers.filter(is_correct__isnull=False)
    answers = sorted(
        judged.select_related("question").prefetch_related("question__options"),
        key=lambda answer: (place.get(answer.question_id, len(place)), answer.pk),
    )
    return QuizResult(
        attempt=attempt,
        pass_percent=pass_percent(run=attempt.enrolment.run),
        lines=[_line_of(answer) for answer in answers],
    )


def _line_of(answer: QuizAnswer) -> ResultLine:
    question = answer.question
    options = list(question.options.all())
    return ResultLine(
        question=question,
        options=options,
        chosen=[option for option in options if option.pk in answer.chosen],
        correct=[option for option in options if option.is_correct],
        is_correct=bool(answer.is_correct),
        explanation=question.explanation,
        source=question.source,
    )


def _locked(attempt: QuizAttempt) -> QuizAttempt:
    attempts = QuizAttempt.objects.select_for_update(no_key=True, of=("self",))
    return attempts.select_related("quiz").get(pk=attempt.pk)


def _check_answer(*, attempt: QuizAttempt, question: Question, chosen: list[int]) -> None:
    if not attempt.quiz.quiz_questions.filter(question=question).exists():
        raise Refusal("question_not_in_quiz", _("This question is not part of the quiz."))
    if not chosen:
        raise Refusal("answer_empty", _("Choose an answer first."))
    options = {option.pk for option in question.options.all()}
    if not options.issuperset(chosen):
        raise Refusal("answer_foreign", _("This answer does not belong to the question."))
    if question.kind != QuestionKind.MULTIPLE and len(chosen) > 1:
        raise Refusal("answer_not_single", _("Only one answer can be chosen here."))

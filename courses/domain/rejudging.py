"""The key of a question changes after people have answered: old results stay, or are judged again.

The one place that changes what was right: as a decision with a note, after a look at its effect.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from courses.domain.completion import Effect, effect_of, evaluate_many
from courses.domain.given_answers import fits
from courses.domain.judged_again import REJUDGED
from courses.domain.judging import is_right, key_of
from courses.domain.question_versions import options_of, versions_of
from courses.domain.quizzes import percent_of
from courses.models import (
    CourseRun,
    Enrolment,
    Question,
    QuestionVersion,
    QuizAnswer,
    QuizAttempt,
)
from lms.accounts.models import User
from lms.core.refusal import Refusal


@dataclass(frozen=True)
class RejudgingPreview:
    """What judging again would do. `people`: who answered, whatever it changes for them."""

    people: int
    now_right: int
    now_wrong: int
    effect: Effect


def key_as_stored(question: Question) -> object:
    """Return what decides which answers are right, before a form is saved; two queries."""
    fresh = Question.objects.prefetch_related("options").get(pk=question.pk)
    return key_of(fresh.kind, options_of(fresh))


def people_who_answered(question: Question) -> int:
    """Return how many people have handed in a quiz with this question."""
    handed_in = QuizAttempt.objects.submitted().filter(answers__question=question)
    return Enrolment.objects.filter(quiz_attempts__in=handed_in).values("user").distinct().count()


def preview_rejudging(*, question: Question, at: datetime) -> RejudgingPreview:
    """Return what `rejudge_answers` would do with the question as it is stored; writes nothing."""
    with transaction.atomic():
        changed = _rejudge(question, at)
        completing: list[int] = []
        losing: list[int] = []
        for run, ids in _by_run(changed):
            effect = effect_of(run=run)
            completing += [pk for pk in effect.completing if pk in ids]
            losing += [pk for pk in effect.losing if pk in ids]
        transaction.set_rollback(True)
    return RejudgingPreview(
        people=people_who_answered(question),
        now_right=sum(bool(answer.is_correct) for answer in changed),
        now_wrong=sum(not answer.is_correct for answer in changed),
        effect=Effect(completing=completing, losing=losing),
    )


@transaction.atomic
def rejudge_answers(*, question: Question, note: str, by: User | None, at: datetime) -> int:
    """Judge every answer to a question by its present key; return how many results changed.

    Answers get the present version, attempts their new score, and completions follow. The log of
    the question keeps the note and, for each answer that changed, the result it had. Attempts that
    are still open go on with the present version where what was answered still fits it. Raises
    Refusal `note_missing`.
    """
    if not note.strip():
        raise Refusal("note_missing", _("Please say why old results change."), field="note")
    before = dict(QuizAnswer.objects.filter(question=question).values_list("pk", "version__number"))
    changed = _rejudge(question, at)
    data = {
        "note": note.strip(),
        "right": sum(bool(answer.is_correct) for answer in changed),
        "wrong": sum(not answer.is_correct for answer in changed),
        # Answer, version put, and whether it was right then.
        "before": [[one.pk, before[one.pk], not one.is_correct] for one in changed],
    }
    log(question, REJUDGED, user=by, timestamp=at, data=data)
    for run, ids in _by_run(changed):
        evaluate_many(run=run, enrolment_ids=ids, at=at)
    return len(changed)


def _rejudge(question: Question, at: datetime) -> list[QuizAnswer]:
    """Write the new results; return the answers whose result is another, with their attempts."""
    attempts = QuizAttempt.objects.filter(answers__question=question).order_by("pk")
    held = {one.pk: one for one in attempts.select_for_update(no_key=True, of=("self",))}
    fresh = Question.objects.select_related("case").prefetch_related("options").get(pk=question.pk)
    version = versions_of(questions=[fresh], at=at)[question.pk]
    answers = list(QuizAnswer.objects.filter(question=question, attempt__in=held).order_by("pk"))
    changed = []
    for answer in answers:
        answer.attempt = held[answer.attempt_id]
        if answer.attempt.submitted_at is None:
            _go_on_with(version, answer)
            continue
        was_right = bool(answer.is_correct)
        answer.version = version
        answer.is_correct = is_right(version=version, answer=answer)
        if answer.is_correct != was_right:
            changed.append(answer)
    QuizAnswer.objects.bulk_update(answers, ["version", "is_correct"], batch_size=500)
    _score_again(changed)
    return changed


def _go_on_with(version: QuestionVersion, answer: QuizAnswer) -> None:
    if fits(version=version, answer=answer):
        answer.version = version


def _score_again(changed: Sequence[QuizAnswer]) -> None:
    for answer in changed:
        attempt = answer.attempt
        attempt.score = (attempt.score or 0) + (1 if answer.is_correct else -1)
        attempt.percent = percent_of(score=attempt.score, max_score=attempt.max_score or 0)
    attempts = [answer.attempt for answer in changed]
    QuizAttempt.objects.bulk_update(attempts, ["score", "percent"], batch_size=500)


def _by_run(changed: Sequence[QuizAnswer]) -> list[tuple[CourseRun, set[int]]]:
    """Return the classes in question, each with the enrolments whose results changed."""
    ids = {answer.attempt.enrolment_id for answer in changed}
    by_run: dict[int, set[int]] = defaultdict(set)
    for pk, run_id in Enrolment.objects.filter(pk__in=ids).values_list("pk", "run"):
        by_run[run_id].add(pk)
    runs = CourseRun.objects.filter(pk__in=by_run).order_by("pk")
    return [(run, by_run[run.pk]) for run in runs]

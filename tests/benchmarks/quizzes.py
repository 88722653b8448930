"""Five hundred trainees hand in a quiz at once: none is lost, none counts twice."""

import time
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from courses.domain.judging import is_right
from courses.domain.quizzes import answers_of, start_attempt
from courses.models import CourseRun, Enrolment, Quiz, QuizAnswer, QuizAttempt
from tests.benchmarks.clients import CLIENTS, Post, post_all
from tests.benchmarks.enlarging import log_in, make_class
from tests.benchmarks.measures import Aim, Measure
from tests.benchmarks.serving import SUITE, web_server
from tests.benchmarks.timing import in_turns, timed

SIZE = 500
# Every tenth taps twice.
TWICE = 10


def handing_in() -> list[Measure]:
    """Hand in for everybody of a class, beside as many rows changed, each committed."""
    run = make_class(SIZE)
    people = list(run.enrolments.select_related("user", "run").order_by("pk"))
    quiz = Quiz.objects.filter(in_editions__edition=run.edition_id).order_by("pk").last()
    if quiz is None:
        raise RuntimeError("the class asks no quiz")
    cookies = [_log_in(person) for person in people]
    with web_server(SUITE) as suite:
        pair = in_turns(
            lambda: _hand_in_all(suite, run, quiz, people, cookies),
            timed(lambda: _change_all(people)),
            warm_up=0,
        )
    return [
        Measure(
            name=f"{SIZE} hand in a quiz from {CLIENTS} clients",
            value=f"{pair.job:.1f} s",
            floor_name=f"{SIZE} rows changed, each committed",
            floor=f"{pair.floor:.2f} s",
            ratio=pair.ratio,
            aims=(Aim("<=", 10, "s"),),
            figures={"s": pair.job},
        )
    ]


def _hand_in_all(
    suite: str, run: CourseRun, quiz: Quiz, people: Sequence[Enrolment], cookies: Sequence[str]
) -> float:
    """Return the seconds from the first tap to the last answer."""
    expected = dict(_answered(person, quiz) for person in people)
    posts = []
    for place, (attempt_id, cookie) in enumerate(zip(expected, cookies, strict=True)):
        post = Post(reverse("courses:quiz_submit", args=[attempt_id]), cookie, {})
        posts += [post, post] if place % TWICE == 0 else [post]
    begun = time.perf_counter()
    post_all(suite, posts)
    took = time.perf_counter() - begun
    _check(expected, run, quiz)
    return took


def _check(expected: Mapping[int, int], run: CourseRun, quiz: Quiz) -> None:
    handed_in = QuizAttempt.objects.submitted().filter(pk__in=expected)
    scores = dict(handed_in.values_list("pk", "score"))
    if scores != expected:
        raise AssertionError(f"only {len(scores)} of {len(expected)}, or others, were handed in")
    of_quiz = QuizAttempt.objects.filter(enrolment__run=run, quiz=quiz)
    if of_quiz.filter(submitted_at=None).exists():
        raise AssertionError("an attempt is open that nobody began")
    numbers = of_quiz.values("enrolment", "number").annotate(times=Count("pk"))
    if numbers.filter(times__gt=1).exists():
        raise AssertionError("an attempt counts twice")


def _answered(person: Enrolment, quiz: Quiz) -> tuple[int, int]:
    """Begin a quiz and tick what is right, as the person did before this second; return the
    attempt's id and its score to come.
    """
    attempt = start_attempt(enrolment=person, quiz=quiz, at=timezone.now())
    put = answers_of(attempt=attempt)
    for answer in put:
        answer.chosen = [one["id"] for one in answer.version.options if one["is_correct"]]
        answer.answered_at = timezone.now()
    QuizAnswer.objects.bulk_update(put, ["chosen", "answered_at"])
    score = sum(is_right(version=answer.version, answer=answer) for answer in put)
    return attempt.pk, score


def _change_all(people: Sequence[Enrolment]) -> None:
    for person in people:
        Enrolment.objects.filter(pk=person.pk).update(enrolled_at=person.enrolled_at)


def _log_in(person: Enrolment) -> str:
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={log_in(person.user).cookies[name].value}"

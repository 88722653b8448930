from types import SimpleNamespace

import pytest
from django.utils import translation

from courses.criteria import LessonsParamsForm, LessonsRead, QuizzesParamsForm, QuizzesPassed
from courses.extensions import completion_criteria
from courses.models import LessonPage, QuizAttempt
from tests.factories.courses import (
    EVENING,
    EnrolmentFactory,
    make_course,
    make_quiz,
    make_run,
    read_lessons,
    refreeze,
)
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.reading import numbers

pytestmark = pytest.mark.django_db


def figures(criterion, run, **params):
    """(achieved, required) of the only enrolment of the class."""
    row = criterion.annotate(
        run.enrolments.all(), run=run, params=criterion.default_params() | params
    ).get()
    result = criterion.judge(row, params=criterion.default_params() | params)
    return result.achieved, result.required


def attempt(enrolment, quiz, number, percent):
    QuizAttempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        number=number,
        started_at=EVENING,
        submitted_at=EVENING if percent is not None else None,
        score=0 if percent is not None else None,
        max_score=2 if percent is not None else None,
        percent=percent,
    )


def test_lessons_count_those_read_of_those_that_count(run, enrolment, module, lessons):
    read_lessons(enrolment, lessons[0])
    assert figures(LessonsRead(), run) == (1, 2)

    # Neither further reading, nor drafts, nor what stands in a module that is one.
    set_fields(lessons[0], is_required=False)
    refreeze()
    assert figures(LessonsRead(), run) == (0, 1)
    set_fields(lessons[0], is_required=True)
    lessons[0].unpublish()
    refreeze()
    assert figures(LessonsRead(), run) == (0, 1)
    module.unpublish()
    refreeze()
    assert figures(LessonsRead(), run) == (0, 0)


def test_lessons_share_is_rounded_up(edition):
    run = make_run(make_course(modules=1, lessons=3), unit("350"))
    EnrolmentFactory(run=run, unit=unit("13384"))

    assert figures(LessonsRead(), run, percent=80) == (0, 3)
    assert figures(LessonsRead(), run, percent=66) == (0, 2)


def test_lessons_of_other_people_and_courses_do_not_count(run, enrolment, lessons):
    other = make_course(code="khac")
    read_lessons(enrolment, LessonPage.objects.descendant_of(other).first())
    neighbour = EnrolmentFactory(run=make_run(run.course, unit("350")), unit=unit("13384"))
    read_lessons(neighbour, lessons[0])

    assert figures(LessonsRead(), run) == (0, 2)


def test_quizzes_take_the_best_own_attempt_by_the_pass_mark_of_the_class(run, enrolment, quiz):
    # Neither one that is open nor those of others.
    attempt(enrolment, quiz, 1, None)
    neighbour = EnrolmentFactory(run=make_run(run.course, unit("350")), unit=unit("13384"))
    attempt(neighbour, quiz, 1, 100)
    assert figures(QuizzesPassed(), run) == (0, 1)

    for number, percent in enumerate((69, 70, 0), start=2):
        attempt(enrolment, quiz, number, percent)
    assert figures(QuizzesPassed(), run) == (1, 1)
    assert figures(QuizzesPassed(), run, pass_percent=71) == (0, 1)


def test_quizzes_passed_twice_count_once(edition):
    run = make_run(make_course(modules=2), unit("350"))
    enrolment = EnrolmentFactory(run=run, unit=unit("13384"))
    first, _second = (make_quiz(module.specific) for module in run.course.get_children())
    attempt(enrolment, first, 1, 80)
    attempt(enrolment, first, 2, 90)

    assert figures(QuizzesPassed(), run) == (1, 2)


def test_quizzes_leave_out_unpublished_modules_and_empty_quizzes(run, enrolment, module, quiz):
    attempt(enrolment, quiz, 1, 100)
    module.unpublish()
    refreeze()

    assert figures(QuizzesPassed(), run) == (0, 0)

    module.save_revision().publish()
    quiz.quiz_questions.all().delete()
    refreeze()

    assert figures(QuizzesPassed(), run) == (0, 0)


@pytest.mark.parametrize(
    ("criterion", "achieved", "required", "figures"),
    [
        (LessonsRead(), 0, 0, []),
        (LessonsRead(), 30, 30, [30]),
        (LessonsRead(), 28, 30, [2, 28, 30]),
        (QuizzesPassed(), 0, 0, []),
        (QuizzesPassed(), 10, 10, [10]),
        (QuizzesPassed(), 9, 10, [1, 9, 10, 70]),
    ],
)
def test_explanation_names_the_figure_that_is_missing(criterion, achieved, required, figures):
    explained = criterion.explain(
        achieved=achieved, required=required, params=criterion.default_params()
    )

    assert (explained != "", numbers(explained)) == (True, figures)


def test_explanation_counts_one_in_english():
    with translation.override("en"):
        explained = LessonsRead().explain(achieved=1, required=2, params={"percent": 100})

    assert numbers(explained) == [1, 1, 2]
    assert "lessons" not in explained


@pytest.mark.parametrize("criterion", list(completion_criteria), ids=lambda one: one.key)
@pytest.mark.parametrize(
    ("achieved", "required", "met"), [(0, 0, False), (3, 0, False), (2, 3, False), (3, 3, True)]
)
def test_nothing_of_nothing_is_never_met(criterion, achieved, required, met):
    figures = {f"{criterion.key}_achieved": achieved, f"{criterion.key}_required": required}

    result = criterion.judge(SimpleNamespace(**figures), params=criterion.default_params())

    assert result.met is met


@pytest.mark.parametrize(
    ("form", "field"), [(LessonsParamsForm, "percent"), (QuizzesParamsForm, "pass_percent")]
)
@pytest.mark.parametrize(
    ("typed", "valid"), [("0", False), ("1", True), ("100", True), ("101", False)]
)
def test_params_are_a_percentage(form, field, typed, valid):
    assert form({field: typed}).is_valid() is valid
